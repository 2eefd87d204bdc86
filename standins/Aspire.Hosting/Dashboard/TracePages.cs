using System.Globalization;
using Aspire.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

/// <summary>The list of traces, and one trace as a waterfall across services.</summary>
static class TracePages
{
    const int Shown = 200;

    public static void Map(WebApplication web)
    {
        var store = web.Services.GetRequiredService<TelemetryStore>();
        var name = web.Services.GetRequiredService<DashboardName>();

        web.MapGet("/traces", context =>
        {
            var filter = Filter.Of(context.Request.Query);
            return context.WriteHtmlAsync(Layout.Page(name, "Traces", "traces", Html.Of($"""
                <h1>Traces</h1>
                {Form(filter, store.Services)}
                <div data-live="/events/traces{context.Request.QueryString.Value}">{List(store, filter)}</div>
                """)));
        });
        web.MapGet("/events/traces", context =>
        {
            var filter = Filter.Of(context.Request.Query);
            return context.WriteEventsAsync(TelemetryPages.Follow(store, () => List(store, filter), context));
        });
        web.MapGet("/traces/{id}", context => context.WriteHtmlAsync(Layout.Page(
            name, "Trace", "traces", One(store, (string)context.Request.RouteValues["id"]!))));
    }

    static Html Form(Filter filter, IReadOnlyList<string> services) => Html.Of($"""
        <form class="filter" method="get" action="/traces">
        <label>Service <select name="service"><option value="">All</option>{services.Select(s => TelemetryPages.Option(s, filter.Service))}</select></label>
        <label>Name contains <input name="text" value="{filter.Text}" autocomplete="off"></label>
        <label>At least <input name="ms" value="{filter.Milliseconds?.ToString(CultureInfo.InvariantCulture)}" inputmode="numeric" size="4" autocomplete="off"> ms</label>
        <label class="check"><input type="checkbox" name="errors" value="1"{(filter.ErrorsOnly ? Html.Of($" checked") : Html.Empty)}> Errors only</label>
        <label class="check"><input type="checkbox" name="background" value="1"{(filter.Background ? Html.Of($" checked") : Html.Empty)}> Background work</label>
        <button>Show</button>
        </form>
        """);

    static Html List(TelemetryStore store, Filter filter)
    {
        var all = store.Traces();
        var traces = all.Where(filter.Fits).Take(Shown).ToList();
        if (traces.Count == 0)
        {
            return all.Count == 0
                ? Html.Of($"<p class=\"empty\">No trace has arrived yet. Open the site: every request of a service becomes one.</p>")
                : Html.Of($"<p class=\"empty\">None of the {all.Count} traces fits. <a href=\"/traces?background=1\">Show all</a></p>");
        }

        var longest = traces.Max(t => t.Duration);
        var services = store.Services;
        return Html.Of($"""
            <div class="scroll"><table class="traces">
            <thead><tr><th>Time</th><th>Trace</th><th>Services</th><th class="right">Spans</th><th class="right">Duration</th><th class="bar-column"><span class="hidden">Length</span></th></tr></thead>
            <tbody>{traces.Select(t => Html.Of($"""
            <tr{(t.HasError ? Html.Of($" class=\"failed\"") : Html.Empty)}><td><time>{Format.Clock(t.Start)}</time></td>
            <th scope="row"><a href="/traces/{t.Id}">{t.Root.Title}</a>{(t.HasError ? Html.Of($" <span class=\"flag\">error</span>") : Html.Empty)}</th>
            <td class="services">{t.Services.Select(s => Html.Of($"<span class=\"service {TelemetryPages.Colour(services, s.Service)}\">{s.Service} <span class=\"quiet\">{s.Spans}</span></span>"))}</td>
            <td class="right figure">{t.Spans}</td><td class="right figure nowrap">{Format.Duration(t.Duration)}</td>
            <td class="bar-column"><svg class="bar {TelemetryPages.Colour(services, t.Root.Service)}" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true"><rect width="{Share(t.Duration, longest)}" height="8"/></svg></td></tr>
            """))}</tbody></table></div>
            <p class="quiet">{(traces.Count == Shown ? Html.Of($"The newest {Shown}. ") : Html.Empty)}{all.Count} traces in memory.</p>
            """);
    }

