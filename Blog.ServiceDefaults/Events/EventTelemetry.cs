using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Blog.ServiceDefaults.Events;

/// <summary>Spans and instruments of the backbone, under the platform's name.</summary>
static class EventTelemetry
{
    public static readonly ActivitySource Source = new(ServiceDefaultsExtensions.TelemetryName);
    public static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);

    public static readonly Counter<long> Relayed = Meter.CreateCounter<long>("blog.outbox.relayed", "{event}", "Events acknowledged by the broker.");
    public static readonly Histogram<double> OutboxAge = Meter.CreateHistogram<double>("blog.outbox.age", "s", "From commit to acknowledgement.");
    public static readonly Counter<long> LostLogs = Meter.CreateCounter<long>("blog.outbox.lost_logs", "{log}", "Partitions whose log was found lost and was filled again from the outbox.");
    public static readonly Counter<long> Handled = Meter.CreateCounter<long>("blog.events.handled", "{event}", "Events whose effect was committed, by topic.");
    public static readonly Counter<long> Repeated = Meter.CreateCounter<long>("blog.events.repeated", "{event}", "Events that were delivered again and had no effect, by topic.");
    public static readonly Counter<long> Retried = Meter.CreateCounter<long>("blog.events.retried", "{attempt}", "Attempts that failed and are made again, by topic.");
    public static readonly Counter<long> DeadLettered = Meter.CreateCounter<long>("blog.events.dead_lettered", "{event}", "Events put aside, by topic and reason.");
    public static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("blog.events.delay", "s", "From the change to its committed effect, by topic.");

    public static KeyValuePair<string, object?> Of(string topic) => new("topic", topic);
}
