using System.Globalization;

namespace Aspire.Hosting.Telemetry;

/// <summary>
/// The messages of the OpenTelemetry protocol, read by the field numbers of its specification
/// (opentelemetry-proto 1.x: trace, logs, metrics, common and resource, and the collector services that carry them).
/// </summary>
static class OtlpMessages
{
    delegate void Item(ReadOnlySpan<byte> message, string service, string scope);

    /// <summary>ExportTraceServiceRequest.</summary>
    public static List<Span> Spans(ReadOnlySpan<byte> request)
    {
        var spans = new List<Span>();
        Each(request, (message, service, scope) => spans.Add(ReadSpan(message, service, scope)));
        return spans;
    }

    /// <summary>ExportLogsServiceRequest.</summary>
    public static List<LogEntry> Logs(ReadOnlySpan<byte> request)
    {
        var logs = new List<LogEntry>();
        Each(request, (message, service, scope) => logs.Add(ReadLog(message, service, scope)));
        return logs;
    }

    /// <summary>ExportMetricsServiceRequest.</summary>
    public static List<Measurement> Measurements(ReadOnlySpan<byte> request)
    {
        var measurements = new List<Measurement>();
        Each(request, (message, service, scope) => ReadMetric(message, service, scope, measurements));
        return measurements;
    }

    /// <summary>
    /// All three requests have the same shape: repeated (1) of { resource = 1, repeated (2) of { scope = 1, repeated items = 2 } }. Fields may come
    /// in any order, so the resource and the scope are looked for first.
    /// </summary>
    static void Each(ReadOnlySpan<byte> request, Item item)
    {
        for (var r = new ProtobufReader(request); r.Next();)
        {
            if (r.Field != 1)
            {
                r.Skip();
                continue;
            }

            var ofResource = r.Bytes();
            var service = ServiceName(ofResource);
            for (var s = new ProtobufReader(ofResource); s.Next();)
            {
                if (s.Field != 2)
                {
                    s.Skip();
                    continue;
                }

                var ofScope = s.Bytes();
                var scope = ScopeName(ofScope);
                for (var i = new ProtobufReader(ofScope); i.Next();)
                {
                    if (i.Field == 2)
                        item(i.Bytes(), service, scope);
                    else
                        i.Skip();
                }
            }
        }
    }

    static string ServiceName(ReadOnlySpan<byte> ofResource)
    {
        for (var r = new ProtobufReader(ofResource); r.Next();)
        {
            if (r.Field != 1)
            {
                r.Skip();
                continue;
            }

            return Attributes(r.Bytes(), 1).FirstOrDefault(a => a.Name == "service.name").Value ?? "unknown";
        }

        return "unknown";
    }

    static string ScopeName(ReadOnlySpan<byte> ofScope)
    {
        for (var s = new ProtobufReader(ofScope); s.Next();)
        {
            if (s.Field != 1)
            {
                s.Skip();
                continue;
            }

            for (var n = new ProtobufReader(s.Bytes()); n.Next();)
            {
                if (n.Field == 1)
                    return n.Text();
                n.Skip();
            }
        }

        return "";
    }