    static Html One(TelemetryStore store, string id)
    {
        var rows = store.Waterfall(id);
        if (rows.Count == 0)
            return Html.Of($"<h1>This trace is gone</h1><p>Only the newest traces are kept in memory. <a href=\"/traces\">All traces</a></p>");
        var services = store.Services;
        var length = Math.Max(1, rows.Max(r => r.Offset + r.Span.Duration));
        var logs = store.Logs().Where(l => l.TraceId == id).Reverse().ToLookup(l => l.SpanId ?? "");
        var touched = rows.Select(r => r.Span.Service).Distinct().ToList();
        return Html.Of($"""
            <p class="crumbs"><a href="/traces">Traces</a></p>
            <h1>{rows[0].Span.Title}</h1>
            <p class="line quiet"><time>{Format.Clock(rows[0].Span.Start)}</time> <span>{Format.Duration(length)}</span> <span>{rows.Count} spans</span>
            {touched.Select(s => Html.Of($"<span class=\"service {TelemetryPages.Colour(services, s)}\">{s}</span>"))} <code>{id}</code></p>
            <div class="waterfall">
            <div class="axis" aria-hidden="true"><span></span><span class="ticks"><i>0</i><i>{Format.Duration(length / 4)}</i><i>{Format.Duration(length / 2)}</i><i>{Format.Duration(length / 4 * 3)}</i></span><span>{Format.Duration(length)}</span></div>
            {rows.Select(r => Row(r, length, services, [.. logs[r.Span.SpanId]]))}
            </div>
            """);
    }

    static Html Row(WaterfallRow row, long length, IReadOnlyList<string> services, List<LogEntry> logs)
    {
        var span = row.Span;
        var colour = TelemetryPages.Colour(services, span.Service);
        return Html.Of($"""
            <details{(span.IsError ? Html.Of($" class=\"failed\"") : Html.Empty)}><summary>
            <span class="label depth-{Math.Min(row.Depth, 12)}"><span class="service {colour}">{span.Service}</span> <span class="what" title="{span.Title}">{span.Title}</span>{(span.IsError ? Html.Of($" <span class=\"flag\">error</span>") : Html.Empty)}</span>
            <svg class="bar {colour}" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true"><rect x="{Position(row.Offset, length)}" width="{Share(span.Duration, length)}" y="2" height="10"/></svg>
            <span class="took figure">{Format.Duration(span.Duration)}</span></summary>
            <div class="inside">
            {(span.Error is { Length: > 0 } error ? Html.Of($"<p class=\"error\">{error}</p>") : Html.Empty)}
            <table class="facts"><tbody>
            <tr><th scope="row">Kind</th><td>{span.Kind.ToString()}</td></tr><tr><th scope="row">Source</th><td><code>{span.Scope}</code></td></tr>
            <tr><th scope="row">Starts after</th><td class="figure">{Format.Duration(row.Offset)}</td></tr>
            <tr><th scope="row">Span</th><td><code>{span.SpanId}</code></td></tr>
            {span.Attributes.Select(a => Html.Of($"<tr><th scope=\"row\"><code>{a.Name}</code></th><td><code>{a.Value}</code></td></tr>"))}
            {span.Links.Select(l => Html.Of($"<tr><th scope=\"row\">Linked</th><td><a href=\"/traces/{l.TraceId}\"><code>{l.TraceId}</code></a></td></tr>"))}
            </tbody></table>
            {span.Events.Select(e => Html.Of($"<p><time>+{Format.Duration(Math.Max(0, e.Time - span.Start))}</time> {e.Name} <span class=\"quiet\">{string.Join(", ", e.Attributes.Select(a => $"{a.Name}={a.Value}"))}</span></p>"))}
            {logs.Select(l => Html.Of($"<p class=\"{l.Level.ToLowerInvariant()}\"><time>{Format.Clock(l.Time)}</time> {l.Message}</p>"))}
            </div></details>
            """);
    }

    // Out of 1000, and never too thin to be seen.
    static long Share(long part, long whole) => Math.Clamp(part * 1000 / Math.Max(1, whole), 3, 1000);

    static long Position(long offset, long length) => Math.Clamp(offset * 1000 / length, 0, 997);

    sealed record Filter(string? Service, string? Text, long? Milliseconds, bool ErrorsOnly, bool Background)
    {
        public static Filter Of(IQueryCollection query) => new(
            query["service"] is [{ Length: > 0 } service] ? service : null,
            query["text"] is [{ Length: > 0 } text] ? text : null,
            long.TryParse(query["ms"], CultureInfo.InvariantCulture, out var ms) && ms > 0 ? ms : null,
            query["errors"] == "1",
            query["background"] == "1");

        public bool Fits(TraceSummary trace) =>
            (Service is null || trace.Services.Any(s => s.Service == Service))
            && (Text is null || trace.Root.Title.Contains(Text, StringComparison.OrdinalIgnoreCase) || trace.Id.StartsWith(Text, StringComparison.OrdinalIgnoreCase))
            && (Milliseconds is null || trace.Duration >= Milliseconds * 1_000_000)
            && (!ErrorsOnly || trace.HasError)

            // A lone query is a service looking after itself: polling, probing, cleaning up.
            && (Background || trace.HasError || trace.Spans > 1 || trace.Root.Kind is not (SpanKind.Client or SpanKind.Internal));
    }
}
