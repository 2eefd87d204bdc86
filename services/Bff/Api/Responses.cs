using System.Text.Json.Serialization;
using Blog.Bff.Cache;
using Blog.Bff.Limits;
using Blog.Bff.Sessions;
using Blog.Interactions.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using InteractionsV1 = Blog.Interactions.V1;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<ResponseState>))]
public enum ResponseState
{
    [JsonStringEnumMemberName("visible")] Visible,
    [JsonStringEnumMemberName("deleted")] Deleted,
    [JsonStringEnumMemberName("hidden")] Hidden,
}

/// <param name="ParentId">What it answers; null: the article.</param>
/// <param name="Depth">0 to 2.</param>
/// <param name="Author">Null when its words are not to be seen, or when it is of nobody here.</param>
/// <param name="ImportedFrom">What its author was called where it comes from: it came with the story from another site, and its author has no account here.</param>
/// <param name="Answers">Whom it answers, where its place does not say so.</param>
/// <param name="Markdown">Only of my own.</param>
/// <param name="Replies">The first answers under it.</param>
/// <param name="NextRepliesToken">Where the others begin.</param>
/// <param name="MyClaps">0 unless I ask for myself.</param>
public sealed record ArticleResponse(
    string Id, string? ParentId, int Depth, ResponseState State, Author? Author, Author? Answers, string Html, string? Markdown, DateTime CreatedAt, DateTime? EditedAt,
    long Revision, long Claps, int MyClaps, int ReplyCount, IReadOnlyList<ArticleResponse> Replies, string? NextRepliesToken, string? ImportedFrom)
{
    public static ArticleResponse From(Response response, IReadOnlyDictionary<string, Author> people) => new(
        response.Id, response.ParentId.OrNull(), response.Depth,
        response.State switch
        {
            InteractionsV1.ResponseState.Deleted => ResponseState.Deleted,
            InteractionsV1.ResponseState.Hidden => ResponseState.Hidden,
            _ => ResponseState.Visible,
        },
        people.GetValueOrDefault(response.AuthorId), people.GetValueOrDefault(response.ParentAuthorId), response.Html, response.Markdown.OrNull(),
        response.CreateTime.Utc(), response.EditTime.UtcOrNull(), response.Revision, response.Claps, response.MyClaps, response.ReplyCount,
        [.. response.Replies.Select(reply => From(reply, people))], response.NextRepliesToken.OrNull(), response.AuthorName.OrNull());
}

/// <param name="Total">Of the whole article, answers included.</param>
/// <param name="Locked">The author takes no more.</param>
public sealed record ResponseList(IReadOnlyList<ArticleResponse> Items, string? NextPageToken, long Total, bool Locked);

/// <param name="Ancestors">What it stands under, outermost first.</param>
public sealed record ResponseThread(ArticleResponse Response, IReadOnlyList<ArticleResponse> Ancestors, long Total, bool Locked);

/// <param name="Markdown">Up to 10,000 characters.</param>
/// <param name="ParentId">What it answers; null: the article.</param>
public sealed record ResponseInput(string Markdown, string? ParentId = null);

public sealed record EditResponseInput(string Markdown, long Revision);

public sealed record HiddenInput(bool Hidden);

public sealed record LockedInput(bool Locked);

/// <summary>STALE_REVISION with the present response; LOCKED, RESPONSE_DELETED or RESPONSE_HIDDEN: what was to be answered is closed or gone.</summary>
public sealed record ResponseConflict(
    string Type, string Title, int Status, string TraceId, string? Detail = null, string? Reason = null,
    IReadOnlyDictionary<string, string[]>? Errors = null, ArticleResponse? Current = null) : Problem(Type, Title, Status, TraceId, Detail, Reason, Errors);

/// <summary>
/// What people say under an article. Everyone's view is public, the same for all and cached; that of a signed-in reader leaves out whom they do
/// not want to see, and knows their claps.
/// </summary>
static class ResponseEndpoints
{
    /// <summary>A text a hundred times too long is still read, to be refused by name rather than cut off.</summary>
    const long MaxBody = 4 * 1024 * 1024;

    public static void MapResponses(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/articles/{articleId}/responses").WithTags("Responses")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("", ListPublic).WithName("listResponses").WithSummary("Responses to an article (sort: best or newest), or the answers to one of them (parent), with the first answers under each.");
        group.MapGet("/{id}", GetPublic).WithName("getResponse").WithSummary("One response with what it answers and the answers to it.");
    }

