using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Blog.Bff.Api;
using Blog.Bff.Sessions;
using Blog.Notifications.V1;
using Blog.ServiceDefaults;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Channel = System.Threading.Channels.Channel;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;
using NotificationsClient = Blog.Notifications.V1.Notifications.NotificationsClient;

namespace Blog.Bff.Live;

/// <summary>The data of an event named <c>bell</c>.</summary>
/// <param name="Changes">Notifications that are new or changed, each as it is now.</param>
/// <param name="Reset">Too much was missed: load the list anew.</param>
public sealed record LiveUpdate(Api.Bell Bell, IReadOnlyList<NotificationItem> Changes, bool Reset);

/// <summary>Configuration <c>Blog:Live</c>.</summary>
sealed class LiveOptions
{
    public int StreamsPerPerson { get; set; } = 10;
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(20);
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(30);
}

/// <summary>
/// Every open browser stream of this instance, fed by one gRPC stream to Notifications. When that breaks, each is subscribed again after what it was
/// given last; when this process ends, the browser comes back with the last id it saw. Nothing is kept here that anybody would miss.
/// </summary>
sealed class LiveBells(
    IServiceScopeFactory scopes, SessionStore sessions, SessionTokens tokens, IOptions<LiveOptions> options, IOptions<JsonOptions> json, TimeProvider time,
    ILogger<LiveBells> log) : BackgroundService
{
    static readonly ReadOnlyMemory<byte> HeartbeatComment = ":\n\n"u8.ToArray();
    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>("blog.live.streams", "{stream}", "Open streams of browsers.");

    readonly ConcurrentDictionary<long, LiveConnection> connections = new();
    readonly ConcurrentDictionary<string, int> perPerson = new(StringComparer.Ordinal);
    /// <summary>What is to be said to Notifications: a connection to subscribe, or (negative) to forget. Begun anew with each gRPC stream.</summary>
    volatile Channel<long>? asking;
    readonly SemaphoreSlim wanted = new(0, 1);
    long lastId;

    /// <summary>Null: the person has as many as are allowed.</summary>
    public LiveConnection? Connect(LiveSession session, long? after)
    {
        var person = session.Session.Subject;
        if (perPerson.AddOrUpdate(person, 1, (_, count) => count + 1) > options.Value.StreamsPerPerson)
        {
            Leave(person);
            return null;
        }
        var lifetime = options.Value.Lifetime * (0.9 + 0.2 * Random.Shared.NextDouble());
        var connection = new LiveConnection(Interlocked.Increment(ref lastId), session, after, (time.GetUtcNow() + lifetime).UtcTicks);
        connections[connection.Id] = connection;
        Open.Add(1);
        if (asking is { } channel) channel.Writer.TryWrite(connection.Id);
        if (wanted.CurrentCount == 0) Wake();
        return connection;
    }

    public void Disconnect(LiveConnection connection)
    {
        if (!connections.TryRemove(connection.Id, out _)) return;
        connection.End();
        Leave(connection.Person);
        Open.Add(-1);
        asking?.Writer.TryWrite(-connection.Id);
    }

    void Leave(string person)
    {
        while (perPerson.TryGetValue(person, out var count))
            if (count > 1 ? perPerson.TryUpdate(person, count - 1, count) : perPerson.TryRemove(new(person, count))) return;
    }

    void Wake()
    {
        try
        {
            wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was as quick.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Browsers are let go first: an open stream would keep the server from stopping.
        stoppingToken.Register(() =>
        {
            foreach (var connection in connections.Values) connection.End();
        });
        sessions.SessionEnded += id =>
        {
            foreach (var connection in connections.Values)
                if (connection.Session.Id == id) connection.End();
        };
        return Task.WhenAll(FollowAsync(stoppingToken), BeatAsync(stoppingToken));
    }

    async Task FollowAsync(CancellationToken cancel)
    {
        var failures = 0;
        while (!cancel.IsCancellationRequested)
            try
            {
                if (connections.IsEmpty) await wanted.WaitAsync(cancel);
                await using var scope = scopes.CreateAsyncScope();
                using var call = scope.ServiceProvider.GetRequiredService<NotificationsClient>().Watch(cancellationToken: cancel);
                var channel = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true });
                asking = channel;
                foreach (var id in connections.Keys) channel.Writer.TryWrite(id);
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                var saying = AskAsync(channel.Reader, call.RequestStream, ending.Token);
                try
                {
                    await foreach (var response in call.ResponseStream.ReadAllAsync(cancel))
                    {
                        failures = 0;
                        await ShowAsync(response.Updates, scope.ServiceProvider.GetRequiredService<NotificationItems>(), cancel);
                    }
                }
                finally
                {
                    asking = null;
                    await ending.CancelAsync();
                    await saying.ContinueWith(_ => { }, TaskScheduler.Default);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                var pause = TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(failures, 6)) * (0.75 + 0.5 * Random.Shared.NextDouble()));
                if (failures++ == 0) log.LogWarning("Live streams wait for Notifications: {Reason}", exception.Message);
                await Task.Delay(pause, time, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    async Task AskAsync(ChannelReader<long> ids, IClientStreamWriter<WatchRequest> requests, CancellationToken cancel)
    {
        await foreach (var id in ids.ReadAllAsync(cancel))
        {
            if (id < 0)
            {
                await requests.WriteAsync(new() { Unsubscribe = -id }, cancel);
                continue;
            }
            if (!connections.TryGetValue(id, out var connection)) continue;
            if (await tokens.EnsureAsync(connection.Session, cancel) != SessionTokens.Outcome.Ready)
            {
                connection.End();
                continue;
            }
            var subscribe = new WatchRequest.Types.Subscribe { Subscription = id, AccessToken = connection.Session.Session.AccessToken };
            if (connection.Sent is { } sent) subscribe.After = sent;
            await requests.WriteAsync(new() { Subscribe = subscribe }, cancel);
        }
    }

    async Task ShowAsync(IReadOnlyCollection<WatchResponse.Types.Update> updates, NotificationItems items, CancellationToken cancel)
    {
        var shown = updates.Select(update => (Update: update, Connection: connections.GetValueOrDefault(update.Subscription))).Where(pair => pair.Connection is not null).ToArray();
        var profiles = await items.ProfilesAsync(shown.SelectMany(pair => NotificationItems.IdsIn(pair.Update.Changes, pair.Connection!.Person)), cancel);
        foreach (var (update, connection) in shown)
        {
            if (update.Ended)
            {
                connection!.End();
                continue;
            }
            connection!.Sent = update.Bell.Sequence;
            var data = new LiveUpdate(Api.Bell.From(update.Bell), [.. update.Changes.Select(change => NotificationItems.From(change, connection.Person, profiles))], update.Reset);
            connection.Write(Event(update.Bell.Sequence, data));
        }
    }

    ReadOnlyMemory<byte> Event(long id, LiveUpdate data) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"id: {id}\nevent: bell\ndata: {JsonSerializer.Serialize(data, json.Value.SerializerOptions)}\n\n"));

    /// <summary>Proves to proxies and browsers that the stream lives, and ends those whose session or time is over.</summary>
    async Task BeatAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                foreach (var connection in connections.Values)
                {
                    var (known, live) = await sessions.FindAsync(connection.Session.Secret);
                    if ((known && live is null) || connection.EndsAt < time.GetUtcNow().UtcTicks) connection.End();
                    else connection.Write(HeartbeatComment);
                }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The end.
        }
    }
}
