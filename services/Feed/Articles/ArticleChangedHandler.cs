using Blog.Events.V1;
using Blog.Feed.Data;
using Blog.Feed.Sources;
using Blog.Feed.Spreading;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Feed.Articles;

/// <summary>
/// Follows content.articles.v1: puts an article under its author, publication and topics, takes it from where it no longer is, and leaves it to the
/// workers to tell the followers. A changed article keeps its place, the time of its first publication.
/// </summary>
sealed class ArticleChangedHandler(FeedDbContext db) : IEventHandler<ArticleChanged>
{
    public async Task HandleAsync(ArticleChanged message, EventContext context, CancellationToken cancel)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var (article, author) = (Guid.Parse(message.ArticleId), Guid.Parse(message.AuthorId));
        var known = await FindAsync(connection, article, cancel);
        if (known is { } seen && seen.Revision >= message.Revision)
            return;

        var time = ToMicroseconds(known?.PublishTime ?? message.PublishTime?.ToDateTime() ?? context.Time.UtcDateTime);
        var sources = message.Change is Change.Published or Change.Updated ? Source.Of(message) : [];
        var left = (known?.SourceIds ?? []).Except(sources.Select(s => s.Id)).ToArray();
        var entered = sources.ExceptBy(known?.SourceIds ?? [], s => s.Id).ToArray();

        await connection.ExecuteAsync(
            """
            insert into articles values ($1, $2, $3, $4, $5)
            on conflict (article_id) do update set revision = excluded.revision, source_ids = excluded.source_ids
            """, [article, author, message.Revision, time, sources.Select(s => s.Id).ToArray()], cancel);
        if (left.Length > 0)
            await connection.ExecuteAsync("delete from source_articles where source_id = any($1) and publish_time = $2 and article_id = $3", [left, time, article], cancel);
        if (entered.Length > 0)
        {
            await connection.ExecuteAsync(
                """
                insert into source_articles (source_id, publish_time, article_id, author_id, kind, name)
                select source_id, $2, $3, $4, kind, name from unnest($1, $5, $6) as s (source_id, kind, name) on conflict do nothing
                """, [Ids(entered), time, article, author, entered.Select(s => (short)s.Kind).ToArray(), entered.Select(s => s.Name).ToArray()], cancel);
            await connection.ExecuteAsync(
                """
                insert into jobs (kind, source_id, article_id, publish_time, created_at)
                select $1, source_id, $3, $4, $5 from unnest($2) as s (source_id)
                """, [(short)JobKind.Spread, Ids(entered), article, time, context.Time.UtcDateTime], cancel);
        }
        if (left.Length + entered.Length > 0)
            await connection.ExecuteAsync("select pg_notify($1, source_id::text) from unnest($2) as s (source_id)", [FeedDatabase.Channel, (Guid[])[.. left, .. Ids(entered)]], cancel);
    }

    static Guid[] Ids(Source[] sources) => [.. sources.Select(s => s.Id)];

    static async Task<(long Revision, DateTime PublishTime, Guid[] SourceIds)?> FindAsync(NpgsqlConnection connection, Guid article, CancellationToken cancel)
    {
        await using var find = connection.Command("select revision, publish_time, source_ids from articles where article_id = $1", article);
        await using var row = await find.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.GetInt64(0), row.GetDateTime(1), row.GetFieldValue<Guid[]>(2)) : null;
    }

    static DateTime ToMicroseconds(DateTime moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));
}
