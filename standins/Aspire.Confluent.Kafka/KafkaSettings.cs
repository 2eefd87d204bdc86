using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Settings of a producer, read from <c>Aspire:Confluent:Kafka:Producer[:{name}]</c>.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>The bootstrap servers; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The producer's own configuration (section <c>Config</c>).</summary>
    public ProducerConfig Config { get; } = new();

    /// <summary>Switches off the metrics, and leaves the statistics handler to the application.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Kept for compatibility: the publisher makes its own spans.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Switches off the health check.</summary>
    public bool DisableHealthChecks { get; set; }
}

/// <summary>Settings of a consumer, read from <c>Aspire:Confluent:Kafka:Consumer[:{name}]</c>.</summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>The bootstrap servers; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The consumer's own configuration (section <c>Config</c>).</summary>
    public ConsumerConfig Config { get; } = new();

    /// <summary>Switches off the metrics, and leaves the statistics handler to the application.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Kept for compatibility: the consuming loop makes its own spans.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Switches off the health check.</summary>
    public bool DisableHealthChecks { get; set; }
}
