using Blog.Interactions.Articles;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    public override async Task<V1.GetSharedReadingListResponse> GetSharedReadingList(V1.GetSharedReadingListRequest request, ServerCallContext context)
    {
        var (size, cancel) = (PageToken.Size(request.PageSize), context.CancellationToken);
        var list = request.ByCase switch
        {
            V1.GetSharedReadingListRequest.ByOneofCase.Name => await PublicAsync(request.Name, cancel),
            V1.GetSharedReadingListRequest.ByOneofCase.LinkToken when request.LinkToken.Length > 0 =>
                await Lists.AsNoTracking().SingleOrDefaultAsync(l => l.LinkToken == request.LinkToken && l.Visibility != ListVisibility.Private, cancel),
            _ => null,
        } ?? throw RpcErrors.NotFound("There is no such list, or it is not shared (any more).");
        if (request.Name is { } name && name.Slug != list.Slug)
            return new V1.GetSharedReadingListResponse { MovedToSlug = list.Slug };

        var shown = Shown(ItemsOf(list).AsNoTracking());
        var page = await From(request.PageToken, shown).Take(size + 1).ToListAsync(cancel);
        return new V1.GetSharedReadingListResponse
        {
            List = ForOthers(list, await shown.CountAsync(cancel)),
            Items = { page.Take(size).Select(ToMessage) },
            NextPageToken = NextOf(page, size),
        };
    }

    public override async Task<V1.ListPublicReadingListsResponse> ListPublicReadingLists(V1.ListPublicReadingListsRequest request, ServerCallContext context)
    {
        var (size, cancel) = (PageToken.Size(request.PageSize), context.CancellationToken);
        var owner = Guid.TryParse(request.OwnerId, out var id) ? id : Guid.Empty;
        var lists = Lists.AsNoTracking().Where(list => list.OwnerId == owner && list.Visibility == ListVisibility.Public);
        if (PageToken.Read(request.PageToken) is { } from)
            lists = lists.Where(list => EF.Functions.LessThan(ValueTuple.Create(list.UpdateTime, list.Id), ValueTuple.Create(from.Time, from.Id)));

        var page = await lists.OrderByDescending(list => list.UpdateTime).ThenByDescending(list => list.Id).Take(size + 1).ToListAsync(cancel);
        var ids = page.Select(list => list.Id).ToArray();
        var counts = await Shown(db.Set<ReadingListItem>().Where(item => item.OwnerId == owner && ids.Contains(item.ListId)))
            .GroupBy(item => item.ListId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancel);
        return new V1.ListPublicReadingListsResponse
        {
            Lists = { page.Take(size).Select(list => ForOthers(list, counts.GetValueOrDefault(list.Id))) },
            NextPageToken = page.Count > size ? new PageToken(page[size - 1].UpdateTime, page[size - 1].Id).ToString() : "",
        };
    }

    async Task<ReadingList?> PublicAsync(V1.GetSharedReadingListRequest.Types.PublicName name, CancellationToken cancel)
    {
        if (!Guid.TryParse(name.OwnerId, out var owner))
            return null;
        return await db.Set<ReadingListSlug>().Where(slug => slug.OwnerId == owner && slug.Slug == name.Slug)
            .Join(Lists.AsNoTracking().Where(list => list.OwnerId == owner && list.Visibility == ListVisibility.Public), slug => slug.ListId, list => list.Id, (_, list) => list)
            .SingleOrDefaultAsync(cancel);
    }

    /// <summary>What others see: all but what is known to be unpublished, or not here. What was saved before its event arrived was published then.</summary>
    IQueryable<ReadingListItem> Shown(IQueryable<ReadingListItem> items) =>
        items.Where(item => !item.Elsewhere && !db.Set<KnownArticle>().Any(article => article.ArticleId == item.ArticleId && !article.Published));

    static V1.ReadingList ForOthers(ReadingList list, int shown)
    {
        var message = ToMessage(list);
        (message.LinkToken, message.ItemCount) = ("", shown);
        return message;
    }
}
