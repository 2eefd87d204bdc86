using Blog.Bff.Cache;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Blog.Bff.Api;

public sealed record CreateArticleInput(ArticleContentInput? Content = null);

public sealed record UpdateArticleInput(ArticleContentInput Content, long Revision);

public sealed record RevisionInput(long Revision);

/// <param name="Revision">That was seen.</param>
/// <param name="ScheduleTime">Still to come, within two years.</param>
public sealed record ScheduleInput(long Revision, DateTimeOffset ScheduleTime);

public sealed record PreviewInput(string Markdown);

/// <param name="PendingLinks">Addresses that are paragraphs of their own, and of which nothing is known yet.</param>
public sealed record Preview(string Html, IReadOnlyList<Heading> Headings, int WordCount, int ReadingMinutes, IReadOnlyList<string> PendingLinks);

/// <summary>What an author does: drafts, saves, publishes. Every change names the revision it saw.</summary>
static class MyArticleEndpoints
{
    /// <summary>5 MB of Markdown, each character escaped at its worst, stays below this.</summary>
    const long MaxBody = 36 * 1024 * 1024;

    public static void MapMyArticles(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/articles").WithTags("My articles").WithMetadata(new BodyLimit(MaxBody));

        group.MapGet("", List).WithName("listMyArticles").WithSummary("My articles without their text, last changed first.")
            .AddOpenApiOperationTransformer((operation, context, _) =>
            {
                if (operation.Parameters?.FirstOrDefault(parameter => parameter.Name == "status") is OpenApiParameter status)
                    status.Schema = new OpenApiSchemaReference(nameof(ArticleStatus), context.Document);
                return Task.CompletedTask;
            });
        group.MapPost("", Create).WithName("createMyArticle").WithSummary("A new draft; repeated with the same Idempotency-Key it is the same draft.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge);

        var one = group.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", Get).WithName("getMyArticle").WithSummary("My working copy.");
        var changes = one.MapGroup("").ProducesProblem(StatusCodes.Status400BadRequest).WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status409Conflict, typeof(ArticleConflict), [ProblemJson.ContentType]));
        changes.MapPut("", Update).WithName("updateMyArticle").WithSummary("Saves the working copy; readers see nothing of it before it is published.")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        changes.MapPost("/publish", Publish).WithName("publishMyArticle").WithSummary("Makes the working copy what readers see.");
        changes.MapPost("/unpublish", Unpublish).WithName("unpublishMyArticle").WithSummary("Takes the article away from readers; the working copy stays.");
        changes.MapPut("/schedule", Schedule).WithName("scheduleMyArticle").WithSummary("Has the working copy, as it is then, published at a time; again with another time changes it.");
        changes.MapDelete("/schedule", CancelSchedule).WithName("cancelMySchedule").WithSummary("It is not published by itself any more.");
        changes.MapDelete("", Delete).WithName("deleteMyArticle").WithSummary("Deletes the article for good.");

        me.MapPost("/preview", RenderPreview).WithTags("My articles").WithMetadata(new BodyLimit(MaxBody)).WithName("previewMarkdown")
            .WithSummary("The HTML that publishing this Markdown would give.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
    }

    static async Task<Ok<MyArticleList>> List(
        Articles.ArticlesClient articles, CurrentPerson person, CancellationToken ct,
        string? status = null, bool? scheduled = null, string? pageToken = null, int? pageSize = null)
    {
        var page = await articles.ListMyArticlesAsync(new()
        {
            // A query's enum would be bound by its C# name, and "draft" refused.
            Status = status switch
            {
                "draft" => Content.V1.ArticleStatus.Draft,
                "published" => Content.V1.ArticleStatus.Published,
                "unpublished" => Content.V1.ArticleStatus.Unpublished,
                null or "" => Content.V1.ArticleStatus.Unspecified,
                _ => throw new ProblemException(StatusCodes.Status400BadRequest, "INVALID_STATUS", "A status is draft, published or unpublished."),
            },
            Scheduled = scheduled ?? false,
            PageToken = pageToken ?? "",
            PageSize = pageSize ?? 0,
        }, cancellationToken: ct);
        var items = new List<MyArticle>();
        foreach (var article in page.Articles)
            items.Add(MyArticle.From(article, await person.HandleOfAsync(article.AuthorId, ct)));
        return TypedResults.Ok(new MyArticleList(items, page.NextPageToken.OrNull()));
    }

