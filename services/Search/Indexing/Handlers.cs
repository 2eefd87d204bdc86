using System.Numerics;
using Blog.Events.V1;
using Blog.Search.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Search.Indexing;

/// <summary>What the handlers of events share: each only notes, in the transaction of its inbox row, that a thing has to be looked at again.</summary>
abstract class Following(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time)
{
    protected SearchDbContext Db => db;
    protected IndexingOptions Options => options.Value;

    protected Task QueueAsync(EventContext context, Urgency urgency, CancellationToken cancel, TimeSpan delay = default, params IReadOnlyCollection<Thing> things) =>
        Jobs.QueueAsync((NpgsqlConnection)db.Database.GetDbConnection(), things, urgency, context.Time, time.GetUtcNow(), delay, options.Value.Pause, cancel);
}

/// <summary>Follows content.articles.v1. What readers lost is taken from the index without asking Content, which may be away.</summary>
sealed class ArticleChangedHandler(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time) : Following(db, options, time), IEventHandler<ArticleChanged>
{
    public async Task HandleAsync(ArticleChanged message, EventContext context, CancellationToken cancel)
    {
        var (id, author) = (Guid.Parse(message.ArticleId), Guid.Parse(message.AuthorId));
        var isGone = message.Change is Change.Unpublished or Change.Deleted;
        // Of a replay this is not the last word: the present state is asked for.
        await QueueAsync(context, context.IsReplay ? Urgency.Bulk : Urgency.Now, cancel, default, Thing.Article(id, message.Revision, isGone && !context.IsReplay));
        // How many articles a topic has changes a little later, and for many articles at once.
        await QueueAsync(context, Urgency.Bulk, cancel, default, [.. message.TopicSlugs.Select(Thing.Topic)]);
        if (message.Change == Change.Deleted)
        {
            await Db.Database.ExecuteSqlAsync($"delete from article_signals where article_id = {id}", cancel);
            await Db.Database.ExecuteSqlAsync($"delete from counted_responses where article_id = {id}", cancel);
        }
        else
            await Db.Database.ExecuteSqlAsync($"insert into article_signals (article_id, author_id) values ({id}, {author}) on conflict do nothing", cancel);
    }
}

/// <summary>Follows content.drafts.v1: working copies that nobody but their author finds.</summary>
sealed class DraftChangedHandler(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time) : Following(db, options, time), IEventHandler<DraftChanged>
{
    public Task HandleAsync(DraftChanged message, EventContext context, CancellationToken cancel)
    {
        var isGone = !message.Present && !context.IsReplay;
        return QueueAsync(context, context.IsReplay ? Urgency.Bulk : Urgency.Now, cancel, isGone ? default : Options.DraftDelay,
            Thing.Draft(Guid.Parse(message.AuthorId), Guid.Parse(message.ArticleId), message.Revision, isGone));
    }
}

/// <summary>Follows users.profiles.v1: the person, and everything they published, since articles are found by their author's name too.</summary>
sealed class ProfileChangedHandler(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time) : Following(db, options, time), IEventHandler<ProfileChanged>
{
    public async Task HandleAsync(ProfileChanged message, EventContext context, CancellationToken cancel)
    {
        var id = Guid.Parse(message.ProfileId);
        await QueueAsync(context, context.IsReplay ? Urgency.Bulk : Urgency.Now, cancel, default, Thing.Person(id, message.Revision));
        var articles = await Db.Database.SqlQuery<Guid>($"select article_id from article_signals where author_id = {id}").ToListAsync(cancel);
        await QueueAsync(context, Urgency.Bulk, cancel, default, [.. articles.Select(article => Thing.Article(article))]);
    }
}

/// <summary>Follows users.follows.v1: of people and publications with the same name the one with more followers comes first.</summary>
sealed class FollowChangedHandler(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time) : Following(db, options, time), IEventHandler<FollowChanged>
{
    public Task HandleAsync(FollowChanged message, EventContext context, CancellationToken cancel) =>
        message.Target switch
        {
            FollowTarget.Person => QueueAsync(context, Urgency.Bulk, cancel, default, Thing.Person(Guid.Parse(message.TargetId))),
            FollowTarget.Publication => QueueAsync(context, Urgency.Bulk, cancel, default, Thing.Publication(Guid.Parse(message.TargetId))),
            _ => Task.CompletedTask,
        };
}

/// <summary>Follows content.publications.v1.</summary>
sealed class PublicationChangedHandler(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time) : Following(db, options, time), IEventHandler<PublicationChanged>
{
    public Task HandleAsync(PublicationChanged message, EventContext context, CancellationToken cancel) =>
        QueueAsync(context, context.IsReplay ? Urgency.Bulk : Urgency.Now, cancel, default, Thing.Publication(Guid.Parse(message.PublicationId), message.Revision));
}

/// <summary>
/// Follows interactions.claps.v1. Applause counts by its magnitude, so an article is indexed anew when its claps have doubled, not with each of them.
/// </summary>
sealed class ClapsChangedHandler(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time) : Following(db, options, time), IEventHandler<ClapsChanged>
{
    public async Task HandleAsync(ClapsChanged message, EventContext context, CancellationToken cancel)
    {
        if (message.SubjectIsResponse)
            return;
        var (id, author) = (Guid.Parse(message.ArticleId), Guid.Parse(message.SubjectAuthorId));
        var before = (await Db.Database.SqlQuery<long>($"select claps as \"Value\" from article_signals where article_id = {id} for update").ToListAsync(cancel)).FirstOrDefault();
        await Db.Database.ExecuteSqlAsync(
            $"""
            insert into article_signals (article_id, author_id, claps) values ({id}, {author}, {message.Total})
            on conflict (article_id) do update set claps = excluded.claps
            """, cancel);
        if (Magnitude(before) != Magnitude(message.Total))
            await QueueAsync(context, Urgency.Bulk, cancel, default, Thing.Article(id));
    }

    internal static int Magnitude(long count) => BitOperations.Log2((ulong)Math.Max(0, count) + 1);
}

/// <summary>Follows interactions.responses.v1: how many an article has; as with claps, its magnitude counts.</summary>
sealed class ResponseChangedHandler(SearchDbContext db, IOptions<IndexingOptions> options, TimeProvider time) : Following(db, options, time), IEventHandler<ResponseChanged>
{
    public async Task HandleAsync(ResponseChanged message, EventContext context, CancellationToken cancel)
    {
        var (id, article, author) = (Guid.Parse(message.ResponseId), Guid.Parse(message.ArticleId), Guid.Parse(message.ArticleAuthorId));
        if (message.Change == ResponseChanged.Types.Change.Edited)
            return;
        var change = message.Change is ResponseChanged.Types.Change.Created or ResponseChanged.Types.Change.Shown or ResponseChanged.Types.Change.Imported
            ? await Db.Database.ExecuteSqlAsync($"insert into counted_responses values ({article}, {id}) on conflict do nothing", cancel)
            : -await Db.Database.ExecuteSqlAsync($"delete from counted_responses where article_id = {article} and response_id = {id}", cancel);
        if (change == 0)
            return;
        var now = await Db.Database.SqlQuery<int>(
            $"""
            insert into article_signals as known (article_id, author_id, responses) values ({article}, {author}, {Math.Max(change, 0)})
            on conflict (article_id) do update set responses = known.responses + {change}
            returning responses as "Value"
            """).ToListAsync(cancel);
        if (ClapsChangedHandler.Magnitude(now[0] - change) != ClapsChangedHandler.Magnitude(now[0]))
            await QueueAsync(context, Urgency.Bulk, cancel, default, Thing.Article(article));
    }
}
