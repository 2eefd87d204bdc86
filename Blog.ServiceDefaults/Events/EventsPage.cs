using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>The operator's page <c>/events</c> on a service's inner HTTP port, which nobody outside reaches: how the service stands with its events. Follows by itself.</summary>
static class EventsPage
{
    const int ShownDeadLetters = 20;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/events", async (EventStatus status, OutboxSettings outbox, IServiceProvider services, HttpContext http) =>
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var report = await status.ReadAsync(http.RequestAborted);
            var letters = services.GetService<IDeadLetters>() is { } dead ? await dead.ListAsync(null, 0, ShownDeadLetters, http.RequestAborted) : [];
            return Results.Content(Page(outbox.Service, report, letters), "text/html; charset=utf-8");
        }
        catch (NpgsqlException exception)
        {
            return Results.Content(OperatorPage.Around($"Events of {outbox.Service}", $"<p class=\"bad\">The database is away: {Text(exception.Message)}</p>"), "text/html; charset=utf-8", Encoding.UTF8, StatusCodes.Status503ServiceUnavailable);
        }
    }).AllowAnonymous();

    static string Page(string service, EventReport report, IReadOnlyList<DeadLetter> letters)
    {
        var html = new StringBuilder();
        html.Append("<h2>Published</h2><div class=\"scroll\"><table><thead><tr><th>Waiting in the outbox</th><th class=\"n\">Events</th><th class=\"n\">Oldest</th></tr></thead><tbody>");
        html.Append(CultureInfo.InvariantCulture, $"<tr><td>News</td>{Number(report.Waiting - report.WaitingAgain)}<td class=\"n\">{Age(report.OldestWaiting)}</td></tr>");
        html.Append(CultureInfo.InvariantCulture, $"<tr><td>Replay</td>{Number(report.WaitingAgain)}<td></td></tr></tbody></table></div>");
        if (report.BrokerProblem is { } problem) html.Append(CultureInfo.InvariantCulture, $"<p class=\"bad\">The broker does not answer: {Text(problem)}</p>");
        if (report.Topics.Count > 0)
        {
            html.Append("<h2>Followed</h2><div class=\"scroll\"><table><thead><tr><th>Topic</th><th class=\"n\">Partitions</th><th class=\"n\">Behind</th><th class=\"n\">Oldest</th><th class=\"n\">Dead letters</th></tr></thead><tbody>");
            foreach (var topic in report.Topics)
                html.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{Text(topic.Topic)}</code></td>{Number(topic.Partitions)}{Number(topic.Lag)}<td class=\"n\">{Age(topic.Age)}</td>{Number(topic.DeadLetters, bad: topic.DeadLetters > 0)}</tr>");
            html.Append("</tbody></table></div>");
        }
        if (letters.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>Dead letters, the oldest {letters.Count}</h2><p><code>./blog events dead retry --service {Text(service)} --id N</code> handles one again, <code>drop</code> gives it up.</p>");
            html.Append("<div class=\"scroll\"><table><thead><tr><th class=\"n\">Id</th><th>Topic and key</th><th>Reason</th><th>Error</th><th>Since</th></tr></thead><tbody>");
            foreach (var letter in letters)
                html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{letter.Id}</td><td><code>{Text(letter.Topic)}</code><br><code>{Text(letter.Key)}</code></td><td>{letter.Reason}</td><td>{Text(letter.Error)}</td><td>{letter.DeadTime:yyyy-MM-dd HH:mm:ss}</td></tr>");
            html.Append("</tbody></table></div>");
        }
        return OperatorPage.Around($"Events of {service}", html.ToString());
    }

    static string Number(long value, bool bad = false) => string.Create(CultureInfo.InvariantCulture, $"<td class=\"n{(bad ? " bad" : "")}\">{value:N0}</td>");

    static string Age(TimeSpan age) => age <= TimeSpan.Zero ? "" : age < TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min");

    static string Text(string text) => OperatorPage.Text(text);
}
