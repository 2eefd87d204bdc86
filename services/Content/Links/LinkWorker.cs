using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Content.Text;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Content.Links;

/// <summary>Asks what addresses lead to that articles were published with, and puts the cards into what readers have. Several instances share the work.</summary>
sealed class LinkWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<LinkWorker> log) : PeriodicWorker(Look, time, log, "Links wait")
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>For which what one instance asks is left alone by the others.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    const int MostAtOnce = 4, MostPlaced = 100;

    /// <summary>Asks everything that is due, and places everything that is known.</summary>
    public override async Task RunAsync(CancellationToken cancel)
    {
        do
            await PlaceAsync(cancel);
        while (await AskAsync(cancel));
    }

    async Task<bool> AskAsync(CancellationToken cancel)
    {
        List<string> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var (now, until) = (Time.GetUtcNow(), Time.GetUtcNow() + Lease);
            due = await scope.ServiceProvider.GetRequiredService<ContentDbContext>().Database.SqlQuery<string>(
                $"""
                update links set due_time = {until} where address in
                    (select address from links where due_time <= {now} order by due_time limit {MostAtOnce} for update skip locked) returning address as "Value"
                """).ToListAsync(cancel);
        }
        await Task.WhenAll(due.Select(async address =>
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LinkCards>().ResolveAsync(address, again: true, cancel);
        }));
        return due.Count > 0;
    }

    async Task PlaceAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ContentDbContext>();
        await db.Database.ExecuteSqlAsync($"delete from waiting_links w using links l where l.address = w.address and l.state = 3", cancel);
        var waiting = await db.Database.SqlQuery<Guid>(
            $"""select distinct w.article_id as "Value" from waiting_links w join links l on l.address = w.address where l.state = 2 limit {MostPlaced}""").ToListAsync(cancel);
        foreach (var article in waiting)
            await PlaceAsync(scope.ServiceProvider, article, cancel);
    }

    // Readers get the same text with its cards: the story is not another one by that, and nobody's draft of it is stale.
    static Task<bool> PlaceAsync(IServiceProvider services, Guid id, CancellationToken cancel)
    {
        var (db, articles, rendering) = (services.GetRequiredService<ContentDbContext>(), services.GetRequiredService<ArticlesService>(), services.GetRequiredService<ArticleRendering>());
        return db.InTransactionAsync(async () =>
        {
            await db.LockArticleAsync(id, cancel);
            var placed = await db.WaitingLinks.Where(link => link.ArticleId == id && db.Links.Any(known => known.Address == link.Address && known.Card != null)).ToListAsync(cancel);
            db.RemoveRange(placed);
            if (await db.PublishedArticles.SingleOrDefaultAsync(p => p.ArticleId == id, cancel) is not { } published)
                return false;
            var html = published.Html;
            foreach (var link in placed)
                html = ArticleHtml.WithCard(html, link.Address, (await rendering.RenderAsync($"<{link.Address}>", cancel)).Html);
            if (html == published.Html)
                return false;
            published.Html = html;
            articles.PublishChange(await db.Articles.SingleAsync(a => a.Id == id, cancel), Change.Updated, formerTopics: published.TopicSlugs, published: published);
            return true;
        }, cancel);
    }
}
