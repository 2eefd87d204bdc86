using System.Globalization;

namespace Blog.DevBroker;

/// <summary>The topic settings that have an effect here ("Topic-Level Configs" in the Kafka documentation). -1 means without limit.</summary>
sealed record TopicSettings
{
    public const int MinSegmentBytes = 1024;

    public long RetentionMs { get; init; } = 7 * 24 * 3600 * 1000L;
    public long RetentionBytes { get; init; } = 256L << 20;
    public long SegmentBytes { get; init; } = 16 << 20;
    public long MaxMessageBytes { get; init; } = (1 << 20) + 12;

    /// <summary>Settings that a single broker without compaction may accept and need not act on.</summary>
    static readonly HashSet<string> WithoutEffect =
    [
        "compression.type", "delete.retention.ms", "file.delete.delay.ms", "flush.messages", "flush.ms", "index.interval.bytes", "max.compaction.lag.ms",
        "message.format.version", "message.timestamp.difference.max.ms", "min.cleanable.dirty.ratio", "min.compaction.lag.ms", "min.insync.replicas",
        "preallocate", "segment.index.bytes", "segment.jitter.ms", "segment.ms", "unclean.leader.election.enable",
    ];

    public IReadOnlyDictionary<string, string> Describe() => new Dictionary<string, string>
    {
        ["cleanup.policy"] = "delete",
        ["retention.ms"] = Text(RetentionMs),
        ["retention.bytes"] = Text(RetentionBytes),
        ["segment.bytes"] = Text(SegmentBytes),
        ["max.message.bytes"] = Text(MaxMessageBytes),
    };

    /// <summary>These settings with <paramref name="config"/> laid over them, or the reason why that cannot be honoured.</summary>
    public (TopicSettings Settings, string? Refusal) With(IReadOnlyDictionary<string, string> config)
    {
        var result = this;
        foreach (var (name, value) in config)
        {
            var isNumber = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            switch (name)
            {
                case "retention.ms" when isNumber && number >= -1:
                    result = result with { RetentionMs = number };
                    break;
                case "retention.bytes" when isNumber && number >= -1:
                    result = result with { RetentionBytes = number };
                    break;
                case "segment.bytes" when isNumber && number is >= MinSegmentBytes and <= int.MaxValue:
                    result = result with { SegmentBytes = number };
                    break;
                case "max.message.bytes" when isNumber && number is >= 0 and <= int.MaxValue:
                    result = result with { MaxMessageBytes = number };
                    break;
                case "cleanup.policy" when value == "delete":
                case "message.timestamp.type" when value == "CreateTime":
                case var _ when WithoutEffect.Contains(name):
                    break;
                case "cleanup.policy":
                    return (this, "this broker does not compact logs: cleanup.policy must be delete");
                default:
                    return (this, $"'{value}' is not a value of the setting '{name}' that this broker supports");
            }
        }

        return (result, null);
    }

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
