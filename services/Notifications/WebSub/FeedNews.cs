using Blog.Events.V1;
using Blog.Notifications.Data;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Notifications.WebSub;

/// <summary>Which feeds have news when an article appears or changes.</summary>
static class FeedNews
{
    /// <summary>However often an article is edited, subscribers of a feed are told once within this; the first time at once.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Notes the news of a feed that somebody subscribed to, in the event's transaction. What was taken back is no news: readers' programs keep what they have.
    /// </summary>
    public static async Task FollowAsync(NotificationsDbContext db, ArticleChanged article, bool isNews, TimeProvider time, CancellationToken cancel)
    {
        if (article.Change is not (Change.Published or Change.Updated) || article.Imported || !isNews) return;
        (short Kind, string Key)[] feeds =
        [
            ((short)FeedKind.Site, ""), .. article.AuthorIds.Append(article.AuthorId).Distinct().Select(id => ((short)FeedKind.Person, id)),
            .. article.PresentTopicSlugs.Select(slug => ((short)FeedKind.Topic, slug)),
        ];
        var (kinds, keys, now) = (feeds.Select(feed => feed.Kind).ToArray(), feeds.Select(feed => feed.Key).ToArray(), time.GetUtcNow());
        await db.Database.ExecuteSqlAsync($"""
            insert into websub_feeds as f (feed_kind, feed_key, due_time)
            select n.kind, n.key, {now} from unnest({kinds}, {keys}) as n (kind, key)
            where exists (select 1 from websub_subscriptions s where s.feed_kind = n.kind and s.feed_key = n.key)
            on conflict (feed_kind, feed_key) do update set due_time = coalesce(f.due_time, greatest({now}, f.told_time + {Pause}))
            """, cancel);
    }
}
