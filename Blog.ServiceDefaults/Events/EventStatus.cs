using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>How a service stands with its events.</summary>
/// <param name="Waiting">Events in the outbox that the broker has not acknowledged.</param>
/// <param name="OldestWaiting">How long the oldest of them waits.</param>
/// <param name="WaitingAgain">Those of them that were there before.</param>
/// <param name="Topics">What it follows.</param>
/// <param name="BrokerProblem">Why lag and age are unknown; null: they are known.</param>
sealed record EventReport(long Waiting, TimeSpan OldestWaiting, long WaitingAgain, IReadOnlyList<TopicReport> Topics, string? BrokerProblem);

/// <summary>How far a service is with a topic: by all its instances together.</summary>
sealed record TopicReport(string Topic, int Partitions, long Lag, TimeSpan Age, long DeadLetters);

/// <summary>
/// Tells how the service stands, from the outbox, the broker's log and what the group committed there; so whichever instance is asked, the answer is for all.
/// Looks four times a minute for the metrics <c>blog.outbox.waiting</c>, <c>blog.outbox.oldest</c>, <c>blog.events.lag</c>, <c>blog.events.age</c> and <c>blog.events.dead_letters</c>.
/// </summary>
sealed class EventStatus : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(15), RecordPatience = TimeSpan.FromSeconds(1);

    readonly OutboxSettings outbox;
    readonly EventConsumerSettings? consumer;
    readonly IReadOnlyCollection<string> topics;
    readonly IDeadLetters? deadLetters;
    readonly TimeProvider time;
    readonly ILogger<EventStatus> log;
    readonly SemaphoreSlim oneAtATime = new(1);
    IConsumer<Ignore, Ignore>? reader;
    volatile EventReport? last;

    public EventStatus(IServiceProvider services, OutboxSettings outbox, TimeProvider time, ILogger<EventStatus> log)
    {
        (this.outbox, this.time, this.log) = (outbox, time, log);
        consumer = services.GetService<EventConsumerSettings>();
        topics = services.GetService<EventSubscriptions>()?.ByTopic.Keys.Order(StringComparer.Ordinal).ToArray() ?? [];
        deadLetters = services.GetService<IDeadLetters>();
        var meter = EventTelemetry.Meter;
        meter.CreateObservableGauge("blog.outbox.waiting", () => Outbox(report => report.Waiting), "{event}", "Events that the broker has not acknowledged.");
        meter.CreateObservableGauge("blog.outbox.oldest", () => Outbox(report => report.OldestWaiting.TotalSeconds), "s", "How long the oldest of them waits.");
        meter.CreateObservableGauge("blog.events.lag", () => Followed(topic => topic.Lag), "{event}", "Events not settled yet, by topic.");
        meter.CreateObservableGauge("blog.events.age", () => Followed(topic => topic.Age.TotalSeconds), "s", "Since the oldest of them happened, by topic.");
        meter.CreateObservableGauge("blog.events.dead_letters", () => Followed(topic => topic.DeadLetters), "{event}", "Events put aside, by topic.");
    }

    IEnumerable<Measurement<T>> Outbox<T>(Func<EventReport, T> value) where T : struct => last is { } report ? [new(value(report), new KeyValuePair<string, object?>("service", outbox.Service))] : [];

    IEnumerable<Measurement<T>> Followed<T>(Func<TopicReport, T> value) where T : struct =>
        last?.Topics.Select(topic => new Measurement<T>(value(topic), EventTelemetry.Of(topic.Topic), new("service", outbox.Service))) ?? [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                try
                {
                    await ReadAsync(stoppingToken);
                }
                catch (NpgsqlException exception)
                {
                    log.LogDebug("How the service stands is not known, {Reason}", exception.Message);
                }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    /// <summary>How it stands now.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<EventReport> ReadAsync(CancellationToken cancel)
    {
        await oneAtATime.WaitAsync(cancel);
        try
        {
            var (waiting, oldest, again) = await ReadOutboxAsync(cancel);
            var dead = deadLetters is null ? new Dictionary<string, long>() : await deadLetters.CountAsync(cancel);
            IReadOnlyList<TopicReport> followed;
            string? problem = null;
            try
            {
                followed = await Task.Run(() => ReadTopics(dead), cancel);
            }
            catch (KafkaException exception)
            {
                problem = exception.Error.Reason;
                followed = [.. topics.Select(topic => new TopicReport(topic, 0, 0, TimeSpan.Zero, dead.GetValueOrDefault(topic)))];
            }
            return last = new(waiting, oldest, again, followed, problem);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    async Task<(long Waiting, TimeSpan Oldest, long Again)> ReadOutboxAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(outbox.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var select = new NpgsqlCommand(
            "SELECT count(*), min(created_at) FILTER (WHERE replay_for IS NULL), count(*) FILTER (WHERE replay_for IS NOT NULL) FROM outbox WHERE published_at IS NULL", connection);
        await using var row = await select.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return (row.GetInt64(0), row.IsDBNull(1) ? TimeSpan.Zero : time.GetUtcNow() - row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2));
    }

    List<TopicReport> ReadTopics(IReadOnlyDictionary<string, long> dead)
    {
        if (consumer is null) return [];
        // It has the group's name to see what the group committed, and never joins it.
        reader ??= new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = consumer.Broker, GroupId = consumer.Group, EnableAutoCommit = false, AllowAutoCreateTopics = false })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(reader.Handle).Build();
        var partitions = admin.GetMetadata(Events.Topics.BrokerPatience).Topics.Where(topic => topics.Contains(topic.Topic))
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))).ToList();
        var open = reader.Committed(partitions, Events.Topics.BrokerPatience).Select(committed =>
        {
            var log = reader.QueryWatermarkOffsets(committed.TopicPartition, Events.Topics.BrokerPatience);
            var next = Math.Max(committed.Offset.Value, log.Low.Value);
            return (committed.TopicPartition, Next: next, Lag: Math.Max(0, log.High.Value - next));
        }).ToList();
        var now = time.GetUtcNow();
        return [.. topics.Select(topic =>
        {
            var own = open.Where(p => p.TopicPartition.Topic == topic).ToList();
            var behind = own.Where(p => p.Lag > 0).Select(p => new TopicPartitionOffset(p.TopicPartition, p.Next)).ToList();
            return new TopicReport(topic, own.Count, own.Sum(p => p.Lag), behind.Count == 0 ? TimeSpan.Zero : now - Oldest(behind, now), dead.GetValueOrDefault(topic));
        })];
    }

    /// <summary>When the first unsettled event of each partition happened, as its header says: the oldest of these.</summary>
    DateTimeOffset Oldest(List<TopicPartitionOffset> behind, DateTimeOffset now)
    {
        reader!.Assign(behind);
        try
        {
            var (oldest, left) = (now, behind.Select(p => p.TopicPartition).ToHashSet());
            while (left.Count > 0 && reader.Consume(RecordPatience) is { Message: not null } record)
                if (left.Remove(record.TopicPartition) && record.Message.Headers.TryGetLastBytes(EventHeaders.Time, out var text)
                    && DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var happened) && happened < oldest)
                    oldest = happened;
            return oldest;
        }
        finally
        {
            reader.Unassign();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Twice: as a singleton and as a hosted service.
        base.Dispose();
        Interlocked.Exchange(ref reader, null)?.Dispose();
        oneAtATime.Dispose();
    }
}
