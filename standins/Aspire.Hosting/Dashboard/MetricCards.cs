using System.Globalization;
using System.Text;
using Aspire.Hosting.Telemetry;

namespace Aspire.Hosting.Dashboard;

/// <summary>A card per instrument: the figure that matters, how it went in the last minutes, and its parts by attributes.</summary>
static class MetricCards
{
    const int Parts = 8;

    public static Html Draw(TelemetryStore store, string? service)
    {
        var series = store.SeriesOf(string.IsNullOrEmpty(service) ? null : service);
        if (series.Count == 0)
            return Html.Of($"<p class=\"empty\">No figures have arrived yet.</p>");
        var scopes = series.GroupBy(s => s.Instrument.Scope).OrderBy(g => Rank(g.Key)).ThenBy(g => g.Key, StringComparer.Ordinal);
        return Html.Join(scopes.Select(scope => Html.Of($"""
            <h2>{scope.Key}</h2><div class="cards">{scope.GroupBy(s => s.Instrument.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Card([.. g]))}</div>
            """)));
    }

    // The application's own figures before those of the platform.
    static int Rank(string scope) => scope.StartsWith("Microsoft.", StringComparison.Ordinal) || scope.StartsWith("System.", StringComparison.Ordinal) ? 1 : 0;

    static Html Card(List<SeriesSnapshot> all)
    {
        var instrument = all[0].Instrument;
        var ordered = all.Select(s => (Series: s, Figure: Figure(s))).OrderByDescending(x => x.Figure.Weight).ToList();
        var common = ordered.Count < 2 ? [] : ordered.Select(x => x.Series.Attributes.Split(", ").ToHashSet()).Aggregate((a, b) => [.. a.Intersect(b)]);

        // What all parts share tells them apart no better than nothing would.
        string Particular(SeriesSnapshot s) => string.Join(" · ", s.Attributes.Split(", ").Where(a => !common.Contains(a)).Select(a => a[(a.IndexOf('=', StringComparison.Ordinal) + 1)..]));

        return Html.Of($"""
            <article class="card"><h3 title="{instrument.Description}">{instrument.Name}</h3>
            {ordered.Take(Parts).Select(x => Html.Of($"""
            <div class="part"><span class="with quiet" title="{x.Series.Attributes}">{Particular(x.Series)}</span><span class="figure">{x.Figure.Text}</span>{Line(x.Series)}</div>
            """))}
            {(ordered.Count > Parts ? Html.Of($"<p class=\"quiet\">and {ordered.Count - Parts} more</p>") : Html.Empty)}</article>
            """);
    }

    static (string Text, double Weight) Figure(SeriesSnapshot series)
    {
        var (instrument, points) = (series.Instrument, series.Points);
        var last = points[^1];
        switch (instrument.Kind)
        {
            case InstrumentKind.Histogram when last.Count == 0:
                return ("–", 0);
            case InstrumentKind.Histogram:
                var middle = Format.WithUnit(Percentile(last, 0.5), instrument.Unit);
                var high = Format.WithUnit(Percentile(last, 0.95), instrument.Unit);
                return ($"{Format.Number(last.Count)} × ~{middle}, p95 {high}", last.Count);
            case InstrumentKind.Counter:
                var rate = Rates(points) is [.., var now] ? now : 0;
                return ($"{Format.WithUnit(last.Value, instrument.Unit)}, {Format.Number(rate)}/s", last.Value);
            default:
                return (Format.WithUnit(last.Value, instrument.Unit), Math.Abs(last.Value));
        }
    }

    /// <summary>Linear within the bucket that holds the wanted rank; the last bucket has no upper bound and gives its lower one.</summary>
    public static double Percentile(Point histogram, double rank)
    {
        var wanted = rank * histogram.Count;
        double seen = 0;
        for (var i = 0; i < histogram.Buckets.Count; i++)
        {
            if (histogram.Buckets[i] == 0 || seen + histogram.Buckets[i] < wanted)
            {
                seen += histogram.Buckets[i];
                continue;
            }

            var low = i == 0 ? 0 : histogram.Bounds[i - 1];
            return i >= histogram.Bounds.Count ? low : low + ((histogram.Bounds[i] - low) * (wanted - seen) / histogram.Buckets[i]);
        }

        return histogram.Bounds.Count > 0 ? histogram.Bounds[^1] : histogram.Value / Math.Max(1, histogram.Count);
    }

    static List<double> Rates(IReadOnlyList<Point> points) => [.. points.Zip(points.Skip(1), (a, b) =>
    {
        var seconds = (b.Time - a.Time) / 1e9;
        var growth = b.Buckets.Count > 0 || b.Count > 0 ? (double)b.Count - a.Count : b.Value - a.Value;

        // A service that was restarted counts from zero again.
        return seconds <= 0 ? 0 : Math.Max(0, growth) / seconds;
    })];

    static Html Line(SeriesSnapshot series)
    {
        var values = series.Instrument.Kind is InstrumentKind.Counter or InstrumentKind.Histogram ? Rates(series.Points) : [.. series.Points.Select(p => p.Value)];
        if (values.Count < 2)
            return Html.Of($"<svg class=\"spark\" viewBox=\"0 0 120 24\" aria-hidden=\"true\"></svg>");
        var (low, high) = (Math.Min(0, values.Min()), values.Max());
        var points = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            var y = high > low ? 22 - (20 * (values[i] - low) / (high - low)) : 22;
            points.Append(CultureInfo.InvariantCulture, $"{i * 120.0 / (values.Count - 1):0.#},{y:0.#} ");
        }

        return Html.Of($"<svg class=\"spark\" viewBox=\"0 0 120 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><polyline points=\"{points.ToString()}\"/></svg>");
    }
}
