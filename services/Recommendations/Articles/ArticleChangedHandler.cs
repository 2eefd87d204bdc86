using Blog.Events.V1;
using Blog.Recommendations.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Recommendations.Articles;

/// <summary>Follows content.articles.v1: what can be recommended. Its words are fetched and compared by a worker, once however often it is edited meanwhile.</summary>
sealed class ArticleChangedHandler(RecommendationsDbContext db, TimeProvider time) : IEventHandler<ArticleChanged>
{
    public async Task HandleAsync(ArticleChanged message, EventContext context, CancellationToken cancel)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var article = Guid.Parse(message.ArticleId);
        var number = await connection.NumberOfAsync(article, cancel);
        var changed = await connection.DoAsync(
            """
            update articles set author_id = $2, publication_id = $3, revision = $4, published = $5, publish_time = coalesce(publish_time, $6), topics = $7
            where number = $1 and revision < $4
            """,
            [
                number, Guid.Parse(message.AuthorId), Guid.TryParse(message.PublicationId, out var publication) ? publication : null, message.Revision,
                message.Change is Change.Published or Change.Updated, message.PublishTime?.ToDateTime() ?? context.Time.UtcDateTime, message.PresentTopicSlugs.ToArray(),
            ], cancel);
        if (changed == 0)
            return;
        var now = time.GetUtcNow().UtcDateTime;
        await connection.DoAsync("insert into text_jobs (article_id, due) values ($1, $2) on conflict (article_id) do update set change = text_jobs.change + 1", [article, now], cancel);
        // Readers may have been faster than the news of the article.
        await connection.MeasureAsync([number], now, cancel);
        await connection.TellAsync([number], cancel);
    }
}
