using System.Globalization;
using System.Text.Json.Serialization;
using Blog.Notifications.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using NewslettersClient = Blog.Notifications.V1.Newsletters.NewslettersClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<NewsletterState>))]
public enum NewsletterState
{
    [JsonStringEnumMemberName("pending")] Pending = 1,
    [JsonStringEnumMemberName("active")] Active,
    [JsonStringEnumMemberName("ended")] Ended,
}

/// <param name="MaskedEmail">Enough for its owner to know it.</param>
/// <param name="Confirms">The link may confirm; otherwise it manages.</param>
public sealed record NewsletterLinkInfo(Author Author, NewsletterState State, string MaskedEmail, bool Confirms);

/// <param name="Kinds">Empty: all of them.</param>
public sealed record NotificationLinkInfo(IReadOnlyList<NotificationKind> Kinds, bool Enabled);

/// <summary>What a link from a mail is about: one of the two.</summary>
public sealed record MailLinkInfo(NewsletterLinkInfo? Newsletter, NotificationLinkInfo? Notifications);

/// <param name="Refused">By the mail server, for good.</param>
public sealed record NewsletterIssue(string ArticleId, string Title, DateTime At, bool Done, int Sent, int Refused);

/// <param name="Pending">Asked for it and have not confirmed yet.</param>
public sealed record MyNewsletter(int Subscribers, int Pending, NewsletterIssue? LastIssue);

public sealed record NewsletterSubscriber(string Email, DateTime ConfirmedAt);

public sealed record NewsletterSubscriberList(IReadOnlyList<NewsletterSubscriber> Items, string? NextPageToken);

/// <summary>Following people by mail. The forms come from pages without scripts, and the one-click unsubscription from mail programs; both are answered outside /api.</summary>
static class NewsletterEndpoints
{
    const int CsvPage = 1000;

