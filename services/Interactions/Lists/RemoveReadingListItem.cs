using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.RemoveReadingListItemResponse> RemoveReadingListItem(V1.RemoveReadingListItemRequest request, ServerCallContext context) =>
        ChangeAsync(context, request.ListId, async list =>
        {
            var cancel = context.CancellationToken;
            if (!Guid.TryParse(request.ArticleId, out var article) || await ItemsOf(list).SingleOrDefaultAsync(i => i.ArticleId == article, cancel) is not { } item)
                return new V1.RemoveReadingListItemResponse { List = ToMessage(list) };

            var before = await ItemsOf(list).Where(i => i.Position < item.Position).OrderByDescending(i => i.Position).Select(i => (Guid?)i.ArticleId).FirstOrDefaultAsync(cancel);
            db.Remove(item);
            if (!await db.Set<ReadingListItem>().AnyAsync(i => i.OwnerId == list.OwnerId && i.ArticleId == article && i.ListId != list.Id, cancel))
                AnnounceSave(list.OwnerId, article, saved: false);
            (list.ItemCount, list.UpdateTime) = (list.ItemCount - 1, Now());
            return new V1.RemoveReadingListItemResponse { List = ToMessage(list), Item = ToMessage(item), AfterArticleId = before?.ToString() ?? "" };
        });

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.UpdateReadingListItemResponse> UpdateReadingListItem(V1.UpdateReadingListItemRequest request, ServerCallContext context)
    {
        var note = ListFields.Note(request.Note);
        return ChangeAsync(context, Named(request.ListId), async list =>
        {
            if (!Guid.TryParse(request.ArticleId, out var article) || await ItemsOf(list).SingleOrDefaultAsync(i => i.ArticleId == article, context.CancellationToken) is not { } item)
                throw RpcErrors.NotFound("This story is not on the list any more.");
            if (item.Note == note)
                return new V1.UpdateReadingListItemResponse { Item = ToMessage(item) };
            if (item.Revision != request.ExpectedRevision)
                throw RpcErrors.StaleRevision(ToMessage(item));
            (item.Note, item.Revision, list.UpdateTime) = (note, item.Revision + 1, Now());
            return new V1.UpdateReadingListItemResponse { Item = ToMessage(item) };
        });
    }
}
