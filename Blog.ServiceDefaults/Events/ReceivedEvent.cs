using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Google.Protobuf;

namespace Blog.ServiceDefaults.Events;

/// <summary>Names of the headers that an event travels with.</summary>
static class EventHeaders
{
    public const string Id = "id", Type = "type", Time = "time", Traceparent = "traceparent";
    /// <summary>The consumer group that a replay is for, or <see cref="EveryGroup"/>; absent: it is news.</summary>
    public const string ReplayFor = "replay-for";
    /// <summary>Which replay (UUID).</summary>
    public const string ReplayRun = "replay-run";
    public const string EveryGroup = "*";
    /// <summary>On dead letters: the event's own id, where it was found, and why it is here.</summary>
    public const string OriginId = "origin-id", OriginTopic = "origin-topic", OriginPartition = "origin-partition", OriginOffset = "origin-offset", Reason = "reason", Error = "error";
}

/// <summary>An event as it was found in the log, or in the table of dead letters.</summary>
sealed record ReceivedEvent
{
    /// <summary>What makes it known as a repetition: the event's id; for a replay one per event and replay; for a record without an id one made of place and bytes.</summary>
    public required Guid InboxId { get; init; }
    public required EventContext Context { get; init; }
    public required int Partition { get; init; }
    public required long Offset { get; init; }
    public required string Type { get; init; }
    public required byte[] Payload { get; init; }
    public string? Traceparent { get; init; }
    /// <summary>The parsed payload; null when <see cref="Unreadable"/> says why there is none.</summary>
    public IMessage? Message { get; init; }
    public string? Unreadable { get; init; }
    /// <summary>A replay that another service asked for.</summary>
    public bool IsForOthers { get; init; }

    public string Topic => Context.Topic;
    public string Key => Context.Key;

    /// <summary>Never throws: what cannot be understood says so in <see cref="Unreadable"/>.</summary>
    public static ReceivedEvent Read(ConsumeResult<string, byte[]> record, EventSubscriptions.Subscription subscription, string group, TimeProvider time)
    {
        var headers = record.Message.Headers;
        var payload = record.Message.Value ?? [];
        var type = Text(headers, EventHeaders.Type) ?? "";
        var replayFor = Text(headers, EventHeaders.ReplayFor);
        var hasId = Guid.TryParse(Text(headers, EventHeaders.Id), out var id);
        var hasTime = DateTimeOffset.TryParse(Text(headers, EventHeaders.Time), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var happened);
        if (!hasId) id = Derived($"{record.Topic}/{record.Partition.Value}/{record.Offset.Value}/", payload);
        var (message, problem) = !hasId ? (null, "It has no header 'id' with a UUID.")
            : !hasTime ? (null, "It has no header 'time' with a date and time (RFC 3339).")
            : string.IsNullOrEmpty(record.Message.Key) ? (null, "It has no key.")
            : Parse(subscription, type, payload);
        return new()
        {
            InboxId = Guid.TryParse(Text(headers, EventHeaders.ReplayRun), out var run) ? Derived(run.ToString(), id.ToByteArray()) : id,
            Context = new(id, record.Topic, Storable(record.Message.Key ?? ""), hasTime ? happened : time.GetUtcNow(), replayFor is not null),
            Partition = record.Partition.Value,
            Offset = record.Offset.Value,
            Type = type,
            Payload = payload,
            Traceparent = Text(headers, EventHeaders.Traceparent),
            Message = message,
            Unreadable = problem,
            IsForOthers = replayFor is not null && replayFor != EventHeaders.EveryGroup && replayFor != group,
        };
    }

    /// <summary>The message, or why there is none: another type (a newer version has another name), or bytes that are not one.</summary>
    public static (IMessage? Message, string? Problem) Parse(EventSubscriptions.Subscription subscription, string type, byte[] payload)
    {
        if (type != subscription.Type) return (null, $"Its type is '{type}'; this service knows '{subscription.Type}' here.");
        try
        {
            return (subscription.Parse(payload), null);
        }
        catch (InvalidProtocolBufferException exception)
        {
            return (null, $"Its payload is not a {type}: {exception.Message}");
        }
    }

    /// <summary>The span of its handling, in the trace of the request that caused it.</summary>
    public Activity? StartActivity()
    {
        ActivityContext.TryParse(Traceparent, null, isRemote: true, out var parent);
        return EventTelemetry.Source.StartActivity("handle " + Topic, ActivityKind.Consumer, parent,
            [new("messaging.destination.name", Topic), new("messaging.message.id", Context.Id), new("messaging.kafka.message.key", Key), new("messaging.kafka.offset", Offset)]);
    }

    static string? Text(Headers? headers, string name) => headers is not null && headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Storable(Encoding.UTF8.GetString(bytes)) : null;

    /// <summary>PostgreSQL's text holds every character but NUL.</summary>
    static string Storable(string text) => text.Replace('\0', '\uFFFD');

    static Guid Derived(string prefix, byte[] bytes) => new(SHA256.HashData([.. Encoding.UTF8.GetBytes(prefix), .. bytes]).AsSpan(0, 16));
}
