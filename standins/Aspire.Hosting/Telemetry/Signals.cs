namespace Aspire.Hosting.Telemetry;

/// <summary>A named value that came with a signal.</summary>
readonly record struct TelemetryAttribute(string Name, string Value);

/// <summary>Who does what for whom in a span (OpenTelemetry, "SpanKind").</summary>
enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>A piece of work of one service. Times are nanoseconds since 1970.</summary>
sealed record Span(
    string TraceId, string SpanId, string? ParentId, string Service, string Scope, string Name, SpanKind Kind, long Start, long End,
    bool IsError, string? Error, IReadOnlyList<TelemetryAttribute> Attributes, IReadOnlyList<SpanEvent> Events, IReadOnlyList<SpanLink> Links)
{
    public long Duration => Math.Max(0, End - Start);

    /// <summary>What was done, from the attributes of the semantic conventions where the name alone says little.</summary>
    public string Title
    {
        get
        {
            string? Of(string attribute) => Attributes.FirstOrDefault(a => a.Name == attribute).Value is { Length: > 0 } value ? value : null;

            if (Of("http.request.method") is { } method)
            {
                var place = Kind == SpanKind.Server
                    ? Of("http.route") ?? Of("url.path")
                    : Uri.TryCreate(Of("url.full"), UriKind.Absolute, out var uri) ? uri.Authority + uri.AbsolutePath : null;
                return place is null ? Name : $"{method} {place}";
            }

            return (Of("db.query.text") ?? Of("db.statement")) is { } query ? OneLine(query) : Name;
        }
    }

    static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 120 ? line[..120] + "…" : line;
    }
}

/// <summary>Something that happened during a span.</summary>
sealed record SpanEvent(long Time, string Name, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>A span elsewhere that this one has to do with, such as the sender of a message.</summary>
sealed record SpanLink(string TraceId, string SpanId);

/// <summary>A structured log entry. Time is nanoseconds since 1970; severity is 1 to 24 (OpenTelemetry, "SeverityNumber").</summary>
sealed record LogEntry(
    long Time, string Service, string Scope, int Severity, string Message, string? TraceId, string? SpanId, IReadOnlyList<TelemetryAttribute> Attributes)
{
    public string Level => Severity switch
    {
        >= 21 => "Critical",
        >= 17 => "Error",
        >= 13 => "Warning",
        >= 9 => "Information",
        >= 5 => "Debug",
        _ => "Trace",
    };
}

/// <summary>How the values of an instrument are to be read.</summary>
enum InstrumentKind
{
    /// <summary>The value now.</summary>
    Gauge,

    /// <summary>A total that goes up and down.</summary>
    Total,

    /// <summary>A total that only grows: its rate is what matters.</summary>
    Counter,

    /// <summary>Many values in buckets.</summary>
    Histogram,
}

/// <summary>What is measured.</summary>
sealed record Instrument(string Service, string Scope, string Name, string Description, string Unit, InstrumentKind Kind, bool IsDelta);

/// <summary>One measured value, or one state of a histogram. Time is nanoseconds since 1970.</summary>
sealed record Point(long Time, double Value, ulong Count, IReadOnlyList<double> Bounds, IReadOnlyList<ulong> Buckets);

/// <summary>A point of an instrument for one combination of attributes.</summary>
sealed record Measurement(Instrument Instrument, string Attributes, Point Point);
