using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.RotateReadingListLinkResponse> RotateReadingListLink(V1.RotateReadingListLinkRequest request, ServerCallContext context) =>
        ChangeAsync(context, Named(request.Id), list =>
        {
            if (list.Visibility == ListVisibility.Private)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "This list is private: it has no link.", "NOT_SHARED");
            list.LinkToken = ReadingList.NewToken();
            list.UpdateTime = Now();
            return Task.FromResult(new V1.RotateReadingListLinkResponse { List = ToMessage(list) });
        });
}