    public static void MapNewsletters(this IEndpointRouteBuilder api) =>
        api.MapGet("/mail-links/{token}", GetLink).WithTags("Newsletters").WithName("getMailLink").WithSummary("What a link from a mail is about. Changes nothing.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    public static void MapMyNewsletter(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/newsletter").WithTags("Newsletters");
        group.MapGet("", GetMine).WithName("getMyNewsletter").WithSummary("How many follow me by e-mail, and how the last story went out.");
        group.MapGet("/subscribers", ListMine).WithName("listMySubscribers").WithSummary("My subscribers, oldest first.").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/subscribers.csv", ExportMine).WithName("exportMySubscribers").WithSummary("All of my subscribers as a file, to take along.")
            .Produces<string>(StatusCodes.Status200OK, "text/csv");
    }

    /// <summary>What forms and mail programs post.</summary>
    public static void MapNewsletterForms(this WebApplication app)
    {
        app.MapPost("/newsletter/subscribe", Subscribe).DisableAntiforgery().ExcludeFromDescription();
        app.MapPost("/newsletter/confirm", Confirm).DisableAntiforgery().ExcludeFromDescription();
        app.MapPost("/unsubscribe", Unsubscribe).DisableAntiforgery().ExcludeFromDescription();
    }

    static async Task<Ok<MailLinkInfo>> GetLink(string token, HttpContext http, NewslettersClient newsletters, UsersClient users, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var link = await newsletters.GetMailLinkAsync(new() { Token = token }, cancellationToken: ct);
        if (link.AboutCase is GetMailLinkResponse.AboutOneofCase.Notification)
            return TypedResults.Ok(new MailLinkInfo(null, new(link.Notification.Kind == 0 ? [] : [(NotificationKind)link.Notification.Kind], link.Notification.Enabled)));
        var author = (await users.GetProfileAsync(new() { Id = link.Newsletter.TargetId }, cancellationToken: ct)).Profile;
        return TypedResults.Ok(new MailLinkInfo(new(Author.From(author), (NewsletterState)link.Newsletter.State, link.Newsletter.MaskedEmail, link.Newsletter.Confirms), null));
    }

    /// <summary>The form on a profile and under an article. Whoever fills in the field that people do not see is a program, and is told the same.</summary>
    static async Task<SeeOther> Subscribe(HttpRequest request, NewslettersClient newsletters, UsersClient users, CancellationToken ct)
    {
        var form = await FormAsync(request, ct);
        var handle = form["to"].ToString();
        var here = $"/newsletter/subscribe?to={Uri.EscapeDataString(handle)}";
        if (form["website"].ToString().Length > 0) return See($"{here}&done=1");
        try
        {
            var author = (await users.GetProfileAsync(new() { Handle = handle }, cancellationToken: ct)).Profile;
            await newsletters.SubscribeAsync(new() { Target = Events.V1.FollowTarget.Person, TargetId = author.Id, Email = form["email"].ToString() }, cancellationToken: ct);
            return See($"{here}&done=1");
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.InvalidArgument)
        {
            return See($"{here}&problem=email");
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.NotFound)
        {
            return See(here);
        }
    }

    static async Task<SeeOther> Confirm(HttpRequest request, NewslettersClient newsletters, CancellationToken ct)
    {
        var token = (await FormAsync(request, ct))["t"].ToString();
        try
        {
            var confirmed = await newsletters.ConfirmSubscriptionAsync(new() { Token = token }, cancellationToken: ct);
            return See($"/unsubscribe?t={confirmed.ManageToken}&done=confirmed");
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return See($"/newsletter/confirm?t={Uri.EscapeDataString(token)}");
        }
    }

    /// <summary>
    /// A mail program's one click (RFC 8058 §3.2: the body is List-Unsubscribe=One-Click, no cookies, no redirects), or a button of the page. Looking at the page (GET) never does this.
    /// </summary>
    static async Task<IResult> Unsubscribe(HttpRequest request, NewslettersClient newsletters, CancellationToken ct)
    {
        var form = await FormAsync(request, ct);
        var token = request.Query["t"].ToString();
        var action = form["action"].ToString();
        var isOneClick = form["List-Unsubscribe"] == "One-Click";
        try
        {
            if (action == "undo") await newsletters.ResubscribeAsync(new() { Token = token }, cancellationToken: ct);
            else if (isOneClick || action is "end" or "everything") await newsletters.UnsubscribeAsync(new() { Token = token, Everything = action == "everything" }, cancellationToken: ct);
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.NotFound)
        {
            if (isOneClick) throw;
            return See("/unsubscribe");
        }
        return isOneClick ? TypedResults.Text("Unsubscribed.\n") : See($"/unsubscribe?t={Uri.EscapeDataString(token)}&done={(action == "undo" ? "undone" : "ended")}");
    }

    static SeeOther See(string path) => new(path);

    /// <summary>The answer to a post is a page to look at (303), so that loading it again posts nothing.</summary>
    sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            httpContext.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
    }

    static async Task<IFormCollection> FormAsync(HttpRequest request, CancellationToken ct) =>
        request.HasFormContentType ? await request.ReadFormAsync(ct) : FormCollection.Empty;

    static async Task<Ok<MyNewsletter>> GetMine(NewslettersClient newsletters, CancellationToken ct)
    {
        var mine = await newsletters.GetNewsletterAsync(new(), cancellationToken: ct);
        return TypedResults.Ok(new MyNewsletter(mine.SubscriberCount, mine.PendingCount,
            mine.LastIssue is { } issue ? new(issue.ArticleId, issue.Title, issue.CreateTime.ToDateTime(), issue.Done, issue.SentCount, issue.RefusedCount) : null));
    }

    static async Task<Ok<NewsletterSubscriberList>> ListMine(NewslettersClient newsletters, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await newsletters.ListSubscribersAsync(new() { PageSize = pageSize ?? 0, PageToken = pageToken ?? "" }, cancellationToken: ct);
        return TypedResults.Ok(new NewsletterSubscriberList([.. page.Subscribers.Select(s => new NewsletterSubscriber(s.Email, s.ConfirmTime.ToDateTime()))], page.NextPageToken.OrNull()));
    }

    static PushStreamHttpResult ExportMine(NewslettersClient newsletters, HttpContext http) => TypedResults.Stream(async stream =>
    {
        var ct = http.RequestAborted;
        await using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync("email,subscribed_at");
        var token = "";
        do
        {
            var page = await newsletters.ListSubscribersAsync(new() { PageSize = CsvPage, PageToken = token }, cancellationToken: ct);
            foreach (var subscriber in page.Subscribers)
                await writer.WriteLineAsync($"{Csv.Field(subscriber.Email)},{subscriber.ConfirmTime.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}");
            token = page.NextPageToken;
        }
        while (token.Length > 0);
    }, "text/csv", "subscribers.csv");
}
