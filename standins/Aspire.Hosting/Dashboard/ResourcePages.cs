using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>The list of resources, the page of one, its live log, and the commands.</summary>
static partial class ResourcePages
{
    public static void Map(WebApplication web)
    {
        var notifications = web.Services.GetRequiredService<ResourceNotificationService>();
        var logs = web.Services.GetRequiredService<ResourceLoggerService>();
        var commands = web.Services.GetRequiredService<ResourceCommandService>();
        var name = web.Services.GetRequiredService<DashboardName>();
        var ending = web.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        ResourceEvent? Find(string id) => notifications.Current.FirstOrDefault(e => string.Equals(e.ResourceId, id, StringComparison.OrdinalIgnoreCase));

        web.MapGet("/api/resources", context => context.Response.WriteAsJsonAsync(
            notifications.Current.Where(IsShown).OrderBy(e => e.ResourceId, StringComparer.Ordinal).Select(ToJson), context.RequestAborted));

        web.MapGet("/", context => context.WriteHtmlAsync(Layout.Page(name, "Resources", "resources", Html.Of($"""
            <h1>Resources</h1>
            <div class="scroll"><table class="resources">
            <thead><tr><th>Name</th><th>State</th><th>Kind</th><th>Address</th><th>Process</th><th><span class="hidden">Actions</span></th></tr></thead>
            <tbody data-live="/events/resources">{Rows(notifications.Current)}</tbody>
            </table></div>
            """))));

        web.MapGet("/resources/{id}", async context =>
        {
            if (Find((string)context.Request.RouteValues["id"]!) is not { } found)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await context.WriteHtmlAsync(Layout.Page(name, "Not found", "resources", Html.Of($"<h1>There is no such resource</h1><p><a href=\"/\">All resources</a></p>"))).ConfigureAwait(false);
                return;
            }

            var id = found.ResourceId;
            await context.WriteHtmlAsync(Layout.Page(name, id, "resources", Html.Of($"""
                <p class="crumbs"><a href="/">Resources</a></p>
                <div class="head" data-live="/events/resources/{id}/head">{Head(found)}</div>
                <section><h2>Log</h2>
                <div class="log" tabindex="0" role="log" aria-label="Log of {id}" data-log="/events/resources/{id}/log"></div></section>
                <section data-live="/events/resources/{id}/facts">{Facts(found)}</section>
                """))).ConfigureAwait(false);
        });

        web.MapPost("/resources/{id}/{command:regex(^(start|stop|restart)$)}", async context =>
        {
            // A stop ends when its process has; the answer need not wait for that, the page follows by itself.
            var execution = commands.ExecuteCommandAsync(
                (string)context.Request.RouteValues["id"]!, "resource-" + context.Request.RouteValues["command"], CancellationToken.None);
            if (execution.IsCompleted && !(await execution.ConfigureAwait(false)).Success)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.Redirect(context.Request.Headers.Referer.ToString() is { Length: > 0 } back ? new Uri(back).PathAndQuery : "/");
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
        });

