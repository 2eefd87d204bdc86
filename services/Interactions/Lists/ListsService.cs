using System.Data;
using Blog.Events.V1;
using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Interactions.Lists;

/// <summary>blog.interactions.v1.Lists. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class ListsService(InteractionsDbContext db, PublishedArticles articles, TimeProvider time) : V1.Lists.ListsBase
{
    IQueryable<ReadingList> Lists => db.Set<ReadingList>().Where(list => list.DeleteTime == null);

    IQueryable<ReadingListItem> ItemsOf(ReadingList list) => db.Set<ReadingListItem>().Where(item => item.OwnerId == list.OwnerId && item.ListId == list.Id);

    static Guid Owner(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    // PostgreSQL keeps microseconds; what is answered must be what is stored.
    DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>
    /// Carries out a change of one list while holding its row, so that changes of the same list come one after the other; commits it, and
    /// tells others when the list is, or was, public.
    /// </summary>
    /// <param name="context">Of the call.</param>
    /// <param name="listId">Empty: the owner's Reading list, which is made when it is not there.</param>
    /// <param name="change">Sees the list as it is stored.</param>
    /// <param name="deletedToo">Whether a deleted list is found.</param>
    Task<T> ChangeAsync<T>(ServerCallContext context, string listId, Func<ReadingList, Task<T>> change, bool deletedToo = false) =>
        TransactAsync(context, async owner =>
        {
            var list = listId.Length == 0 ? await LockDefaultAsync(owner, context.CancellationToken)
                : Guid.TryParseExact(listId, "D", out var id) ? await LockAsync(owner, id, context.CancellationToken) : null;
            if (list is null || list.DeleteTime is not null && !deletedToo)
                throw Missing();
            var (wasPublic, formerSlug) = (list.IsPublic, list.Slug);
            var result = await change(list);
            if (db.ChangeTracker.HasChanges() && (wasPublic || list.IsPublic))
                Announce(list, formerSlug);
            return result;
        });

    Task<T> TransactAsync<T>(ServerCallContext context, Func<Guid, Task<T>> work)
    {
        var owner = Owner(context);
        return TransactAsync(() => work(owner), context.CancellationToken);
    }

    async Task<T> TransactAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
            var result = await work();
            try
            {
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
            }
            catch (DbUpdateException problem) when (problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                throw RpcErrors.Create(StatusCode.Aborted, "The same was done at the same moment elsewhere. Try again.", "LOST_RACE");
            }
            return result;
        });
    }

    async Task<ReadingList?> LockAsync(Guid owner, Guid id, CancellationToken cancel) =>
        (await db.Set<ReadingList>().FromSql($"select * from reading_lists where owner_id = {owner} and id = {id} for update").ToListAsync(cancel)).SingleOrDefault();

    /// <summary>The Reading list everybody has; whoever holds its row is the only one to add a list of this owner.</summary>
    async Task<ReadingList> LockDefaultAsync(Guid owner, CancellationToken cancel)
    {
        if (await Locked() is { } known)
            return known;
        var now = Now();
        await db.Database.ExecuteSqlAsync($"""
            with made as (
                insert into reading_lists (owner_id, id, slug, name, description, visibility, is_default, revision, item_count, create_time, update_time)
                values ({owner}, {Guid.CreateVersion7(now)}, {ReadingList.SlugFor(ReadingList.DefaultName, new HashSet<string>())}, {ReadingList.DefaultName}, '', 1, true, 1, 0, {now}, {now})
                on conflict (owner_id) where is_default do nothing returning owner_id, slug, id)
            insert into reading_list_slugs (owner_id, slug, list_id) select owner_id, slug, id from made
            """, cancel);
        return (await Locked())!;

        async Task<ReadingList?> Locked() =>
            (await db.Set<ReadingList>().FromSql($"select * from reading_lists where owner_id = {owner} and is_default for update").ToListAsync(cancel)).SingleOrDefault();
    }

    async Task MustHaveRoomForAListAsync(Guid owner, CancellationToken cancel)
    {
        if (await Lists.CountAsync(list => list.OwnerId == owner, cancel) >= ReadingList.MaxLists)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, $"You have {ReadingList.MaxLists} lists, which is the most. Delete one to make another.", "TOO_MANY_LISTS");
    }

    async Task<ReadingList> MineAsync(Guid owner, string listId, CancellationToken cancel) =>
        Guid.TryParseExact(listId, "D", out var id) && await Lists.AsNoTracking().SingleOrDefaultAsync(list => list.OwnerId == owner && list.Id == id, cancel) is { } list
            ? list
            : throw Missing();

    static RpcException Missing() => RpcErrors.NotFound("There is no such list of yours.");

    void Announce(ReadingList list, string formerSlug) => db.Publish(Topics.ReadingLists, list.Id,
        new ReadingListChanged
        {
            ListId = list.Id.ToString(),
            OwnerId = list.OwnerId.ToString(),
            Slug = list.Slug,
            FormerSlug = list.Slug == formerSlug ? "" : formerSlug,
            Public = list.IsPublic,
        }, time);

    void AnnounceSave(Guid owner, Guid article, bool saved) => db.Publish(Topics.Saves, owner,
        new SaveChanged { PersonId = owner.ToString(), ArticleId = article.ToString(), Saved = saved }, time);

    static V1.ReadingList ToMessage(ReadingList list) => new()
    {
        Id = list.Id.ToString(),
        OwnerId = list.OwnerId.ToString(),
        Slug = list.Slug,
        Name = list.Name,
        Description = list.Description,
        Visibility = (V1.ListVisibility)list.Visibility,
        IsDefault = list.IsDefault,
        LinkToken = list.LinkToken ?? "",
        Revision = list.Revision,
        ItemCount = list.ItemCount,
        CreateTime = Timestamp.FromDateTimeOffset(list.CreateTime),
        UpdateTime = Timestamp.FromDateTimeOffset(list.UpdateTime),
    };

    static V1.ReadingListItem ToMessage(ReadingListItem item) => new()
    {
        ArticleId = item.ArticleId.ToString(),
        Note = item.Note,
        AddTime = Timestamp.FromDateTimeOffset(item.AddTime),
        Revision = item.Revision,
        Elsewhere = item.Elsewhere ? new V1.Elsewhere { Title = item.Title, Address = item.Address } : null,
    };
}
