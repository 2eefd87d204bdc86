using System.Diagnostics.Metrics;
using Blog.ServiceDefaults;
using Microsoft.Extensions.Primitives;

namespace Blog.Bff.Cache;

/// <summary>Where public answers came from: a counter, and what each answer says of itself (Cache-Status, RFC 9211).</summary>
static class CacheServed
{
    public static readonly StringValues HitStatus = "blog; hit";
    public static readonly StringValues StaleStatus = "blog; hit; detail=stale";
    public static readonly StringValues MissStatus = "blog; fwd=miss";

    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Served = Meter.CreateCounter<long>("blog.cache.served", "{response}", "Public answers by where they came from.");

    public static void Hit() => Served.Add(1, new KeyValuePair<string, object?>("result", "hit"));

    public static void Stale() => Served.Add(1, new KeyValuePair<string, object?>("result", "stale"));

    public static void Miss() => Served.Add(1, new KeyValuePair<string, object?>("result", "miss"));
}
