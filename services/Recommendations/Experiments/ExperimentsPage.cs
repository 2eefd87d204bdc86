using System.Globalization;
using System.Text;
using Blog.Recommendations.Data;
using Blog.Recommendations.Switches;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.FeatureFlags;
using Grpc.Core;
using Npgsql;
using FlagsV1 = Blog.Flags.V1;
using Kind = Blog.Recommendations.V1.Outcome.Types.Kind;

namespace Blog.Recommendations.Experiments;

/// <summary>
/// The operator's page <c>/experiments</c> on the service's inner HTTP port, which nobody outside reaches: how variants compare, a button that ends an experiment, and the flags with a
/// button each. Follows by itself.
/// </summary>
static class ExperimentsPage
{
    const string Path = "/experiments";
    const int Shown = 20;

    public static void MapExperimentsPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ShowAsync).AllowAnonymous();
        var changes = app.MapGroup(Path).AllowAnonymous();
        // A page from elsewhere, in the browser of an operator, presses no button here.
        changes.AddEndpointFilter(async (call, next) =>
            call.HttpContext.Request is var request && request.Headers.Origin == $"{request.Scheme}://{request.Host}" ? await next(call) : Results.StatusCode(StatusCodes.Status403Forbidden));
        changes.MapPost("/{name}/stop", async (string name, ExperimentsService experiments, CancellationToken cancel) => await DoneAsync(experiments.StopAsync(name, cancel)));
        changes.MapPost("/flags/{name}/{state:regex(^(on|off)$)}", async (string name, string state, FlagsService flags, CancellationToken cancel) => await DoneAsync(flags.TurnAsync(name, state == "on", cancel)));
    }

    static async Task<IResult> DoneAsync(Task change)
    {
        try
        {
            await change;
            return Results.Redirect(Path, preserveMethod: false);
        }
        catch (RpcException refused)
        {
            return Results.Text(refused.Status.Detail, statusCode: refused.StatusCode == StatusCode.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict);
        }
    }

    static async Task<IResult> ShowAsync(HttpContext http, RecommendationsDatabase database, FlagsService flags, TimeProvider time)
    {
        var cancel = http.RequestAborted;
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancel);
            var reports = new List<V1.Experiment>();
            foreach (var experiment in await connection.ListExperimentsAsync("order by stopped_at is not null, started_at desc, id desc limit $1", [Shown], cancel))
                reports.Add(await Report.ReadAsync(connection, experiment, time.GetUtcNow().UtcDateTime, cancel));
            return Page(Content(reports, await flags.ListAsync(cancel)), StatusCodes.Status200OK);
        }
        catch (NpgsqlException exception)
        {
            return Page($"<p class=\"bad\">The database is away: {OperatorPage.Text(exception.Message)}</p>", StatusCodes.Status503ServiceUnavailable);
        }
    }

    static IResult Page(string content, int status) => Results.Content(OperatorPage.Around("Experiments and flags", content), "text/html; charset=utf-8", Encoding.UTF8, status);

    static string Content(List<V1.Experiment> experiments, IReadOnlyList<FlagsV1.Flag> flags)
    {
        var html = new StringBuilder();
        html.Append("<p>A difference is stated with 95 % confidence, however often you look: where the interval leaves out 0, the variants differ. Who was first shown a page within the window does not count yet.</p>");
        if (experiments.Count == 0)
            html.Append("<p>No experiment was ever started. <code>./blog experiments start NAME --variant fresher:Fresh=0.4</code> starts one.</p>");
        foreach (var experiment in experiments)
            Append(html, experiment);
        html.Append("<h2>Flags</h2><div class=\"scroll\"><table><thead><tr><th>Flag</th><th>State</th><th>Does</th><th></th></tr></thead><tbody>");
        foreach (var (flag, known) in flags.Zip(Flag.All))
            html.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{flag.Name}</code></td><td>{Said(flag)}</td><td>{OperatorPage.Text(known.Does)}</td><td>{Button($"{Path}/flags/{flag.Name}/{(flag.On ? "off" : "on")}", flag.On ? "Turn off" : "Turn on")}</td></tr>");
        return html.Append("</tbody></table></div>").ToString();
    }

    /// <summary>How a flag stands, in words.</summary>
    static string Said(FlagsV1.Flag flag) => !flag.On ? "<span class=\"bad\">off</span>"
        : flag.Share == 100 ? "on"
        : string.Create(CultureInfo.InvariantCulture, $"on for {flag.Share} % of people{(flag.PersonIds.Count > 0 ? $" and {flag.PersonIds.Count} by name" : "")}");

    static void Append(StringBuilder html, V1.Experiment experiment)
    {
        var state = experiment.StopTime is { } end
            ? string.Create(CultureInfo.InvariantCulture, $"{Time(experiment.StartTime.ToDateTime())} to {Time(end.ToDateTime())}")
            : $"since {Time(experiment.StartTime.ToDateTime())} {Button($"{Path}/{experiment.Name}/stop", "Stop")}";
        html.Append(CultureInfo.InvariantCulture, $"<h2>{OperatorPage.Text(experiment.Name)}</h2><p>{experiment.People} % of people, what they do within {Span(experiment.Window.ToTimeSpan())}, {state}</p>");
        html.Append("<div class=\"scroll\"><table><thead><tr><th>Variant</th><th class=\"n\">Shown to</th><th class=\"n\">Counted</th>");
        foreach (var outcome in experiment.Variants[0].Outcomes)
            html.Append(CultureInfo.InvariantCulture, $"<th class=\"n\">{Word(outcome.Kind)}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var variant in experiment.Variants)
        {
            var weights = string.Join(", ", variant.Weights.OrderBy(weight => weight.Key, StringComparer.Ordinal).Select(weight => string.Create(CultureInfo.InvariantCulture, $"{weight.Key} {weight.Value}")));
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{OperatorPage.Text(variant.Name)}<br><small>{OperatorPage.Text(weights.Length > 0 ? weights : "the formula in use")}</small>");
            if (variant.Problem.Length > 0)
                html.Append(CultureInfo.InvariantCulture, $"<br><span class=\"bad\">cannot be used: {OperatorPage.Text(variant.Problem)}</span>");
            html.Append(CultureInfo.InvariantCulture, $"</td><td class=\"n\">{variant.Exposed:N0}</td><td class=\"n\">{variant.Counted:N0}</td>");
            foreach (var outcome in variant.Outcomes)
                html.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{Rate(outcome.People, variant.Counted)}{Interval(outcome)}</td>");
            html.Append("</tr>");
        }
        html.Append("</tbody></table></div>");
    }

    static string Rate(long some, long all) => all == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * some / all:0.0} %");

    static string Interval(V1.Outcome outcome)
    {
        if (!outcome.HasDifference)
            return "";
        var interval = string.Create(CultureInfo.InvariantCulture, $"{100 * outcome.Difference:+0.0;−0.0} [{100 * outcome.Lowest:+0.0;−0.0}, {100 * outcome.Highest:+0.0;−0.0}]");
        var more = outcome.Lowest > 0 ? "more" : outcome.Highest < 0 ? "fewer" : null;
        return $"<br><small>{interval}{(more is null ? "" : $" <strong>{more}</strong>")}</small>";
    }

    static string Word(Kind kind) => kind switch
    {
        Kind.Opened => "Opened a story",
        Kind.Finished => "Read one to the end",
        Kind.Clapped => "Clapped",
        Kind.Followed => "Followed",
        _ => "Turned down",
    };

    static string Button(string address, string word) => $"<form method=\"post\" action=\"{address}\"><button>{word}</button></form>";

    static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    static string Span(TimeSpan span) => span == TimeSpan.FromDays(1) ? "a day" : span.TotalHours % 24 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days") : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} hours");
}