    static async Task<Created<MyArticle>> Create(CreateArticleInput input, Articles.ArticlesClient articles, CurrentPerson person, CancellationToken ct)
    {
        var answer = await articles.CreateArticleAsync(new() { Content = input.Content?.ToContent() ?? new() }, cancellationToken: ct);
        return TypedResults.Created($"/api/v1/me/articles/{answer.Article.Id}", MyArticle.From(answer.Article, await person.HandleOfAsync(answer.Article.AuthorId, ct)));
    }

    static async Task<Ok<MyArticle>> Get(Guid id, Articles.ArticlesClient articles, CurrentPerson person, CancellationToken ct)
    {
        var answer = await articles.GetArticleAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.Ok(MyArticle.From(answer.Article, await person.HandleOfAsync(answer.Article.AuthorId, ct)));
    }

    static async Task<Ok<MyArticle>> Update(Guid id, UpdateArticleInput input, Articles.ArticlesClient articles, CurrentPerson person, CancellationToken ct)
    {
        var answer = await articles.UpdateArticleAsync(
            new() { Id = id.ToString(), Content = input.Content.ToContent(), ExpectedRevision = input.Revision }, cancellationToken: ct);
        return TypedResults.Ok(MyArticle.From(answer.Article, await person.HandleOfAsync(answer.Article.AuthorId, ct)));
    }

    static async Task<Ok<MyArticle>> Publish(
        Guid id, RevisionInput input, Articles.ArticlesClient articles, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        var answer = await articles.PublishArticleAsync(new() { Id = id.ToString(), ExpectedRevision = input.Revision }, cancellationToken: ct);
        cache.ArticleChanged(answer.Article.Id, [answer.Article.AuthorId, .. answer.Article.CoAuthorIds], [answer.Article.PublishedSlug]);
        if (answer.Article.TranslationGroupId.OrNull() is { } group) cache.TranslationsChanged(group, []);
        return TypedResults.Ok(MyArticle.From(answer.Article, await person.HandleOfAsync(answer.Article.AuthorId, ct)));
    }

    static async Task<Ok<MyArticle>> Unpublish(
        Guid id, RevisionInput input, Articles.ArticlesClient articles, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        var answer = await articles.UnpublishArticleAsync(new() { Id = id.ToString(), ExpectedRevision = input.Revision }, cancellationToken: ct);
        cache.ArticleRemoved(answer.Article.Id, [answer.Article.AuthorId, .. answer.Article.CoAuthorIds]);
        if (answer.Article.TranslationGroupId.OrNull() is { } group) cache.TranslationsChanged(group, []);
        return TypedResults.Ok(MyArticle.From(answer.Article, await person.HandleOfAsync(answer.Article.AuthorId, ct)));
    }

    static async Task<Ok<MyArticle>> Schedule(Guid id, ScheduleInput input, Articles.ArticlesClient articles, CurrentPerson person, CancellationToken ct)
    {
        var answer = await articles.ScheduleArticleAsync(new() { Id = id.ToString(), ExpectedRevision = input.Revision, ScheduleTime = Timestamp.FromDateTimeOffset(input.ScheduleTime) }, cancellationToken: ct);
        return TypedResults.Ok(MyArticle.From(answer.Article, await person.HandleOfAsync(answer.Article.AuthorId, ct)));
    }

    static async Task<Ok<MyArticle>> CancelSchedule(Guid id, long revision, Articles.ArticlesClient articles, CurrentPerson person, CancellationToken ct)
    {
        var answer = await articles.CancelScheduleAsync(new() { Id = id.ToString(), ExpectedRevision = revision }, cancellationToken: ct);
        return TypedResults.Ok(MyArticle.From(answer.Article, await person.HandleOfAsync(answer.Article.AuthorId, ct)));
    }

    static async Task<NoContent> Delete(
        Guid id, long revision, Articles.ArticlesClient articles, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        await articles.DeleteArticleAsync(new() { Id = id.ToString(), ExpectedRevision = revision }, cancellationToken: ct);
        cache.ArticleRemoved(id.ToString(), [person.Id]);
        return TypedResults.NoContent();
    }

    static async Task<Ok<Preview>> RenderPreview(PreviewInput input, Articles.ArticlesClient articles, CancellationToken ct)
    {
        var answer = await articles.RenderMarkdownAsync(new() { Markdown = input.Markdown }, cancellationToken: ct);
        return TypedResults.Ok(new Preview(answer.Html, Headings(answer.Headings), answer.WordCount, answer.ReadingMinutes, answer.PendingLinks));
    }

    static IReadOnlyList<Heading> Headings(RepeatedField<Content.V1.Heading> headings) => [.. headings.Select(Heading.From)];
}
