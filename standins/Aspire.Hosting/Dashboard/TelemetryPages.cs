using System.Globalization;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>The structured logs and the metrics, and what the pages about telemetry share.</summary>
static class TelemetryPages
{
    const int ShownLogs = 300;

    public static void Map(WebApplication web)
    {
        var store = web.Services.GetRequiredService<TelemetryStore>();
        var name = web.Services.GetRequiredService<DashboardName>();

        web.MapGet("/logs", context =>
        {
            var query = context.Request.Query;
            return context.WriteHtmlAsync(Layout.Page(name, "Logs", "logs", Html.Of($"""
                <h1>Logs</h1>
                <form class="filter" method="get" action="/logs">
                <label>Service <select name="service"><option value="">All</option>{store.Services.Select(s => Option(s, query["service"]))}</select></label>
                <label>At least <select name="level">{Levels.Select(l => Option(l.Name, query["level"].ToString() is { Length: > 0 } level ? level : "Information"))}</select></label>
                <label>Contains <input name="text" value="{query["text"].ToString()}" autocomplete="off"></label>
                <button>Show</button>
                </form>
                <div data-live="/events/logs{context.Request.QueryString.Value}">{Logs(store, query)}</div>
                """)));
        });
        web.MapGet("/events/logs", context => context.WriteEventsAsync(Follow(store, () => Logs(store, context.Request.Query), context)));

        web.MapGet("/metrics", context =>
        {
            var service = context.Request.Query["service"].ToString() is { Length: > 0 } wanted ? wanted : store.Services.Order(StringComparer.Ordinal).FirstOrDefault();
            return context.WriteHtmlAsync(Layout.Page(name, "Metrics", "metrics", Html.Of($"""
                <h1>Metrics</h1>
                {(store.Services.Count == 0 ? Html.Empty : Html.Of($"""
                <nav class="choice" aria-label="Services">{store.Services.Order(StringComparer.Ordinal).Select(s => Html.Of($"<a href=\"/metrics?service={Uri.EscapeDataString(s)}\"{(s == service ? Html.Of($" aria-current=\"page\"") : Html.Empty)}>{s}</a>"))}</nav>
                """))}
                <div data-live="/events/metrics?service={Uri.EscapeDataString(service ?? "")}">{MetricCards.Draw(store, service)}</div>
                """)));
        });
        web.MapGet("/events/metrics", context => context.WriteEventsAsync(
            Follow(store, () => MetricCards.Draw(store, context.Request.Query["service"]), context, TimeSpan.FromSeconds(5))));
    }

    /// <summary>Each service keeps its colour while the AppHost runs.</summary>
    public static string Colour(IReadOnlyList<string> services, string service)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] == service)
                return string.Create(CultureInfo.InvariantCulture, $"colour-{i % 6}");
        }

        return "colour-0";
    }

    public static Html Option(string value, string? chosen) =>
        Html.Of($"<option{(value == chosen ? Html.Of($" selected") : Html.Empty)}>{value}</option>");

    /// <summary>The fragment again when telemetry has arrived, once per <paramref name="pause"/> (a second).</summary>
    public static async IAsyncEnumerable<Html> Follow(
        TelemetryStore store, Func<Html> draw, HttpContext context, TimeSpan? pause = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var ending = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending, cancellationToken);
        using var timer = new PeriodicTimer(pause ?? TimeSpan.FromSeconds(1));
        var version = store.Version;
        while (await timer.WaitForNextTickAsync(over.Token).ConfigureAwait(false))
        {
            if (store.Version == version)
                continue;
            version = store.Version;
            yield return draw();
        }
    }

    static readonly (string Name, int Severity)[] Levels = [("Trace", 1), ("Debug", 5), ("Information", 9), ("Warning", 13), ("Error", 17)];

    static Html Logs(TelemetryStore store, IQueryCollection query)
    {
        var service = query["service"].ToString();
        var text = query["text"].ToString();
        var least = Levels.FirstOrDefault(l => l.Name == query["level"]).Severity is > 0 and var severity ? severity : 9;
        var services = store.Services;
        var entries = store.Logs()
            .Where(l => l.Severity >= least && (service.Length == 0 || l.Service == service))
            .Where(l => text.Length == 0 || l.Message.Contains(text, StringComparison.OrdinalIgnoreCase) || l.Attributes.Any(a => a.Value.Contains(text, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(l => l.Time).Take(ShownLogs).ToList();
        return entries.Count == 0
            ? Html.Of($"<p class=\"empty\">No log entry fits.</p>")
            : Html.Of($"""
                <div class="entries">{entries.Select(l => Html.Of($"""
                <details class="{l.Level.ToLowerInvariant()}"><summary><time>{Format.Clock(l.Time)}</time><span class="service {Colour(services, l.Service)}">{l.Service}</span><span class="level">{l.Level}</span><span class="what">{l.Message}</span></summary>
                <div class="inside"><table class="facts"><tbody><tr><th scope="row">Category</th><td><code>{l.Scope}</code></td></tr>
                {(l.TraceId is { } trace ? Html.Of($"<tr><th scope=\"row\">Trace</th><td><a href=\"/traces/{trace}\"><code>{trace}</code></a></td></tr>") : Html.Empty)}
                {l.Attributes.Select(a => Html.Of($"<tr><th scope=\"row\"><code>{a.Name}</code></th><td><code>{a.Value}</code></td></tr>"))}</tbody></table></div></details>
                """))}</div>
                """);
    }
}
