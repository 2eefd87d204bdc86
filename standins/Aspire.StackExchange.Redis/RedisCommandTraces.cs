using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Makes a span of each Redis command, under the name and with the attributes of OpenTelemetry's instrumentation of this client
/// (semantic conventions for Redis). The client's profiler collects commands per session; a session here is the span that the
/// commands were sent in, and they are reported when that span stops.
/// </summary>
static class RedisCommandTraces
{
    public const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    static readonly ActivitySource Source = new(SourceName);
    static readonly ConditionalWeakTable<Activity, ProfilingSession> Sessions = [];

    static RedisCommandTraces() => ActivitySource.AddActivityListener(new ActivityListener
    {
        // Only hears of the end of spans that others create; it does not make any span be recorded.
        ShouldListenTo = source => source.Name != SourceName,
        ActivityStopped = Report,
    });

    public static void Attach(ConnectionMultiplexer multiplexer) => multiplexer.RegisterProfiler(static () =>
        Source.HasListeners() && Activity.Current is { Recorded: true } parent ? Sessions.GetValue(parent, static _ => new ProfilingSession()) : null!);

    static void Report(Activity parent)
    {
        if (!Sessions.TryGetValue(parent, out var session)) return;
        Sessions.Remove(parent);
        foreach (var command in session.FinishProfiling())
        {
            using var span = Source.StartActivity(command.Command, ActivityKind.Client, parent.Context, startTime: command.CommandCreated);
            if (span is null) continue;
            span.SetTag("db.system", "redis").SetTag("db.statement", command.Command).SetTag("db.redis.database_index", command.Db);
            if (command.EndPoint is DnsEndPoint dns) span.SetTag("server.address", dns.Host).SetTag("server.port", dns.Port);
            else if (command.EndPoint is IPEndPoint ip) span.SetTag("server.address", ip.Address.ToString()).SetTag("server.port", ip.Port);
            span.SetEndTime(command.CommandCreated + command.ElapsedTime);
        }
    }
}
