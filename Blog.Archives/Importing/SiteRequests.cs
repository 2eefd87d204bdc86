using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Archives.Importing;

/// <summary>An article that is ready as Content takes it, whoever calls.</summary>
public static class SiteRequests
{
    const int MostSlugs = 20;

    /// <summary>Imports the article; another address is tried when an article of the same author that is not from this archive has the wished one.</summary>
    /// <param name="ready">The article.</param>
    /// <param name="import">blog.content.v1.Articles/ImportArticle.</param>
    /// <exception cref="ImportRefusedException">Content does not take it; a failure of the system itself is thrown as it is.</exception>
    public static async Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle ready, Func<ImportArticleRequest, Task<ImportArticleResponse>> import)
    {
        var request = Of(ready);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await import(request);
                return (answer.Outcome switch
                {
                    ImportArticleResponse.Types.Outcome.Created => ImportOutcome.Created,
                    ImportArticleResponse.Types.Outcome.Updated => ImportOutcome.Updated,
                    _ => ImportOutcome.Unchanged,
                }, answer.Article.Id);
            }
            catch (RpcException taken) when (attempt < MostSlugs && taken.Violates("content.slug"))
            {
                request.Content.Slug = $"{ready.Article.Slug}-{attempt + 1}";
            }
            catch (RpcException refused) when (IsRefusal(refused))
            {
                throw new ImportRefusedException(refused.Status.Detail, refused);
            }
        }
    }

    /// <summary>The article or picture is at fault, not the system.</summary>
    public static bool IsRefusal(RpcException problem) =>
        problem.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted or StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.NotFound or StatusCode.Aborted or StatusCode.OutOfRange or StatusCode.Internal or StatusCode.Unknown;

    static ImportArticleRequest Of(ReadyArticle ready) => new()
    {
        AuthorId = ready.Author.Id.ToString(),
        Source = ready.Article.Source,
        Draft = ready.Article.Draft,
        Withdrawn = ready.Article.Withdrawn,
        TranslationGroupId = ready.TranslationGroup?.ToString() ?? "",
        CreateTime = ready.Article.Created?.ToTimestamp(),
        EditTime = ready.Article.Edited?.ToTimestamp(),
        UpdateTime = (ready.Article.Changes ?? ready.Article).Changed?.ToTimestamp(),
        CoAuthorNames = { ready.Article.CoAuthors },
        Changes = ready.Article.Changes is { } newer ? Of(newer, ready.ChangesCoverMediaId) : null,
        PublishTime = ready.Article.Date?.ToTimestamp(),
        FormerSlugs = { ready.Article.FormerSlugs },
        FormerPaths = { ready.FormerPaths },
        Content = Of(ready.Article, ready.CoverMediaId),
    };

    static ArticleContent Of(ArchiveArticle article, string coverMediaId) => new()
    {
        Title = article.Title,
        Description = article.Description,
        Markdown = article.Body,
        Slug = article.Slug,
        CanonicalUrl = article.CanonicalUrl,
        Language = article.Language,
        CoverMediaId = coverMediaId,
        CoverAlt = article.CoverAlt,
        Topics = { article.Topics },
    };
}
