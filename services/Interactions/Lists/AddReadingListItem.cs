using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.AddReadingListItemResponse> AddReadingListItem(V1.AddReadingListItemRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var note = ListFields.Note(request.Note);
        var articleId = await articles.MustBePublishedAsync(request.ArticleId, cancel);
        return await ChangeAsync(context, request.ListId, async list =>
        {
            if (await ItemsOf(list).SingleOrDefaultAsync(item => item.ArticleId == articleId, cancel) is { } present)
                return new V1.AddReadingListItemResponse { List = ToMessage(list), Item = ToMessage(present) };
            if (list.ItemCount >= ReadingList.MaxItems)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, $"A list holds {ReadingList.MaxItems} stories. Take some off, or begin another list.", "LIST_FULL");

            var after = Guid.TryParse(request.AfterArticleId, out var wanted) && await ItemsOf(list).AnyAsync(item => item.ArticleId == wanted, cancel) ? wanted : (Guid?)null;
            var now = Now();
            var item = new ReadingListItem { OwnerId = list.OwnerId, ListId = list.Id, ArticleId = articleId, Position = await PositionAfterAsync(list, after, null, cancel), Note = note, AddTime = now };
            db.Add(item);
            (list.ItemCount, list.UpdateTime) = (list.ItemCount + 1, now);
            AnnounceSave(list.OwnerId, articleId, saved: true);
            return new V1.AddReadingListItemResponse { List = ToMessage(list), Item = ToMessage(item), Added = true };
        });
    }

    /// <summary>The position behind an item, or at the top; numbers the list anew when neighbours have come too close.</summary>
    /// <param name="list">Held by this transaction.</param>
    /// <param name="after">An item of the list; null: the top.</param>
    /// <param name="moved">The item that leaves its place, if it has one.</param>
    /// <param name="cancel">Ends the wait.</param>
    async Task<long> PositionAfterAsync(ReadingList list, Guid? after, Guid? moved, CancellationToken cancel)
    {
        if (await FreeAsync() is { } position)
            return position;
        await db.Database.ExecuteSqlAsync($"""
            update reading_list_items i set position = numbered.n * {ItemOrder.Gap}
            from (select article_id, row_number() over (order by position) as n from reading_list_items where owner_id = {list.OwnerId} and list_id = {list.Id}) numbered
            where i.owner_id = {list.OwnerId} and i.list_id = {list.Id} and i.article_id = numbered.article_id
            """, cancel);
        return (await FreeAsync())!.Value;

        async Task<long?> FreeAsync()
        {
            var others = ItemsOf(list).AsNoTracking().Where(item => item.ArticleId != moved);
            var before = after is null ? null : await others.Where(item => item.ArticleId == after).Select(item => (long?)item.Position).SingleAsync(cancel);
            var next = await others.Where(item => before == null || item.Position > before).MinAsync(item => (long?)item.Position, cancel);
            return ItemOrder.Between(before, next);
        }
    }
}
