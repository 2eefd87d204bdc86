using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetReadingListResponse> GetReadingList(V1.GetReadingListRequest request, ServerCallContext context) =>
        new() { List = ToMessage(await MineAsync(Owner(context), request.Id, context.CancellationToken)) };

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListReadingListsResponse> ListReadingLists(V1.ListReadingListsRequest request, ServerCallContext context)
    {
        var (owner, size, cancel) = (Owner(context), PageToken.Size(request.PageSize), context.CancellationToken);
        var lists = Lists.AsNoTracking().Where(list => list.OwnerId == owner);
        if (PageToken.Read(request.PageToken) is { } from)
            lists = lists.Where(list => EF.Functions.GreaterThan(ValueTuple.Create(list.CreateTime, list.Id), ValueTuple.Create(from.Time, from.Id)));
        else if (!await lists.AnyAsync(list => list.IsDefault, cancel))
            await TransactAsync(context, _ => LockDefaultAsync(owner, cancel));

        // The Reading list is the first that was made.
        var page = await lists.OrderBy(list => list.CreateTime).ThenBy(list => list.Id).Take(size + 1).ToListAsync(cancel);
        return new V1.ListReadingListsResponse
        {
            Lists = { page.Take(size).Select(ToMessage) },
            NextPageToken = page.Count > size ? new PageToken(page[size - 1].CreateTime, page[size - 1].Id).ToString() : "",
        };
    }
}
