using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    /// <summary>How much of the order fits into a status.</summary>
    const int OrderShown = 100;

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.MoveReadingListItemResponse> MoveReadingListItem(V1.MoveReadingListItemRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!Guid.TryParse(request.ArticleId, out var article))
            throw RpcErrors.InvalidArgument(("article_id", "Say which story is to be moved."));
        Guid? after = request.AfterArticleId.Length == 0 ? null : Guid.TryParse(request.AfterArticleId, out var other) && other != article
            ? other
            : throw RpcErrors.InvalidArgument(("after_article_id", "A story can be moved behind another one, or to the top."));

        return ChangeAsync(context, Named(request.ListId), async list =>
        {
            var item = await ItemsOf(list).SingleOrDefaultAsync(i => i.ArticleId == article, cancel);
            if (item is null || list.Revision != request.ExpectedRevision || after is not null && !await ItemsOf(list).AnyAsync(i => i.ArticleId == after, cancel))
                throw RpcErrors.Create(StatusCode.Aborted, "The order was changed elsewhere since you opened it. Nothing was moved.", "STALE_ORDER", await OrderOfAsync(list, cancel));

            var position = await PositionAfterAsync(list, after, article, cancel);
            // A numbering anew went past the change tracker.
            await db.Entry(item).ReloadAsync(cancel);
            item.Position = position;
            (list.Revision, list.UpdateTime) = (list.Revision + 1, Now());
            return new V1.MoveReadingListItemResponse { List = ToMessage(list) };
        });
    }

    async Task<V1.ReadingListOrder> OrderOfAsync(ReadingList list, CancellationToken cancel) => new()
    {
        Revision = list.Revision,
        ArticleIds = { (await ItemsOf(list).OrderBy(item => item.Position).Take(OrderShown).Select(item => item.ArticleId).ToListAsync(cancel)).Select(id => id.ToString()) },
    };
}
