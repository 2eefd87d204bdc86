using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.DeleteReadingListResponse> DeleteReadingList(V1.DeleteReadingListRequest request, ServerCallContext context) =>
        ChangeAsync(context, Named(request.Id), list =>
        {
            if (list.IsDefault)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "Everybody has this list; it cannot be deleted.", "DEFAULT_LIST");
            list.DeleteTime ??= Now();
            return Task.FromResult(new V1.DeleteReadingListResponse());
        }, deletedToo: true);

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.UndeleteReadingListResponse> UndeleteReadingList(V1.UndeleteReadingListRequest request, ServerCallContext context) =>
        ChangeAsync(context, Named(request.Id), async list =>
        {
            if (list.DeleteTime is { } deleted)
            {
                if (deleted + ReadingList.Kept < time.GetUtcNow())
                    throw Missing();
                await LockDefaultAsync(list.OwnerId, context.CancellationToken);
                await MustHaveRoomForAListAsync(list.OwnerId, context.CancellationToken);
                list.DeleteTime = null;
            }
            return new V1.UndeleteReadingListResponse { List = ToMessage(list) };
        }, deletedToo: true);
}