    static Span ReadSpan(ReadOnlySpan<byte> message, string service, string scope)
    {
        string trace = "", id = "", name = "";
        string? parent = null, error = null;
        var kind = SpanKind.Unspecified;
        long start = 0, end = 0;
        var failed = false;
        var attributes = new List<TelemetryAttribute>();
        var events = new List<SpanEvent>();
        var links = new List<SpanLink>();
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 1: trace = Hex(r.Bytes()); break;
                case 2: id = Hex(r.Bytes()); break;
                case 4: parent = Hex(r.Bytes()) is { Length: > 0 } hex ? hex : null; break;
                case 5: name = r.Text(); break;
                case 6: kind = (SpanKind)r.Varint(); break;
                case 7: start = (long)r.Fixed64(); break;
                case 8: end = (long)r.Fixed64(); break;
                case 9: attributes.Add(Attribute(r.Bytes())); break;
                case 11: events.Add(ReadEvent(r.Bytes())); break;
                case 13: links.Add(ReadLink(r.Bytes())); break;
                case 15: (failed, error) = ReadStatus(r.Bytes()); break;
                default: r.Skip(); break;
            }
        }

        return new Span(trace, id, parent, service, scope, name, kind, start, end, failed, error, attributes, events, links);
    }

    static SpanEvent ReadEvent(ReadOnlySpan<byte> message)
    {
        long time = 0;
        var name = "";
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 1: time = (long)r.Fixed64(); break;
                case 2: name = r.Text(); break;
                default: r.Skip(); break;
            }
        }

        return new SpanEvent(time, name, Attributes(message, 3));
    }

    static SpanLink ReadLink(ReadOnlySpan<byte> message)
    {
        string trace = "", span = "";
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 1: trace = Hex(r.Bytes()); break;
                case 2: span = Hex(r.Bytes()); break;
                default: r.Skip(); break;
            }
        }

        return new SpanLink(trace, span);
    }

    static (bool Failed, string? Message) ReadStatus(ReadOnlySpan<byte> message)
    {
        var failed = false;
        string? text = null;
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 2: text = r.Text(); break;
                case 3: failed = r.Varint() == 2; break;
                default: r.Skip(); break;
            }
        }

        return (failed, text);
    }

    static LogEntry ReadLog(ReadOnlySpan<byte> message, string service, string scope)
    {
        long time = 0, observed = 0;
        var severity = 0;
        var body = "";
        string? trace = null, span = null;
        var attributes = new List<TelemetryAttribute>();
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 1: time = (long)r.Fixed64(); break;
                case 2: severity = (int)r.Varint(); break;
                case 5: body = Value(r.Bytes(), 0); break;
                case 6: attributes.Add(Attribute(r.Bytes())); break;
                case 9: trace = Hex(r.Bytes()) is { Length: > 0 } t ? t : null; break;
                case 10: span = Hex(r.Bytes()) is { Length: > 0 } s ? s : null; break;
                case 11: observed = (long)r.Fixed64(); break;
                default: r.Skip(); break;
            }
        }

        return new LogEntry(time == 0 ? observed : time, service, scope, severity, body, trace, span, attributes);
    }

    static void ReadMetric(ReadOnlySpan<byte> message, string service, string scope, List<Measurement> into)
    {
        string name = "", description = "", unit = "";
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 1: name = r.Text(); break;
                case 2: description = r.Text(); break;
                case 3: unit = r.Text(); break;
                default: r.Skip(); break;
            }
        }

        for (var r = new ProtobufReader(message); r.Next();)
        {
            // 10 and 11, exponential histograms and summaries, are not sent by the services here.
            if (r.Field is not (5 or 7 or 9))
            {
                r.Skip();
                continue;
            }

            var field = r.Field;
            var data = r.Bytes();
            var (isDelta, isMonotonic) = Temporality(data);
            var kind = field switch
            {
                5 => InstrumentKind.Gauge,
                9 => InstrumentKind.Histogram,
                _ => isMonotonic ? InstrumentKind.Counter : InstrumentKind.Total,
            };
            var instrument = new Instrument(service, scope, name, description, unit, kind, isDelta);
            for (var d = new ProtobufReader(data); d.Next();)
            {
                if (d.Field == 1)
                    into.Add(field == 9 ? ReadHistogram(d.Bytes(), instrument) : ReadNumber(d.Bytes(), instrument));
                else
                    d.Skip();
            }
        }
    }

    static (bool IsDelta, bool IsMonotonic) Temporality(ReadOnlySpan<byte> data)
    {
        var (isDelta, isMonotonic) = (false, false);
        for (var r = new ProtobufReader(data); r.Next();)
        {
            switch (r.Field)
            {
                case 2: isDelta = r.Varint() == 1; break;
                case 3: isMonotonic = r.Varint() == 1; break;
                default: r.Skip(); break;
            }
        }

        return (isDelta, isMonotonic);
    }

    static Measurement ReadNumber(ReadOnlySpan<byte> message, Instrument instrument)
    {
        long time = 0;
        double value = 0;
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 3: time = (long)r.Fixed64(); break;
                case 4: value = r.Double(); break;
                case 6: value = (long)r.Fixed64(); break;
                default: r.Skip(); break;
            }
        }

        return new Measurement(instrument, Line(Attributes(message, 7)), new Point(time, value, 0, [], []));
    }

    static Measurement ReadHistogram(ReadOnlySpan<byte> message, Instrument instrument)
    {
        long time = 0;
        double sum = 0;
        ulong count = 0;
        var bounds = new List<double>();
        var buckets = new List<ulong>();
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 3: time = (long)r.Fixed64(); break;
                case 4: count = r.Fixed64(); break;
                case 5: sum = r.Double(); break;
                case 6: r.Fixed64s(buckets); break;
                case 7: r.Doubles(bounds); break;
                default: r.Skip(); break;
            }
        }

        return new Measurement(instrument, Line(Attributes(message, 9)), new Point(time, sum, count, bounds, buckets));
    }

    static string Line(List<TelemetryAttribute> attributes) => string.Join(", ", attributes.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => $"{a.Name}={a.Value}"));

    static List<TelemetryAttribute> Attributes(ReadOnlySpan<byte> message, int field)
    {
        var attributes = new List<TelemetryAttribute>();
        for (var r = new ProtobufReader(message); r.Next();)
        {
            if (r.Field == field)
                attributes.Add(Attribute(r.Bytes()));
            else
                r.Skip();
        }

        return attributes;
    }

    static TelemetryAttribute Attribute(ReadOnlySpan<byte> message, int depth = 0)
    {
        string name = "", value = "";
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 1: name = r.Text(); break;
                case 2: value = Value(r.Bytes(), depth); break;
                default: r.Skip(); break;
            }
        }

        return new TelemetryAttribute(name, value);
    }

    /// <summary>AnyValue as text; <paramref name="depth"/> bounds what a nested one may cost.</summary>
    static string Value(ReadOnlySpan<byte> message, int depth)
    {
        var text = "";
        for (var r = new ProtobufReader(message); r.Next();)
        {
            switch (r.Field)
            {
                case 1: text = r.Text(); break;
                case 2: text = r.Varint() == 0 ? "false" : "true"; break;
                case 3: text = ((long)r.Varint()).ToString(CultureInfo.InvariantCulture); break;
                case 4: text = r.Double().ToString(CultureInfo.InvariantCulture); break;
                case 5 or 6 when depth < 8: text = List(r.Bytes(), r.Field == 6, depth + 1); break;
                case 7: text = Hex(r.Bytes()); break;
                default: r.Skip(); break;
            }
        }

        return text;
    }

    static string List(ReadOnlySpan<byte> message, bool isNamed, int depth)
    {
        var values = new List<string>();
        for (var r = new ProtobufReader(message); r.Next();)
        {
            if (r.Field != 1)
                r.Skip();
            else if (isNamed)
                values.Add(Attribute(r.Bytes(), depth) is var a ? $"{a.Name}: {a.Value}" : "");
            else
                values.Add(Value(r.Bytes(), depth));
        }

        return isNamed ? $"{{{string.Join(", ", values)}}}" : $"[{string.Join(", ", values)}]";
    }

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
