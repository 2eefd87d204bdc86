using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Content.Revisions;
using Blog.SystemTesting;
using Blog.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Bench.Writing;

/// <summary>What a long history costs: a thousand saves of a text of 20 KB, every one of them kept as a revision.</summary>
static class RevisionSize
{
    const int Saves = 1000, TextLength = 20_000, Seed = 20_261_122;

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        await using var blog = await RunningBlog.StartAsync(cancel);
        var connection = await blog.ConnectionStringAsync("content-database", cancel);
        var options = new DbContextOptionsBuilder<ContentDbContext>().UseNpgsql(connection).Options;
        await using var source = NpgsqlDataSource.Create(connection);
        var (revisions, whole) = await SizesAsync(source, cancel);

        var (prose, person) = (new Prose(Seed), Guid.CreateVersion7());
        var text = prose.Text(TextLength);
        Guid id;
        await using (var db = new ContentDbContext(options))
        {
            var article = Article.Draft(person, Written(text), DateTimeOffset.UnixEpoch);
            id = article.Id;
            db.Add(article);
            await db.SaveChangesAsync(cancel);
        }
        for (var save = 1; save <= Saves; save++)
        {
            // As a request does: with a context of its own, and with the event.
            await using var db = new ContentDbContext(options);
            var log = new RevisionLog(db);
            var article = await db.Articles.SingleAsync(a => a.AuthorId == person && a.Id == id, cancel);
            text = prose.Edited(text);
            var now = DateTimeOffset.UnixEpoch.AddSeconds(30 * save);
            await log.ChangeAsync(article, Written(text), person, now, cancel);
            await log.KeepAsync(article, RevisionReason.Saved, person, now, cancel);
            db.PublishDraftChange(article, TimeProvider.System);
            await db.SaveChangesAsync(cancel);
        }

        var (revisionsNow, wholeNow) = await SizesAsync(source, cancel);
        Figures.Say($"the last text: {text.Length} characters");
        figures.Add("revision-size-saves", Saves, "saves");
        figures.Add("revision-size", (revisionsNow - revisions) / 1e6, "MB");
        figures.Add("revision-size-database", (wholeNow - whole) / 1e6, "MB");
        await using var reading = new ContentDbContext(options);
        var kept = await reading.Articles.AsNoTracking().SingleAsync(a => a.AuthorId == person && a.Id == id, cancel);
        var times = new List<double>();
        for (var number = kept.KeptRevision - 200; number <= kept.KeptRevision; number++)
        {
            var from = TimeProvider.System.GetTimestamp();
            _ = await new RevisionLog(reading).FindAsync(kept, number, cancel) ?? throw new InvalidOperationException($"Revision {number} is not there.");
            times.Add(TimeProvider.System.GetElapsedTime(from).TotalMilliseconds);
        }
        figures.AddMedian("revision-size-read", times, "ms");
    }

    static ArticleContent Written(string markdown) => ArticleContent.Read(new() { Title = "A thousand saves", Markdown = markdown }).Content;

    /// <summary>Bytes of the revisions with their index, and of everything in the database once what updates left behind is free again.</summary>
    static async Task<(long Revisions, long Whole)> SizesAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using (var vacuum = source.CreateCommand("vacuum full articles"))
            await vacuum.ExecuteNonQueryAsync(cancel);
        await using var command = source.CreateCommand("select pg_total_relation_size('revisions'), pg_database_size(current_database())");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
