using System.Globalization;

namespace Blog.DevBroker;

/// <summary>What can be set. Each is <c>--name value</c> on the command line or <c>BLOG_BROKER_NAME</c> in the environment; see the README.</summary>
sealed record BrokerOptions
{
    /// <summary>0 takes a free port, which the "ready" line names.</summary>
    public int Port { get; init; } = 9092;

    /// <summary>Address to listen on. "localhost" means both loopback addresses, 127.0.0.1 and ::1.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The address that clients are told to connect to (they connect twice: first to the bootstrap address, then to this one).</summary>
    public string AdvertisedHost { get; init; } = "127.0.0.1";

    /// <summary>0: the port that is listened on.</summary>
    public int AdvertisedPort { get; init; }

    public required string DataFolder { get; init; }
    public int DefaultPartitions { get; init; } = 4;
    public bool AutoCreateTopics { get; init; } = true;
    public IReadOnlyList<(string Name, int Partitions)> Topics { get; init; } = [];

    /// <summary>Defaults of the topic settings that CreateTopics and AlterConfigs change per topic.</summary>
    public TopicSettings TopicDefaults { get; init; } = new();

    public TimeSpan RetentionCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an acknowledged record may stay in the page cache before it is forced to the disk.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The first rebalance of an empty group waits this long for more members, so that starting three consumers costs one rebalance, not three.</summary>
    public TimeSpan InitialRebalanceDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A longer frame closes the connection (Kafka: <c>socket.request.max.bytes</c>).</summary>
    public int MaxRequestBytes { get; init; } = 32 << 20;

    public static BrokerOptions Parse(string[] args, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string>();
        var topics = new List<(string, int)>();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new BrokerStartException($"'{args[i]}' is not an option with a value");
            if (args[i] == "--topic")
                topics.Add(ParseTopic(args[i + 1]));
            else
                given[args[i][2..]] = args[i + 1];
        }

        var unused = new HashSet<string>(given.Keys);
        string? Text(string name)
        {
            unused.Remove(name);
            return given.GetValueOrDefault(name) ?? environment("BLOG_BROKER_" + name.Replace('-', '_').ToUpperInvariant());
        }

        long Number(string name, long fallback, long min, long max) => Text(name) is not { } text ? fallback
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= min && n <= max ? n
            : throw new BrokerStartException($"--{name} must be a number from {min} to {max}, not '{text}'");

        TimeSpan Milliseconds(string name, TimeSpan fallback) => TimeSpan.FromMilliseconds(Number(name, (long)fallback.TotalMilliseconds, 1, int.MaxValue));

        var d = new BrokerOptions { DataFolder = Text("data") ?? throw new BrokerStartException("--data (or BLOG_BROKER_DATA) must name the data folder") };
        var options = d with
        {
            Port = (int)Number("port", d.Port, 0, 65535),
            Host = Text("host") ?? d.Host,
            AdvertisedHost = Text("advertised-host") ?? d.AdvertisedHost,
            AdvertisedPort = (int)Number("advertised-port", d.AdvertisedPort, 0, 65535),
            DefaultPartitions = (int)Number("partitions", d.DefaultPartitions, 1, TopicCatalog.MaxPartitions),
            AutoCreateTopics = Number("auto-create", 1, 0, 1) == 1,
            Topics = topics,
            TopicDefaults = new TopicSettings
            {
                RetentionMs = Number("retention-ms", d.TopicDefaults.RetentionMs, -1, long.MaxValue),
                RetentionBytes = Number("retention-bytes", d.TopicDefaults.RetentionBytes, -1, long.MaxValue),
                SegmentBytes = Number("segment-bytes", d.TopicDefaults.SegmentBytes, TopicSettings.MinSegmentBytes, int.MaxValue),
                MaxMessageBytes = Number("max-message-bytes", d.TopicDefaults.MaxMessageBytes, 0, int.MaxValue),
            },
            RetentionCheck = Milliseconds("retention-check-ms", d.RetentionCheck),
            FlushInterval = Milliseconds("flush-ms", d.FlushInterval),
            InitialRebalanceDelay = Milliseconds("initial-rebalance-delay-ms", d.InitialRebalanceDelay),
            MaxRequestBytes = (int)Number("max-request-bytes", d.MaxRequestBytes, 1024, int.MaxValue - 4),
        };
        return unused.Count == 0 ? options : throw new BrokerStartException($"there is no option --{unused.First()}");
    }

    static (string, int) ParseTopic(string text) =>
        text.Split(':') is [var name, var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= TopicCatalog.MaxPartitions
            ? (name, n)
            : throw new BrokerStartException($"--topic takes name:partitions, not '{text}'");
}

/// <summary>A reason not to start that the person who started the broker can act on.</summary>
sealed class BrokerStartException(string message) : Exception(message);