        web.MapGet("/events/resources", context => context.WriteEventsAsync(
            Follow(notifications, _ => true, () => Html.Join(Rows(notifications.Current)), context, ending)));
        web.MapGet("/events/resources/{id}/{part:regex(^(head|facts)$)}", context =>
        {
            var id = (string)context.Request.RouteValues["id"]!;
            var part = (string)context.Request.RouteValues["part"]!;
            return context.WriteEventsAsync(Follow(
                notifications, e => string.Equals(e.ResourceId, id, StringComparison.OrdinalIgnoreCase),
                () => Find(id) is { } e ? part == "head" ? Head(e) : Facts(e) : Html.Empty, context, ending));
        });
        web.MapGet("/events/resources/{id}/log", context =>
            Find((string)context.Request.RouteValues["id"]!) is { } found ? context.WriteEventsAsync(Lines(logs, found.ResourceId, context, ending)) : Task.CompletedTask);
    }

    /// <summary>Parameters are settings; they have no state worth a row.</summary>
    static bool IsShown(ResourceEvent resource) => resource.Resource is not ParameterResource;

    static object ToJson(ResourceEvent e) => new
    {
        name = e.ResourceId,
        type = e.Snapshot.ResourceType,
        state = e.Snapshot.State?.Text ?? "",
        health = e.Snapshot.State?.Text == KnownResourceStates.Running ? e.Snapshot.HealthStatus?.ToString() ?? "Unknown" : null,
        exitCode = e.Snapshot.ExitCode,
        pid = e.Snapshot.ProcessId,
        endpoints = Endpoints(e).Select(x => new { name = x.Name, url = x.Url }),
    };

    static IEnumerable<(string Name, string Url)> Endpoints(ResourceEvent e)
    {
        if (e.Resource is not IResourceWithEndpoints owner)
            yield break;
        var replica = ReplicaOf(e);
        foreach (var endpoint in owner.Annotations.OfType<EndpointAnnotation>().Where(a => a.AllocatedPorts.Count > 0))
            yield return (endpoint.Name, new EndpointReference(owner, endpoint.Name).UrlOf(replica));
    }

    static int ReplicaOf(ResourceEvent e) => e.ResourceId.Length > e.Resource.Name.Length && int.TryParse(e.ResourceId[(e.Resource.Name.Length + 1)..], out var i) ? i : 0;

    static IEnumerable<Html> Rows(IEnumerable<ResourceEvent> resources) => resources.Where(IsShown).OrderBy(e => Rank(e)).ThenBy(e => e.ResourceId, StringComparer.Ordinal).Select(e => Html.Of($"""
        <tr><th scope="row"><a href="/resources/{e.ResourceId}">{e.ResourceId}</a></th>
        <td>{State(e)}</td><td class="quiet">{e.Snapshot.ResourceType}</td><td>{Addresses(e)}</td>
        <td class="figure quiet">{Process(e)}</td><td class="actions">{Commands(e)}</td></tr>
        """));

    // What people look for first: the services, then what they stand on.
    static int Rank(ResourceEvent e) => e.Resource switch
    {
        ProjectResource => 0,
        ExecutableResource => 1,
        IResourceWithParent => 3,
        _ => 2,
    };

    static Html Process(ResourceEvent e) => e.Snapshot.ProcessId is { } pid
        ? Html.Of($"{pid}")
        : e.Snapshot.ExitCode is { } code ? Html.Of($"exit {code}") : Html.Empty;

    static Html Head(ResourceEvent e) => Html.Of($"""
        <h1>{e.ResourceId}</h1><div class="line">{State(e)}<span class="quiet">{e.Snapshot.ResourceType}</span>{Addresses(e)}<span class="actions">{Commands(e)}</span></div>
        """);

    static Html Facts(ResourceEvent e)
    {
        var health = e.Snapshot.HealthReports.Select(r => Html.Of($"""
            <tr><th scope="row">{r.Name}</th><td><span class="state {r.Status?.ToString().ToLowerInvariant()}">{r.Status?.ToString()}</span></td><td>{r.Description}</td></tr>
            """)).ToList();
        var variables = e.Snapshot.EnvironmentVariables.Select(v => Html.Of($"""
            <tr><th scope="row"><code>{v.Name}</code></th><td>{(v.IsSecret ? Html.Of($"<span class=\"mask\" title=\"Secret\">••••••••</span>") : Html.Of($"<code>{v.Value}</code>"))}</td></tr>
            """)).ToList();
        return Html.Of($"""
            {Table("Health checks", health)}
            {Table("Environment", variables)}
            """);
    }

    static Html Table(string title, List<Html> rows) => rows.Count == 0
        ? Html.Empty
        : Html.Of($"<h2>{title}</h2><div class=\"scroll\"><table class=\"facts\"><tbody>{rows}</tbody></table></div>");

    static Html State(ResourceEvent e)
    {
        var s = e.Snapshot;
        var state = s.State?.Text ?? "";
        var (text, kind) = state == KnownResourceStates.Running
            ? s.HealthStatus switch
            {
                HealthStatus.Healthy => ("Running", "healthy"),
                HealthStatus.Degraded => ("Running, degraded", "degraded"),
                HealthStatus.Unhealthy => ("Running, unhealthy", "unhealthy"),
                _ => ("Running, not yet checked", "waiting"),
            }
            : (state, state == KnownResourceStates.FailedToStart || state == KnownResourceStates.Restarting ? "unhealthy"
                : KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted ? "stopped" : "waiting");
        var why = s.HealthReports.FirstOrDefault(r => r.Status != HealthStatus.Healthy)?.Description;
        var restarts = s.Restarts > 0 ? Html.Of($" <span class=\"quiet\">restarted {s.Restarts}×</span>") : Html.Empty;
        return Html.Of($"<span class=\"state {kind}\" title=\"{why}\">{text}</span>{restarts}");
    }

    static Html Addresses(ResourceEvent e) => Html.Join(Endpoints(e).Select(x => x.Url.StartsWith("http", StringComparison.Ordinal) && x.Name != "grpc"
        ? Html.Of($"<a class=\"address\" href=\"{x.Url}\">{x.Url[(x.Url.IndexOf('/', StringComparison.Ordinal) + 2)..]}</a> ")
        : Html.Of($"<span class=\"address quiet\">{x.Name} {x.Url[(x.Url.IndexOf('/', StringComparison.Ordinal) + 2)..]}</span> ")));

    static Html Commands(ResourceEvent e)
    {
        if (!e.Resource.Annotations.OfType<LocalProcessAnnotation>().Any())
            return Html.Empty;
        var state = e.Snapshot.State?.Text ?? "";
        var isDown = KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted;
        string[] possible = isDown ? ["start"] : ["restart", "stop"];
        return Html.Join(possible.Select(c => Html.Of($"""
            <form method="post" action="/resources/{e.ResourceId}/{c}"><button aria-label="{c} {e.ResourceId}">{c[..1].ToUpperInvariant() + c[1..]}</button></form>
            """)));
    }

    /// <summary>The fragment again after each change, at most ten times a second.</summary>
    static async IAsyncEnumerable<Html> Follow(
        ResourceNotificationService notifications, Func<ResourceEvent, bool> concerns, Func<Html> draw, HttpContext context, CancellationToken ending,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending, cancellationToken);
        var last = "";
        await foreach (var change in notifications.WatchAsync(over.Token).ConfigureAwait(false))
        {
            if (!concerns(change))
                continue;
            var html = draw();
            if (html.ToString() == last)
                continue;
            last = html.ToString();
            yield return html;
            await Task.Delay(100, over.Token).ConfigureAwait(false);
        }
    }

    static async IAsyncEnumerable<Html> Lines(
        ResourceLoggerService logs, string id, HttpContext context, CancellationToken ending, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending, cancellationToken);
        await foreach (var batch in logs.LogOf(id).WatchAsync(over.Token).ConfigureAwait(false))
        {
            yield return Html.Join(batch.Select(line => Html.Of(
                $"<div{(line.IsErrorMessage ? Html.Of($" class=\"error\"") : Html.Empty)}><time>{line.Time.ToLocalTime():HH:mm:ss.fff}</time>{Ansi().Replace(line.Content, "")}</div>")));
        }
    }

    /// <summary>Colours for a terminal: ECMA-48 control sequences.</summary>
    [GeneratedRegex("\u001b\\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex Ansi();
}
