using System.Globalization;
using System.Text.Json.Serialization;
using Blog.Bff.Live;
using Blog.Bff.Sessions;
using Blog.Notifications.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationsClient = Blog.Notifications.V1.Notifications.NotificationsClient;
using V1 = Blog.Notifications.V1;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<NotificationKind>))]
public enum NotificationKind
{
    [JsonStringEnumMemberName("new_follower")] NewFollower = 1,
    [JsonStringEnumMemberName("claps")] Claps,
    [JsonStringEnumMemberName("response")] Response,
    [JsonStringEnumMemberName("reply")] Reply,
    [JsonStringEnumMemberName("mention")] Mention,
    [JsonStringEnumMemberName("article_published")] ArticlePublished,
    [JsonStringEnumMemberName("highlight")] Highlight,
    [JsonStringEnumMemberName("invitation")] Invitation,
    [JsonStringEnumMemberName("invitation_accepted")] InvitationAccepted,
    [JsonStringEnumMemberName("submission")] Submission,
    [JsonStringEnumMemberName("submission_answered")] SubmissionAnswered,
    [JsonStringEnumMemberName("schedule_missed")] ScheduleMissed,
    [JsonStringEnumMemberName("review_comment")] ReviewComment,
}

[JsonConverter(typeof(JsonStringEnumConverter<NotificationChannel>))]
public enum NotificationChannel
{
    [JsonStringEnumMemberName("in_app")] InApp = 1,
    [JsonStringEnumMemberName("email")] Email,
    [JsonStringEnumMemberName("push")] Push,
}

[JsonConverter(typeof(JsonStringEnumConverter<EmailCadence>))]
public enum EmailCadence
{
    [JsonStringEnumMemberName("at_once")] AtOnce = 1,
    [JsonStringEnumMemberName("daily")] Daily,
    [JsonStringEnumMemberName("weekly")] Weekly,
}

public sealed record NotificationActor(string Id, string Handle, string Name, string? AvatarUrl);

/// <param name="Position">Where it stands in the list: higher is later.</param>
/// <param name="Actors">Who acted, last first: up to 3 of <paramref name="ActorCount"/>.</param>
/// <param name="Title">Of the story it is about.</param>
/// <param name="OnResponse">It is about a response to that story.</param>
/// <param name="Url">Where it leads; null when that is gone.</param>
/// <param name="Withdrawn">Taken back: it is to vanish from a list that shows it.</param>
public sealed record NotificationItem(
    string Id, NotificationKind Kind, long Position, IReadOnlyList<NotificationActor> Actors, int ActorCount, string? ArticleId, string? Title, bool OnResponse,
    string Excerpt, string? Url, DateTime At, bool Unread, bool Withdrawn);

/// <param name="Sequence">What a stream resumes from (Last-Event-ID).</param>
/// <param name="Unseen">The number on the bell.</param>
/// <param name="ReadPosition">Everything up to it is read.</param>
public sealed record Bell(long Sequence, int Unread, int Unseen, long ReadPosition)
{
    internal static Bell From(V1.Bell bell) => new(bell.Sequence, bell.Unread, bell.Unseen, bell.ReadPosition);
}

public sealed record NotificationList(IReadOnlyList<NotificationItem> Items, string? NextPageToken, Bell Bell);

public sealed record SeenInput(long UpToPosition);

/// <summary>Everything up to a position, or these.</summary>
public sealed record ReadInput(long UpToPosition = 0, IReadOnlyList<string>? Ids = null);

public sealed record NotificationChoice(NotificationKind Kind, NotificationChannel Channel, bool Enabled);

/// <summary>Local times as HH:MM.</summary>
public sealed record QuietHours(string From, string To);

