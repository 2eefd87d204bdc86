using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.ServiceDefaults.Events;

/// <summary>What is known of an event beside its message.</summary>
/// <param name="Id">The event's id (UUIDv7), the same each time it is delivered.</param>
/// <param name="Topic">The topic it came by.</param>
/// <param name="Key">The aggregate's id.</param>
/// <param name="Time">When the change happened.</param>
/// <param name="IsReplay">It is read again to rebuild a read model: nobody is to be told anew.</param>
public sealed record EventContext(Guid Id, string Topic, string Key, DateTimeOffset Time, bool IsReplay);

/// <summary>
/// The effect of one kind of event in this service's database. Made anew for each event; takes the service's context, whose transaction also
/// holds the inbox row, so the effect happens exactly once. It calls no <c>SaveChanges</c> of its own and sends nothing to the outside.
/// </summary>
public interface IEventHandler<in TEvent> where TEvent : class, IMessage<TEvent>
{
    /// <summary>Adds the effect to the transaction. An exception is a failure: it is tried again, later dead-lettered.</summary>
    Task HandleAsync(TEvent message, EventContext context, CancellationToken cancel);
}

/// <summary>Which topics a service follows, and who handles their events.</summary>
public sealed class EventSubscriptions
{
    readonly Dictionary<string, Subscription> byTopic = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, Subscription> ByTopic => byTopic;

    /// <summary>Events of <paramref name="topic"/> go to a new <typeparamref name="THandler"/> each.</summary>
    public EventSubscriptions Handle<TEvent, THandler>(string topic) where TEvent : class, IMessage<TEvent>, new() where THandler : IEventHandler<TEvent>
    {
        var parser = new MessageParser<TEvent>(() => new TEvent());
        byTopic.Add(topic, new(new TEvent().Descriptor.FullName, (services, payload, context, cancel) =>
            ActivatorUtilities.CreateInstance<THandler>(services).HandleAsync(parser.ParseFrom(payload), context, cancel)));
        return this;
    }

    internal sealed record Subscription(string Type, Func<IServiceProvider, byte[], EventContext, CancellationToken, Task> Handle);
}

/// <summary>
/// Reads the topics of a service's subscriptions in the consumer group named like the service. The effect and the inbox row are one transaction; the
/// offset is committed after it. A failure is tried again with back-off.
/// </summary>
public sealed class EventConsumer<TContext>(
    string broker, string group, EventSubscriptions subscriptions, IServiceScopeFactory scopes, TimeProvider time, ILogger<EventConsumer<TContext>> log) : BackgroundService
    where TContext : DbContext
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => FollowAsync(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    async Task FollowAsync(CancellationToken cancel)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            AllowAutoCreateTopics = true,
            TopicMetadataRefreshIntervalMs = 2_000,
            FetchWaitMaxMs = 20,
            ReconnectBackoffMs = 100,
            ReconnectBackoffMaxMs = 1_000,
        }).SetErrorHandler((_, error) => log.LogWarning("Events do not arrive: {Reason}", error.Reason)).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(subscriptions.ByTopic.Keys);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(200)) is not { } record) continue;
                await ProcessAsync(record, cancel);
                consumer.Commit(record);
            }
            catch (KafkaException exception)
            {
                log.LogWarning("Events wait, {Reason}", exception.Error.Reason);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                break;
            }
        }
        consumer.Close();
    }

    async Task ProcessAsync(ConsumeResult<string, byte[]> record, CancellationToken cancel)
    {
        var headers = record.Message.Headers;
        var context = new EventContext(Guid.Parse(Read(headers, "id")), record.Topic, record.Message.Key, DateTimeOffset.Parse(Read(headers, "time"), CultureInfo.InvariantCulture), IsReplay: false);
        using var activity = new Activity("consume " + record.Topic).SetParentId(Read(headers, "traceparent")).Start();
        for (var attempt = 0; ; attempt++)
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<TContext>();
                await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
                {
                    db.ChangeTracker.Clear();
                    await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                    if (await db.Database.ExecuteSqlAsync($"insert into inbox values ({context.Id}, {context.Topic}, {time.GetUtcNow()}) on conflict do nothing", cancel) == 0) return;
                    await subscriptions.ByTopic[record.Topic].Handle(scope.ServiceProvider, record.Message.Value, context, cancel);
                    await db.SaveChangesAsync(cancel);
                    await transaction.CommitAsync(cancel);
                });
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(exception, "An event of {Topic} could not be handled", record.Topic);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 100 << Math.Min(attempt, 6))), time, cancel);
            }
    }

    static string Read(Headers headers, string name) => headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : "";
}

/// <summary>Registration of consumers.</summary>
public static class EventConsumerRegistration
{
    /// <summary>Follows events in the consumer group <paramref name="group"/> (the service's name), with effects in the database of <typeparamref name="TContext"/>.</summary>
    public static IHostApplicationBuilder AddEventConsumer<TContext>(
        this IHostApplicationBuilder builder, string group, Action<EventSubscriptions> subscribe, string brokerName = "broker") where TContext : DbContext
    {
        var subscriptions = new EventSubscriptions();
        subscribe(subscriptions);
        var broker = builder.Configuration.GetConnectionString(brokerName)
            ?? throw new InvalidOperationException($"ConnectionStrings:{brokerName} is not configured.");
        builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<EventConsumer<TContext>>(provider, broker, group, subscriptions));
        return builder;
    }
}
