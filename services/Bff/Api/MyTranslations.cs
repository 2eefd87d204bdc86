using Blog.Bff.Cache;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using TranslationsClient = Blog.Content.V1.Translations.TranslationsClient;

namespace Blog.Bff.Api;

/// <param name="Title">Empty: it has none yet, or is somebody else's draft.</param>
/// <param name="Language">BCP 47; null: not known.</param>
/// <param name="Url">Where readers find it.</param>
/// <param name="Mine">I am one of its authors.</param>
public sealed record MyTranslation(string ArticleId, string Title, string? Language, ArticleStatus Status, string? Url, bool Mine);

/// <param name="Items">The story itself among them, the original first; none: it has no translations.</param>
public sealed record MyTranslations(IReadOnlyList<MyTranslation> Items);

/// <param name="Language">BCP 47.</param>
/// <param name="SourceLanguage">Of the story, when nobody said that before.</param>
public sealed record TranslateInput(string Language, string? SourceLanguage = null);

/// <param name="Language">Of the story, when nobody said that before.</param>
/// <param name="OtherLanguage">Of the other one, likewise.</param>
public sealed record LinkTranslationInput(string? Language = null, string? OtherLanguage = null);

/// <summary>One of my stories in other languages.</summary>
static class MyTranslationsEndpoints
{
    public static void MapMyTranslations(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/articles/{id}/translations").WithTags("My translations").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("", List).WithName("listMyTranslations").WithSummary("One of my stories in all its languages.");
        var changes = group.MapGroup("").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        changes.MapPost("", Translate).WithName("translateMyArticle").WithSummary("A new draft with the text of one of my stories, in another language.");
        changes.MapPut("/{other}", Link).WithName("linkMyTranslation").WithSummary("Two of my stories say the same in different languages.");
        group.MapDelete("/{other}", Unlink).WithName("unlinkMyTranslation").WithSummary("Takes a story out of the translations of one of mine; that may be the same one.");
    }

    static async Task<Ok<MyTranslations>> List(Guid id, TranslationsClient translations, CurrentPerson person, CancellationToken ct) =>
        TypedResults.Ok(await ToldAsync((await translations.ListTranslationsAsync(new() { ArticleId = id.ToString() }, cancellationToken: ct)).Members, person, ct));

    static async Task<Created<MyArticle>> Translate(Guid id, TranslateInput input, TranslationsClient translations, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        var draft = (await translations.TranslateArticleAsync(new() { ArticleId = id.ToString(), Language = input.Language, SourceLanguage = input.SourceLanguage ?? "" }, cancellationToken: ct)).Article;
        cache.TranslationsChanged(draft.TranslationGroupId, [id.ToString()]);
        return TypedResults.Created($"/api/v1/me/articles/{draft.Id}", MyArticle.From(draft, await person.HandleOfAsync(draft.AuthorId, ct)));
    }

    static async Task<Ok<MyTranslations>> Link(Guid id, Guid other, LinkTranslationInput input, TranslationsClient translations, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        var linked = await translations.LinkTranslationAsync(
            new() { ArticleId = id.ToString(), OtherId = other.ToString(), Language = input.Language ?? "", OtherLanguage = input.OtherLanguage ?? "" }, cancellationToken: ct);
        cache.TranslationsChanged(linked.GroupId, linked.Members.Select(member => member.ArticleId));
        return TypedResults.Ok(await ToldAsync(linked.Members, person, ct));
    }

    static async Task<NoContent> Unlink(Guid id, Guid other, TranslationsClient translations, PageCache cache, CancellationToken ct)
    {
        var unlinked = await translations.UnlinkTranslationAsync(new() { ArticleId = id.ToString(), OtherId = other.ToString() }, cancellationToken: ct);
        cache.TranslationsChanged(unlinked.GroupId, unlinked.ArticleIds);
        return TypedResults.NoContent();
    }

    static async Task<MyTranslations> ToldAsync(IEnumerable<TranslationMember> members, CurrentPerson person, CancellationToken ct)
    {
        var items = new List<MyTranslation>();
        foreach (var member in members)
        {
            var handle = member.Status == Content.V1.ArticleStatus.Published ? await person.HandleOfAsync(member.AuthorId, ct) : null;
            items.Add(new(member.ArticleId, member.Title, member.Language.OrNull(), MyArticle.StatusFrom(member.Status), handle is null ? null : Addresses.Article(handle, member.PublishedSlug), member.Mine));
        }
        return new(items);
    }
}