/// <param name="TimeZone">IANA name.</param>
/// <param name="DigestDay">1 (Monday) to 7 (Sunday).</param>
public sealed record NotificationPreferences(
    string TimeZone, QuietHours? QuietHours, EmailCadence EmailCadence, int DigestHour, int DigestDay, IReadOnlyList<NotificationChoice> Choices, long Revision)
{
    internal static NotificationPreferences From(Preferences stored) => new(
        stored.TimeZone, stored.QuietHours is { } quiet ? new(Clock(quiet.FromMinute), Clock(quiet.ToMinute)) : null, (EmailCadence)stored.EmailCadence,
        stored.DigestHour, stored.DigestDay,
        [.. stored.Choices.Select(c => new NotificationChoice((NotificationKind)c.Kind, (NotificationChannel)c.Channel, c.Enabled))], stored.Revision);

    internal Preferences ToMessage() => new()
    {
        TimeZone = TimeZone,
        QuietHours = QuietHours is null ? null : new() { FromMinute = Minute(QuietHours.From), ToMinute = Minute(QuietHours.To) },
        EmailCadence = (V1.EmailCadence)EmailCadence,
        DigestHour = DigestHour,
        DigestDay = DigestDay,
        Choices = { Choices.Select(c => new Choice { Kind = (V1.NotificationKind)c.Kind, Channel = (Channel)c.Channel, Enabled = c.Enabled }) },
    };

    static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    /// <summary>-1, which the service refuses with the field's name, when it is no time.</summary>
    static int Minute(string clock) => TimeOnly.TryParseExact(clock, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.Hour * 60 + time.Minute : -1;
}

/// <summary>STALE_REVISION: changed in another window meanwhile.</summary>
public sealed record PreferencesConflict(
    string Type, string Title, int Status, string TraceId, string? Detail = null, string? Reason = null,
    IReadOnlyDictionary<string, string[]>? Errors = null, NotificationPreferences? Current = null) : Problem(Type, Title, Status, TraceId, Detail, Reason, Errors);

public sealed record MutedArticle(string Id, string Title, string? Url);

public sealed record MutedArticleList(IReadOnlyList<MutedArticle> Items, string? NextPageToken);

/// <summary>What the signed-in person is told of, live and as a list, and how they want to be told.</summary>
static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder me)
    {
        me.MapGet("/events", LiveEndpoint.FollowAsync).WithTags("Notifications").WithName("followMyEvents")
            .WithSummary("Server-sent events: the bell, and each notification as it changes. Resumes after Last-Event-ID; a `reset` asks to load the list anew.")
            .Produces<LiveUpdate>(contentType: "text/event-stream");

        var group = me.MapGroup("/notifications").WithTags("Notifications");
        group.MapGet("", List).WithName("listMyNotifications").WithSummary("What happened, last activity first. `show` is all, unread or responses.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/bell", GetBell).WithName("getMyBell").WithSummary("The numbers at the bell.");
        group.MapPost("/seen", Seen).WithName("seeMyNotifications").WithSummary("The list was opened: the number on the bell goes, what is unread stays so.");
        group.MapPost("/read", Read).WithName("readMyNotifications").WithSummary("Marks as read.").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/preferences", GetPreferences).WithName("getMyNotificationPreferences").WithSummary("How I want to be told.");
        group.MapPut("/preferences", UpdatePreferences).WithName("updateMyNotificationPreferences").WithSummary("Replaces how I want to be told.")
            .ProducesProblem(StatusCodes.Status400BadRequest).Produces<PreferencesConflict>(StatusCodes.Status409Conflict, ProblemJson.ContentType);
        group.MapGet("/muted", ListMuted).WithName("listMyMutedArticles").WithSummary("Stories I want to hear nothing more of.").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPut("/muted/{articleId}", Mute).WithName("muteArticle").WithSummary("Nothing more about this story reaches me.").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/muted/{articleId}", Unmute).WithName("unmuteArticle").WithSummary("It may reach me again.");
    }

    static async Task<Ok<NotificationList>> List(
        NotificationsClient notifications, NotificationItems items, CurrentPerson person, CancellationToken ct, string? show = null, string? pageToken = null, int? pageSize = null)
    {
        var request = new ListNotificationsRequest { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 };
        switch (show)
        {
            case null or "" or "all":
                break;
            case "unread":
                request.UnreadOnly = true;
                break;
            case "responses":
                request.Kinds.Add([V1.NotificationKind.Response, V1.NotificationKind.Reply, V1.NotificationKind.Mention]);
                break;
            default:
                throw new ProblemException(StatusCodes.Status400BadRequest, "INVALID_FILTER", "Show all, unread or responses.");
        }
        var page = await notifications.ListNotificationsAsync(request, cancellationToken: ct);
        return TypedResults.Ok(new NotificationList([.. await items.FromAsync(page.Notifications, person.Id, ct)], page.NextPageToken.OrNull(), Bell.From(page.Bell)));
    }

    static async Task<Ok<Bell>> GetBell(NotificationsClient notifications, CancellationToken ct) =>
        TypedResults.Ok(Bell.From((await notifications.GetBellAsync(new(), cancellationToken: ct)).Bell));

    static async Task<Ok<Bell>> Seen(SeenInput input, NotificationsClient notifications, CancellationToken ct) =>
        TypedResults.Ok(Bell.From((await notifications.MarkSeenAsync(new() { UpToPosition = input.UpToPosition }, cancellationToken: ct)).Bell));

    static async Task<Ok<Bell>> Read(ReadInput input, NotificationsClient notifications, CancellationToken ct) =>
        TypedResults.Ok(Bell.From((await notifications.MarkReadAsync(new() { UpToPosition = input.UpToPosition, Ids = { input.Ids ?? [] } }, cancellationToken: ct)).Bell));

    static async Task<Ok<NotificationPreferences>> GetPreferences(NotificationsClient notifications, CancellationToken ct) =>
        TypedResults.Ok(NotificationPreferences.From((await notifications.GetPreferencesAsync(new(), cancellationToken: ct)).Preferences));

    static async Task<Ok<NotificationPreferences>> UpdatePreferences(NotificationPreferences input, NotificationsClient notifications, CancellationToken ct) =>
        TypedResults.Ok(NotificationPreferences.From((await notifications.UpdatePreferencesAsync(
            new() { Preferences = input.ToMessage(), ExpectedRevision = input.Revision }, cancellationToken: ct)).Preferences));

    static async Task<Ok<MutedArticleList>> ListMuted(
        NotificationsClient notifications, NotificationItems items, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await notifications.ListMutedArticlesAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var authors = await items.ProfilesAsync(page.Articles.Select(article => article.AuthorId), ct);
        return TypedResults.Ok(new MutedArticleList([.. page.Articles.Select(a => new MutedArticle(a.Id, a.Title, NotificationItems.UrlOf(a, authors)))], page.NextPageToken.OrNull()));
    }

    static async Task<NoContent> Mute(Guid articleId, NotificationsClient notifications, CancellationToken ct)
    {
        await notifications.MuteArticleAsync(new() { ArticleId = articleId.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> Unmute(Guid articleId, NotificationsClient notifications, CancellationToken ct)
    {
        await notifications.UnmuteArticleAsync(new() { ArticleId = articleId.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }
}
