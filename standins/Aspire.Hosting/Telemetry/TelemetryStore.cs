namespace Aspire.Hosting.Telemetry;

/// <summary>The latest telemetry, in memory and bounded: the oldest traces, logs and series go first.</summary>
sealed class TelemetryStore
{
    public const int MaxTraces = 1000, MaxSpans = 20_000, MaxSpansPerTrace = 2000, MaxLogs = 5000, MaxSeries = 2000, MaxPoints = 120;

    readonly Lock gate = new();
    readonly Dictionary<string, Trace> traces = [];
    readonly Queue<string> traceOrder = [];
    readonly Queue<LogEntry> logs = [];
    readonly Dictionary<(string Service, string Scope, string Name, string Attributes), Series> series = [];
    readonly List<string> services = [];
    int spanCount;
    long version;

    /// <summary>Grows with each change.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>Services in the order in which they were first heard of.</summary>
    public IReadOnlyList<string> Services
    {
        get
        {
            lock (gate)
                return [.. services];
        }
    }

    public void Add(IEnumerable<Span> spans)
    {
        lock (gate)
        {
            foreach (var span in spans)
            {
                Know(span.Service);
                if (!traces.TryGetValue(span.TraceId, out var trace))
                {
                    traces[span.TraceId] = trace = new Trace(span.TraceId);
                    traceOrder.Enqueue(span.TraceId);
                }

                if (trace.List.Count == MaxSpansPerTrace)
                    continue;
                trace.List.Add(span);
                spanCount++;
            }

            while (traces.Count > MaxTraces || spanCount > MaxSpans)
            {
                traces.Remove(traceOrder.Dequeue(), out var oldest);
                spanCount -= oldest!.List.Count;
            }

            version++;
        }
    }

    public void Add(IEnumerable<LogEntry> entries)
    {
        lock (gate)
        {
            foreach (var entry in entries)
            {
                Know(entry.Service);
                if (logs.Count == MaxLogs)
                    logs.Dequeue();
                logs.Enqueue(entry);
            }

            version++;
        }
    }

    public void Add(IEnumerable<Measurement> measurements)
    {
        lock (gate)
        {
            foreach (var m in measurements)
            {
                Know(m.Instrument.Service);
                var key = (m.Instrument.Service, m.Instrument.Scope, m.Instrument.Name, m.Attributes);
                if (!series.TryGetValue(key, out var known))
                {
                    if (series.Count == MaxSeries)
                        continue;
                    series[key] = known = new Series(m.Instrument, m.Attributes);
                }

                known.Add(m.Point);
            }

            version++;
        }
    }

    /// <summary>Traces, newest first.</summary>
    public IReadOnlyList<TraceSummary> Traces()
    {
        lock (gate)
            return [.. traces.Values.Select(t => t.Summarize()).OrderByDescending(t => t.Start)];
    }

    /// <summary>Spans of a trace in the order of the waterfall; empty when the trace is unknown.</summary>
    public IReadOnlyList<WaterfallRow> Waterfall(string traceId)
    {
        lock (gate)
            return traces.TryGetValue(traceId, out var trace) ? Telemetry.Waterfall.Of(trace.List) : [];
    }

    /// <summary>Log entries, newest first.</summary>
    public IReadOnlyList<LogEntry> Logs()
    {
        lock (gate)
            return [.. logs.Reverse()];
    }

    /// <summary>Series of a service, or of all.</summary>
    public IReadOnlyList<SeriesSnapshot> SeriesOf(string? service)
    {
        lock (gate)
            return [.. series.Values.Where(s => service is null || s.Instrument.Service == service).Select(s => s.Snapshot())];
    }

    void Know(string service)
    {
        if (!services.Contains(service) && services.Count < 100)
            services.Add(service);
    }

    sealed class Trace(string id)
    {
        public List<Span> List { get; } = [];

        public TraceSummary Summarize()
        {
            var ids = List.Select(s => s.SpanId).ToHashSet();
            var root = List.Where(s => s.ParentId is null || !ids.Contains(s.ParentId)).MinBy(s => (s.ParentId is not null, s.Start)) ?? List[0];
            var start = List.Min(s => s.Start);
            return new TraceSummary(
                id, root, start, Math.Max(0, List.Max(s => s.End) - start), List.Count, List.Any(s => s.IsError),
                [.. List.GroupBy(s => s.Service).Select(g => (g.Key, g.Count()))]);
        }
    }

    sealed class Series(Instrument instrument, string attributes)
    {
        readonly Queue<Point> points = [];
        Point? last;

        public Instrument Instrument => instrument;

        public void Add(Point point)
        {
            // A delta counts since the last report; sums are kept, so that both kinds read the same.
            if (instrument.IsDelta && last is not null)
            {
                point = point with
                {
                    Value = last.Value + point.Value,
                    Count = last.Count + point.Count,
                    Buckets = last.Buckets.Count == point.Buckets.Count ? [.. last.Buckets.Zip(point.Buckets, (a, b) => a + b)] : point.Buckets,
                };
            }

            if (points.Count == MaxPoints)
                points.Dequeue();
            points.Enqueue(point);
            last = point;
        }

        public SeriesSnapshot Snapshot() => new(instrument, attributes, [.. points]);
    }
}

/// <summary>A trace in the list. Times are nanoseconds.</summary>
sealed record TraceSummary(string Id, Span Root, long Start, long Duration, int Spans, bool HasError, IReadOnlyList<(string Service, int Spans)> Services);

/// <summary>The points of one series, oldest first.</summary>
sealed record SeriesSnapshot(Instrument Instrument, string Attributes, IReadOnlyList<Point> Points);

/// <summary>A span in the waterfall: how deep it lies, and when it starts after the trace, in nanoseconds.</summary>
sealed record WaterfallRow(Span Span, int Depth, long Offset);

static class Waterfall
{
    /// <summary>Parents before children, siblings by start. A span whose parent never arrived stands at the top.</summary>
    public static IReadOnlyList<WaterfallRow> Of(IReadOnlyCollection<Span> spans)
    {
        var known = new Dictionary<string, Span>();
        foreach (var span in spans)
            known.TryAdd(span.SpanId, span);
        var start = spans.Min(s => s.Start);
        var children = known.Values.ToLookup(s => s.ParentId is { } p && p != s.SpanId && known.ContainsKey(p) ? p : "");
        var rows = new List<WaterfallRow>();
        var open = new Stack<(Span Span, int Depth)>(children[""].OrderByDescending(s => s.Start).Select(s => (s, 0)));
        var drawn = new HashSet<string>();
        while (open.TryPop(out var next))
        {
            if (!drawn.Add(next.Span.SpanId))
                continue;
            rows.Add(new WaterfallRow(next.Span, next.Depth, next.Span.Start - start));
            foreach (var child in children[next.Span.SpanId].OrderByDescending(s => s.Start))
                open.Push((child, next.Depth + 1));
        }

        // Parents in a circle are nobody's children; they are shown all the same.
        rows.AddRange(known.Values.Where(s => !drawn.Contains(s.SpanId)).Select(s => new WaterfallRow(s, 0, s.Start - start)));
        return rows;
    }
}
