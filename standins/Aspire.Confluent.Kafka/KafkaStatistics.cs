using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// Makes metrics of the statistics that librdkafka emits (STATISTICS.md of librdkafka names the fields): running totals per client,
/// under the instrument names of the official package.
/// </summary>
sealed class KafkaStatistics
{
    /// <summary>Often enough for charts, and too rare to be seen in an idle process.</summary>
    public const int DefaultIntervalMs = 10_000;

    const string MeterName = "Aspire.Confluent.Kafka";

    static readonly (string Field, string Instrument, string Description)[] Totals =
    [
        ("tx", "messaging.kafka.network.tx", "Requests sent to brokers"),
        ("tx_bytes", "messaging.kafka.network.transmitted", "Bytes sent to brokers"),
        ("rx", "messaging.kafka.network.rx", "Responses received from brokers"),
        ("rx_bytes", "messaging.kafka.network.received", "Bytes received from brokers"),
        ("txmsgs", "messaging.publish.messages", "Messages produced"),
        ("txmsg_bytes", "messaging.kafka.message.transmitted", "Bytes of messages produced"),
        ("rxmsgs", "messaging.receive.messages", "Messages consumed"),
        ("rxmsg_bytes", "messaging.kafka.message.received", "Bytes of messages consumed"),
    ];

    readonly ConcurrentDictionary<string, Snapshot> _clients = new(StringComparer.Ordinal);

    public KafkaStatistics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        for (var i = 0; i < Totals.Length; i++)
        {
            var total = i;
            meter.CreateObservableCounter(Totals[i].Instrument, () => Read(client => client.Totals[total]), description: Totals[i].Description);
        }
        meter.CreateObservableGauge("messaging.kafka.message.queue.message_count", () => Read(client => client.Queued), description: "Messages in the producer's queue");
    }

    public static void AddTo(IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<KafkaStatistics>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(MeterName));
    }

    /// <summary>Takes what one client emitted.</summary>
    public void Add(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        _clients[root.GetProperty("name").GetString() ?? ""] = new Snapshot(
            root.GetProperty("type").GetString(),
            root.TryGetProperty("msg_cnt", out var queued) ? queued.GetInt64() : 0,
            [.. Totals.Select(total => root.TryGetProperty(total.Field, out var value) ? value.GetInt64() : 0)]);
    }

    IEnumerable<Measurement<long>> Read(Func<Snapshot, long> value)
        => _clients.Select(client => new Measurement<long>(value(client.Value), new("messaging.client_id", client.Key), new("type", client.Value.Type)));

    sealed record Snapshot(string? Type, long Queued, long[] Totals);
}