    public static void MapMyResponses(this IEndpointRouteBuilder me)
    {
        var reader = me.MapGroup("/reader/{articleId}").WithTags("Responses")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        reader.MapPut("/locked", Lock).WithName("lockResponses").WithSummary("Whether my article takes no more responses.");

        var group = reader.MapGroup("/responses").WithMetadata(new BodyLimit(MaxBody));
        group.MapGet("", ListMine).WithName("listResponsesForMe").WithSummary("The same as everyone sees, without people I muted or who are apart from me, and with my claps.");
        group.MapGet("/{id}", GetMine).WithName("getResponseForMe").WithSummary("One response as I see it.");
        group.MapDelete("/{id}", Delete).WithName("deleteResponse").WithSummary("Deletes my response; where somebody answered, an empty place stays.");
        group.MapPut("/{id}/hidden", Hide).WithName("hideResponse").WithSummary("Takes a response to my article out of sight, or shows it again.");

        var writing = group.MapGroup("").ProducesProblem(StatusCodes.Status413PayloadTooLarge).AddEndpointFilter(LimitAsync)
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status409Conflict, typeof(ResponseConflict), [ProblemJson.ContentType]));
        writing.MapPost("", Create).WithName("createResponse").WithSummary("Responds to the article or to a response; repeated with the same Idempotency-Key it is the same response.");
        writing.MapPut("/{id}", Update).WithName("updateResponse").WithSummary("Changes my response, which is then marked as edited.");
    }

    /// <summary>A person who writes more than this is a program.</summary>
    static async ValueTask<object?> LimitAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var services = call.HttpContext.RequestServices;
        var allowance = services.GetRequiredService<IOptions<RateLimitOptions>>().Value.Responses;
        var wait = await services.GetRequiredService<RateLimiter>().TakeAsync($"responses:{services.GetRequiredService<CurrentPerson>().Id}", allowance);
        return wait > TimeSpan.Zero
            ? throw new ProblemException(StatusCodes.Status429TooManyRequests, "TOO_MANY_RESPONSES", "You have responded a lot in a short time. Wait a moment; your text is kept.") { RetryAfter = wait }
            : await next(call);
    }

    static ListResponsesRequest Asking(Guid articleId, string? sort, string? parent, string? pageToken, int? pageSize, bool personal) => new()
    {
        ArticleId = articleId.ToString(),
        ParentId = parent ?? "",
        Sort = sort switch
        {
            null or "" or "best" => ResponseSort.Best,
            "newest" => ResponseSort.Newest,
            _ => throw new ProblemException(StatusCodes.Status400BadRequest, "INVALID_SORT", "Responses are sorted by best or newest."),
        },
        PageToken = pageToken ?? "",
        PageSize = pageSize ?? 0,
        Personal = personal,
    };

    static async Task<Ok<ResponseList>> ListPublic(
        Guid articleId, HttpContext http, Responses.ResponsesClient responses, UsersClient users, CancellationToken ct,
        string? sort = null, string? parent = null, string? pageToken = null, int? pageSize = null)
    {
        http.AddCacheTags(ChangeTags.ResponsesOf(articleId.ToString()), $"article:{articleId}");
        return TypedResults.Ok(await ListAsync(http, responses, users, Asking(articleId, sort, parent, pageToken, pageSize, personal: false), ct));
    }

    static async Task<Ok<ResponseList>> ListMine(
        Guid articleId, HttpContext http, Responses.ResponsesClient responses, UsersClient users, CancellationToken ct,
        string? sort = null, string? parent = null, string? pageToken = null, int? pageSize = null) =>
        TypedResults.Ok(await ListAsync(http, responses, users, Asking(articleId, sort, parent, pageToken, pageSize, personal: true), ct));

    static async Task<Ok<ResponseThread>> GetPublic(Guid articleId, Guid id, HttpContext http, Responses.ResponsesClient responses, UsersClient users, CancellationToken ct)
    {
        http.AddCacheTags(ChangeTags.ResponsesOf(articleId.ToString()), $"article:{articleId}");
        return TypedResults.Ok(await ThreadAsync(http, responses, users, new() { ArticleId = articleId.ToString(), Id = id.ToString() }, ct));
    }

    static async Task<Ok<ResponseThread>> GetMine(Guid articleId, Guid id, HttpContext http, Responses.ResponsesClient responses, UsersClient users, CancellationToken ct) =>
        TypedResults.Ok(await ThreadAsync(http, responses, users, new() { ArticleId = articleId.ToString(), Id = id.ToString(), Personal = true }, ct));

    static async Task<ResponseList> ListAsync(HttpContext http, Responses.ResponsesClient responses, UsersClient users, ListResponsesRequest request, CancellationToken ct)
    {
        var page = await responses.ListResponsesAsync(request, cancellationToken: ct);
        var people = await PeopleAsync(http, users, page.Responses, ct);
        return new([.. page.Responses.Select(response => ArticleResponse.From(response, people))], page.NextPageToken.OrNull(), page.Total, page.Locked);
    }

    static async Task<ResponseThread> ThreadAsync(HttpContext http, Responses.ResponsesClient responses, UsersClient users, GetResponseRequest request, CancellationToken ct)
    {
        var thread = await responses.GetResponseAsync(request, cancellationToken: ct);
        var people = await PeopleAsync(http, users, [thread.Response, .. thread.Ancestors], ct);
        return new(ArticleResponse.From(thread.Response, people), [.. thread.Ancestors.Select(response => ArticleResponse.From(response, people))], thread.Total, thread.Locked);
    }

    /// <summary>Everybody on the page, in one call.</summary>
    static Task<IReadOnlyDictionary<string, Author>> PeopleAsync(HttpContext http, UsersClient users, IEnumerable<Response> responses, CancellationToken ct)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        Collect(responses);
        return users.AuthorsAsync(http, ids, ct);

        void Collect(IEnumerable<Response> level)
        {
            foreach (var response in level)
            {
                ids.Add(response.AuthorId);
                ids.Add(response.ParentAuthorId);
                Collect(response.Replies);
            }
        }
    }

    static async Task<Created<ArticleResponse>> Create(
        Guid articleId, ResponseInput input, HttpContext http, Responses.ResponsesClient responses, UsersClient users, PageCache cache, CancellationToken ct)
    {
        var answer = await responses.CreateResponseAsync(new() { ArticleId = articleId.ToString(), ParentId = input.ParentId ?? "", Markdown = input.Markdown }, cancellationToken: ct);
        cache.ResponsesChanged(articleId.ToString());
        var people = await PeopleAsync(http, users, [answer.Response], ct);
        return TypedResults.Created($"/api/v1/articles/{articleId}/responses/{answer.Response.Id}", ArticleResponse.From(answer.Response, people));
    }

    static async Task<Ok<ArticleResponse>> Update(
        Guid articleId, Guid id, EditResponseInput input, HttpContext http, Responses.ResponsesClient responses, UsersClient users, PageCache cache, CancellationToken ct)
    {
        var answer = await responses.UpdateResponseAsync(
            new() { ArticleId = articleId.ToString(), Id = id.ToString(), Markdown = input.Markdown, ExpectedRevision = input.Revision }, cancellationToken: ct);
        cache.ResponsesChanged(articleId.ToString());
        return TypedResults.Ok(ArticleResponse.From(answer.Response, await PeopleAsync(http, users, [answer.Response], ct)));
    }

    static async Task<NoContent> Delete(Guid articleId, Guid id, Responses.ResponsesClient responses, PageCache cache, CancellationToken ct)
    {
        await responses.DeleteResponseAsync(new() { ArticleId = articleId.ToString(), Id = id.ToString() }, cancellationToken: ct);
        cache.ResponsesChanged(articleId.ToString(), isGone: true);
        return TypedResults.NoContent();
    }

    static async Task<Ok<ArticleResponse>> Hide(
        Guid articleId, Guid id, HiddenInput input, HttpContext http, Responses.ResponsesClient responses, UsersClient users, PageCache cache, CancellationToken ct)
    {
        var answer = await responses.SetResponseHiddenAsync(new() { ArticleId = articleId.ToString(), Id = id.ToString(), Hidden = input.Hidden }, cancellationToken: ct);
        cache.ResponsesChanged(articleId.ToString(), isGone: input.Hidden);
        return TypedResults.Ok(ArticleResponse.From(answer.Response, await PeopleAsync(http, users, [answer.Response], ct)));
    }

    static async Task<NoContent> Lock(Guid articleId, LockedInput input, Responses.ResponsesClient responses, PageCache cache, CancellationToken ct)
    {
        await responses.SetThreadLockedAsync(new() { ArticleId = articleId.ToString(), Locked = input.Locked }, cancellationToken: ct);
        cache.ResponsesChanged(articleId.ToString());
        return TypedResults.NoContent();
    }
}
