using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Blog.Notifications.Data;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Net;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.WebSub;

/// <summary>
/// Asks callbacks whether they want what was requested in their name, and brings the content of feeds with news to their subscribers. Each step is a claim, an exchange and
/// an outcome; a claim says until when its worker is believed to be alive, so any number of instances work side by side and what one leaves behind another takes up.
/// </summary>
sealed partial class HubWorker(
    IServiceScopeFactory scopes, IHttpClientFactory clients, PublicInternet internet, IConfiguration configuration, TimeProvider time, ILogger<HubWorker> log) : BackgroundService
{
    /// <summary>The client that reads the site itself: what subscribers get is made anew, not what somebody kept.</summary>
    public const string Site = "websub-site";

    const int AtOnce = 32, Connections = 8, MaxQuestions = 3, MaxAttempts = 8;

    /// <summary>Longer than an exchange may take, with room for those of a claim that wait for a connection.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(25), Look = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromHours(1), Tidy = TimeSpan.FromHours(1);

    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Delivered = Meter.CreateCounter<long>("blog.websub.deliveries", "{request}", "Content sent to WebSub subscribers by outcome.");

    readonly HttpClient outside = internet.CreateClient();
    readonly string hub = configuration.PublicOrigin() + "/websub";
    DateTimeOffset tidied;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                while (await AskAsync(stoppingToken) | await SpreadAsync(stoppingToken) | await DeliverAsync(stoppingToken))
                {
                }
                await TidyAsync(stoppingToken);
                await Task.Delay(Look, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                LogWaits(problem);
                await Task.Delay(Look, time, stoppingToken);
            }
    }

    sealed record Request(Guid Id, byte[] AddressKey, bool Subscribe, string Topic, string Callback, short FeedKind, string FeedKey, string Secret, int LeaseSeconds, int Attempts);

    /// <summary>Verification of intent (section 5.3); false when nobody is to be asked.</summary>
    async Task<bool> AskAsync(CancellationToken cancel)
    {
        var (now, until) = Claim();
        var requests = await InDatabaseAsync(db => db.Database.SqlQuery<Request>($"""
            update websub_requests set due_time = {until}, attempts = attempts + 1
            where id in (select id from websub_requests where due_time <= {now} order by due_time limit {AtOnce} for update skip locked)
            returning id as "Id", address_key as "AddressKey", subscribe as "Subscribe", topic as "Topic", callback as "Callback", feed_kind as "FeedKind", feed_key as "FeedKey",
                secret as "Secret", lease_seconds as "LeaseSeconds", attempts as "Attempts"
            """).ToListAsync(cancel));
        await EachAsync(requests, until, async (request, stop) => await SettleAsync(request, await IsConfirmedAsync(request, stop)), cancel);
        return requests.Count > 0;
    }

    /// <summary>Null: there was no answer that says anything.</summary>
    async Task<bool?> IsConfirmedAsync(Request request, CancellationToken cancel)
    {
        var challenge = RandomNumberGenerator.GetHexString(40, lowercase: true);
        var question = $"hub.mode={(request.Subscribe ? "subscribe" : "unsubscribe")}&hub.topic={Uri.EscapeDataString(request.Topic)}&hub.challenge={challenge}"
            + (request.Subscribe ? $"&hub.lease_seconds={request.LeaseSeconds}" : "");
        var callback = new UriBuilder(request.Callback);
        callback.Query = callback.Query.Length > 1 ? $"{callback.Query[1..]}&{question}" : question;
        try
        {
            using var response = await outside.GetAsync(callback.Uri, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError) return null;
            return response.IsSuccessStatusCode && await BeginsWithAsync(response, challenge, cancel);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException || (problem is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Whether the body is the challenge; no more of it is read than that takes.</summary>
    static async Task<bool> BeginsWithAsync(HttpResponseMessage response, string challenge, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var bytes = new byte[challenge.Length + 2];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return Encoding.ASCII.GetString(bytes, 0, length).TrimEnd('\r', '\n') == challenge;
    }

    /// <summary>Recorded even when the service is being stopped: it was asked. Nothing happens when a newer request has taken this one's place.</summary>
    Task<int> SettleAsync(Request request, bool? confirmed) => InDatabaseAsync(async db =>
    {
        var now = time.GetUtcNow();
        if (confirmed is null && request.Attempts < MaxQuestions)
            return await db.Database.ExecuteSqlAsync($"update websub_requests set due_time = {now + Pause(request.Attempts)} where id = {request.Id}");
        if (confirmed is not true)
            return await db.Database.ExecuteSqlAsync($"delete from websub_requests where id = {request.Id}");
        if (!request.Subscribe)
            return await db.Database.ExecuteSqlAsync($"""
                with asked as (delete from websub_requests where id = {request.Id} returning address_key)
                delete from websub_subscriptions using asked where websub_subscriptions.address_key = asked.address_key
                """);
        return await db.Database.ExecuteSqlAsync($"""
            with asked as (delete from websub_requests where id = {request.Id} returning *)
            insert into websub_subscriptions (id, address_key, topic, callback, feed_kind, feed_key, secret, lease_until, version, attempts)
            select id, address_key, topic, callback, feed_kind, feed_key, secret, {now.AddSeconds(request.LeaseSeconds)}, 0, 0 from asked
            on conflict (address_key) do update set feed_kind = excluded.feed_kind, feed_key = excluded.feed_key, secret = excluded.secret, lease_until = excluded.lease_until
            """);
    });

    /// <summary>One feed with news: its subscriptions are due. False when there is none.</summary>
    async Task<bool> SpreadAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return await InDatabaseAsync(db => db.Database.ExecuteSqlAsync($"""
            with feed as (
                update websub_feeds set due_time = null, told_time = {now}
                where (feed_kind, feed_key) in (select feed_kind, feed_key from websub_feeds where due_time <= {now} order by due_time limit 1 for update skip locked)
                returning feed_kind, feed_key)
            update websub_subscriptions s set version = version + 1, due_time = coalesce(s.due_time, {now}), attempts = case when s.due_time is null then 0 else s.attempts end
            from feed where s.feed_kind = feed.feed_kind and s.feed_key = feed.feed_key and s.lease_until > {now}
            """, cancel)) > 0;
    }

    sealed record Due(Guid Id, string Topic, string Callback, string Secret, long Version, int Attempts);

    sealed record Document(byte[] Bytes, string Type);

    /// <summary>Content distribution (section 7); false when nobody is due.</summary>
    async Task<bool> DeliverAsync(CancellationToken cancel)
    {
        var (now, until) = Claim();
        var due = await InDatabaseAsync(db => db.Database.SqlQuery<Due>($"""
            update websub_subscriptions set due_time = {until}, attempts = attempts + 1
            where id in (select id from websub_subscriptions where due_time <= {now} order by due_time limit {AtOnce} for update skip locked)
            returning id as "Id", topic as "Topic", callback as "Callback", secret as "Secret", version as "Version", attempts as "Attempts"
            """).ToListAsync(cancel));
        // All of a claim that ask for the same feed get the same bytes.
        foreach (var feed in due.GroupBy(subscription => subscription.Topic))
        {
            var content = await ReadAsync(feed.Key, cancel);
            await EachAsync([.. feed], until, async (subscription, stop) =>
            {
                var outcome = content switch
                {
                    { Document: { } document } => await SendAsync(subscription, document, stop),
                    { IsGone: true } => Outcome.Done,
                    _ => Outcome.Failed,
                };
                await RecordAsync(subscription, outcome);
                Delivered.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
            }, cancel);
        }
        return due.Count > 0;
    }

    /// <summary>The feed as it is now. Neither: it cannot be had at the moment.</summary>
    async Task<(Document? Document, bool IsGone)> ReadAsync(string topic, CancellationToken cancel)
    {
        try
        {
            using var response = await clients.CreateClient(Site).GetAsync(new Uri(new Uri(topic).PathAndQuery, UriKind.Relative), cancel);
            return response.IsSuccessStatusCode
                ? (new(await response.Content.ReadAsByteArrayAsync(cancel), response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream"), false)
                : (null, response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException || (problem is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return (null, false);
        }
    }

    enum Outcome { Done, Failed, Unwanted }

    async Task<Outcome> SendAsync(Due subscription, Document document, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, subscription.Callback) { Content = new ByteArrayContent(document.Bytes) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(document.Type);
        request.Headers.TryAddWithoutValidation("Link", $"<{hub}>; rel=\"hub\", <{subscription.Topic}>; rel=\"self\"");
        if (subscription.Secret.Length > 0)
            request.Headers.TryAddWithoutValidation("X-Hub-Signature", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(subscription.Secret), document.Bytes))}");
        try
        {
            using var response = await outside.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return response.IsSuccessStatusCode ? Outcome.Done : response.StatusCode is HttpStatusCode.Gone ? Outcome.Unwanted : Outcome.Failed;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException || (problem is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return Outcome.Failed;
        }
    }

    /// <summary>Recorded even when the service is being stopped: it was sent. What came meanwhile is due at once.</summary>
    Task<int> RecordAsync(Due subscription, Outcome outcome) => InDatabaseAsync(db =>
    {
        var now = time.GetUtcNow();
        return outcome switch
        {
            Outcome.Unwanted => db.Database.ExecuteSqlAsync($"delete from websub_subscriptions where id = {subscription.Id}"),
            Outcome.Failed when subscription.Attempts < MaxAttempts => db.Database.ExecuteSqlAsync($"update websub_subscriptions set due_time = {now + Pause(subscription.Attempts)} where id = {subscription.Id}"),
            // Done, or given up: the next news is tried anew.
            _ => db.Database.ExecuteSqlAsync($"update websub_subscriptions set due_time = case when version > {subscription.Version} then {now} end, attempts = 0 where id = {subscription.Id}"),
        };
    });

    (DateTimeOffset Now, DateTimeOffset Until) Claim()
    {
        var now = time.GetUtcNow();
        return (now, now + Lease);
    }

    /// <summary>Several at a time, each by itself: what fails waits for the next claim. So does what cannot be begun in time, so that no two ever do the same.</summary>
    Task EachAsync<T>(IReadOnlyCollection<T> items, DateTimeOffset until, Func<T, CancellationToken, Task> work, CancellationToken cancel) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancel }, async (item, stop) =>
        {
            if (time.GetUtcNow() + Patience > until) return;
            try
            {
                await work(item, stop);
            }
            catch (Exception problem) when (problem is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                LogWaits(problem);
            }
        });

    /// <summary>5 s, 20 s, 80 s … up to an hour.</summary>
    static TimeSpan Pause(int attempt) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 5L << (2 * Math.Min(attempt - 1, 10))));

    async Task TidyAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (now - tidied < Tidy) return;
        await InDatabaseAsync(db => db.Database.ExecuteSqlAsync($"delete from websub_subscriptions where lease_until <= {now}", cancel));
        await InDatabaseAsync(db => db.Database.ExecuteSqlAsync($"delete from websub_feeds where due_time is null and told_time < {now - Tidy}", cancel));
        tidied = now;
    }

    async Task<T> InDatabaseAsync<T>(Func<NotificationsDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<NotificationsDbContext>());
    }

    public override void Dispose()
    {
        outside.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "WebSub subscribers wait")]
    partial void LogWaits(Exception problem);
}

static class HubRegistration
{
    public static void AddHub(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(HubWorker.Site, client =>
        {
            client.BaseAddress = new("http://site");
            client.Timeout = TimeSpan.FromSeconds(20);
        });
        builder.Services.AddHostedService<HubWorker>();
    }
}
