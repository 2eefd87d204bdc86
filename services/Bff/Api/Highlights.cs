using System.Text.Json.Serialization;
using Blog.Bff.Cache;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using HighlightsClient = Blog.Interactions.V1.Highlights.HighlightsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>A passage by its words and what stands around them (TextQuoteSelector and TextPositionSelector of the W3C Web Annotation Data Model).</summary>
/// <param name="Exact">1 to 2,000 characters.</param>
/// <param name="Prefix">Up to 100 characters before it.</param>
/// <param name="Suffix">Up to 100 characters after it.</param>
/// <param name="Start">Where it begins in the article's text, in code points; a hint.</param>
public sealed record PassageSelector(string Exact, string Prefix = "", string Suffix = "", int Start = 0)
{
    public static PassageSelector From(TextSelector selector) => new(selector.Exact, selector.Prefix, selector.Suffix, selector.Start);

    public TextSelector ToMessage() => new() { Exact = Exact, Prefix = Prefix, Suffix = Suffix, Start = Start };
}

/// <summary>Whether the marked words stand in the text, stand there changed, or are not there any more.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HighlightPlace>))]
public enum HighlightPlace
{
    [JsonStringEnumMemberName("anchored")] Anchored,
    [JsonStringEnumMemberName("changed")] Changed,
    [JsonStringEnumMemberName("detached")] Detached,
}

/// <param name="Quote">The words as I marked them.</param>
/// <param name="Selector">Where they are now, or were last.</param>
/// <param name="Hidden">The article's author took it out of what others see.</param>
public sealed record MyHighlight(
    string Id, string ArticleId, string Quote, PassageSelector Selector, HighlightPlace Place, string Note, bool Public, bool Hidden, DateTime CreatedAt, long Revision)
{
    public static MyHighlight From(Highlight highlight) => new(
        highlight.Id, highlight.ArticleId, highlight.Quote, PassageSelector.From(highlight.Selector),
        highlight.State switch { HighlightState.Changed => HighlightPlace.Changed, HighlightState.Detached => HighlightPlace.Detached, _ => HighlightPlace.Anchored },
        highlight.Note, highlight.Public, highlight.Hidden, highlight.CreateTime.Utc(), highlight.Revision);
}

public sealed record PublicHighlight(string Id, Author Person, string Note);

/// <summary>A passage that people marked publicly.</summary>
/// <param name="Highlights">Up to three of them, those with notes first.</param>
public sealed record MarkedPassage(PassageSelector Selector, int People, IReadOnlyList<PublicHighlight> Highlights);

public sealed record PassageList(IReadOnlyList<MarkedPassage> Items);

/// <param name="Mine">In the order of the text.</param>
/// <param name="Passages">What others marked, without those whom I do not want to see; null: as everybody sees it.</param>
public sealed record ReaderHighlights(IReadOnlyList<MyHighlight> Mine, IReadOnlyList<MarkedPassage>? Passages);

public sealed record CreateHighlightInput(string ArticleId, PassageSelector Selector, string Note = "", bool Public = false);

/// <summary>What is left out (or null) stays as it is.</summary>
public sealed record UpdateHighlightInput(long Revision, string? Note = null, bool? Public = null);

public sealed record HideHighlightInput(bool Hidden);

/// <param name="Article">Null when it is not for readers any more.</param>
/// <param name="Title">As readers last saw it; empty when the article was deleted.</param>
public sealed record HighlightedArticle(string ArticleId, ArticleCard? Article, string Title, IReadOnlyList<MyHighlight> Highlights);

public sealed record HighlightedArticleList(IReadOnlyList<HighlightedArticle> Items, string? NextPageToken);

/// <summary>STALE_REVISION with the present highlight; or a rule that was broken.</summary>
public sealed record HighlightConflict(
    string Type, string Title, int Status, string TraceId, string? Detail = null, string? Reason = null,
    IReadOnlyDictionary<string, string[]>? Errors = null, MyHighlight? Current = null) : Problem(Type, Title, Status, TraceId, Detail, Reason, Errors);

/// <summary>Passages that readers marked: what everybody sees, and what is mine.</summary>
static class HighlightEndpoints
{
    public static void MapHighlights(this IEndpointRouteBuilder api) =>
        api.MapGet("/articles/{id}/highlights", ListPassages).WithTags("Highlights").WithName("listPassages")
            .WithSummary("The passages of an article that most people marked publicly, in the order of the text.");

    public static void MapMyHighlights(this IEndpointRouteBuilder me)
    {
        var conflict = new ProducesResponseTypeMetadata(StatusCodes.Status409Conflict, typeof(HighlightConflict), [ProblemJson.ContentType]);
        var group = me.MapGroup("").WithTags("Highlights").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/highlights", List).WithName("listMyHighlights").WithSummary("What I highlighted, by article, the article highlighted last first; with q, where quote or note has these words.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/highlights", Create).WithName("createHighlight").WithSummary("Marks a passage; the same passage again is the same highlight.")
            .ProducesProblem(StatusCodes.Status400BadRequest).WithMetadata(conflict);
        group.MapPatch("/highlights/{id}", Update).WithName("updateHighlight").WithSummary("Changes the note or who sees it.")
            .ProducesProblem(StatusCodes.Status400BadRequest).WithMetadata(conflict);
        group.MapDelete("/highlights/{id}", Remove).WithName("deleteHighlight").WithSummary("Removes a highlight; it can be brought back for a day.");
        group.MapPost("/highlights/{id}/restore", Restore).WithName("restoreHighlight").WithSummary("Takes a removal back.");
        group.MapPut("/articles/{articleId}/highlights/{id}/hidden", Hide).WithName("hideHighlight").WithSummary("Takes a public highlight on my article out of what others see, or shows it again.");
    }

