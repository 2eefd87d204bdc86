using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    /// <summary>Bytes of text in one answer (a gRPC message may have 4 MB), and of one article in it.</summary>
    const int MostText = 2_000_000, LongestText = 500_000;

    public override async Task<V1.ListSyndicatedArticlesResponse> ListSyndicatedArticles(V1.ListSyndicatedArticlesRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var (page, next) = await PageOfAsync(request.AuthorId, request.TopicSlug, request.PublicationId, request.PageSize, request.PageToken, cancel);
        var topics = await TopicsOfAsync(page, cancel);
        var texts = await TextsOfAsync([.. page.Select(p => p.ArticleId)], cancel);
        return new V1.ListSyndicatedArticlesResponse { Articles = { page.Select(ToText) }, NextPageToken = next };

        V1.SyndicatedArticle ToText(PublishedArticle published)
        {
            var text = new V1.SyndicatedArticle { Summary = ToSummary(published, topics), Language = published.Language, CanonicalUrl = published.CanonicalUrl };
            if (texts.TryGetValue(published.ArticleId, out var html)) text.Html = html;
            return text;
        }
    }

    /// <summary>The texts that fit, in the order of the ids. Their sizes are known without reading them.</summary>
    Task<Dictionary<Guid, string>> TextsOfAsync(Guid[] ids, CancellationToken cancel) => db.Database.SqlQuery<TextRow>($"""
        select p.article_id as "ArticleId", p.html as "Html" from (
            select article_id, sum(bytes) over (order by position) as total from (
                select article_id, octet_length(html) as bytes, array_position({ids}, article_id) as position from publications where article_id = any({ids})) sized
            where bytes <= {LongestText}) running
        join publications p using (article_id) where total <= {MostText}
        """).ToDictionaryAsync(row => row.ArticleId, row => row.Html, cancel);

    sealed record TextRow(Guid ArticleId, string Html);
}