    /// <summary>The reader's part for an article page that can do without it.</summary>
    public static async Task<ReaderHighlights?> ReaderHighlightsOrNullAsync(this HighlightsClient highlights, string articleId, HttpContext http, UsersClient users, CancellationToken ct)
    {
        var answer = await highlights.GetReaderHighlightsAsync(new() { ArticleId = articleId }, cancellationToken: ct).OrNullAsync(answer => answer);
        return answer is null ? null : new([.. answer.Highlights.Select(MyHighlight.From)], answer.PassagesDiffer ? await PassagesAsync(answer.Passages, http, users, ct) : null);
    }

    static async Task<Ok<PassageList>> ListPassages(Guid id, HttpContext http, HighlightsClient highlights, UsersClient users, CancellationToken ct)
    {
        http.AddCacheTags($"highlights:{id}", $"article:{id}");
        var answer = await highlights.ListPassagesAsync(new() { ArticleId = id.ToString() }, cancellationToken: ct);
        return TypedResults.Ok(new PassageList(await PassagesAsync(answer.Passages, http, users, ct)));
    }

    static async Task<IReadOnlyList<MarkedPassage>> PassagesAsync(IReadOnlyCollection<Passage> passages, HttpContext http, UsersClient users, CancellationToken ct)
    {
        var people = await users.AuthorsAsync(http, passages.SelectMany(p => p.Highlights).Select(h => h.PersonId), ct);
        return [.. passages.Select(p => new MarkedPassage(PassageSelector.From(p.Selector), p.People,
            [.. p.Highlights.Where(h => people.ContainsKey(h.PersonId)).Select(h => new PublicHighlight(h.Id, people[h.PersonId], h.Note))]))];
    }

    static async Task<Ok<HighlightedArticleList>> List(
        HttpContext http, HighlightsClient highlights, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct,
        string? q = null, string? pageToken = null, int? pageSize = null)
    {
        var page = await highlights.ListMyHighlightsAsync(new() { Query = q ?? "", PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var cards = (await ArticleEndpoints.CardsAsync(http, articles, users, [.. page.Articles.Select(a => a.ArticleId)], ct)).ToDictionary(card => card.Id);
        return TypedResults.Ok(new HighlightedArticleList(
            [.. page.Articles.Select(a => new HighlightedArticle(a.ArticleId, cards.GetValueOrDefault(a.ArticleId), a.Title, [.. a.Highlights.Select(MyHighlight.From)]))],
            page.NextPageToken.OrNull()));
    }

    static async Task<Ok<MyHighlight>> Create(CreateHighlightInput input, HighlightsClient highlights, PageCache cache, CancellationToken ct) =>
        Changed((await highlights.CreateHighlightAsync(
            new() { ArticleId = input.ArticleId, Selector = input.Selector.ToMessage(), Note = input.Note, Public = input.Public }, cancellationToken: ct)).Highlight, cache);

    static async Task<Ok<MyHighlight>> Update(Guid id, UpdateHighlightInput input, HighlightsClient highlights, PageCache cache, CancellationToken ct)
    {
        var request = new UpdateHighlightRequest { Id = id.ToString(), ExpectedRevision = input.Revision, UpdateMask = new() };
        if (input.Note is { } note) { request.Note = note; request.UpdateMask.Paths.Add("note"); }
        if (input.Public is { } isPublic) { request.Public = isPublic; request.UpdateMask.Paths.Add("public"); }
        return Changed((await highlights.UpdateHighlightAsync(request, cancellationToken: ct)).Highlight, cache);
    }

    static async Task<NoContent> Remove(Guid id, HighlightsClient highlights, CancellationToken ct)
    {
        await highlights.DeleteHighlightAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<Ok<MyHighlight>> Restore(Guid id, HighlightsClient highlights, PageCache cache, CancellationToken ct) =>
        Changed((await highlights.RestoreHighlightAsync(new() { Id = id.ToString() }, cancellationToken: ct)).Highlight, cache);

    static async Task<NoContent> Hide(Guid articleId, Guid id, HideHighlightInput input, HighlightsClient highlights, PageCache cache, CancellationToken ct)
    {
        await highlights.HideHighlightAsync(new() { ArticleId = articleId.ToString(), Id = id.ToString(), Hidden = input.Hidden }, cancellationToken: ct);
        cache.HighlightsChanged(articleId.ToString());
        return TypedResults.NoContent();
    }

    static Ok<MyHighlight> Changed(Highlight highlight, PageCache cache)
    {
        cache.HighlightsChanged(highlight.ArticleId);
        return TypedResults.Ok(MyHighlight.From(highlight));
    }
}
