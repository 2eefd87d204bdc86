using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Profiles;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Users.Relations;

partial class RelationsService
{
    public override async Task<V1.ListFollowingResponse> ListFollowing(V1.ListFollowingRequest request, ServerCallContext context)
    {
        if (!Guid.TryParseExact(request.PersonId, "D", out var follower))
            throw RpcErrors.InvalidArgument(("person_id", "People are named by a UUID."));
        if (request.Kind is not (FollowTarget.Person or FollowTarget.Publication or FollowTarget.Topic))
            throw RpcErrors.InvalidArgument(("kind", "People, publications and topics can be followed."));

        var follows = db.Set<Following>();
        var (page, next) = await PageAsync(follows.Where(f => f.FollowerId == follower && f.Kind == request.Kind), request.PageSize, request.PageToken, context.CancellationToken);

        Guid[] people = [.. page.Select(f => f.Target.PersonId).OfType<Guid>()];
        var profiles = await ProfilesAsync(await VisibleAsync(context, people), context.CancellationToken);
        return new V1.ListFollowingResponse
        {
            Followed =
            {
                page.Where(f => f.Target.PersonId is not { } person || profiles.ContainsKey(person)).Select(f => new V1.Followed
                {
                    Target = f.Target.ToMessage(),
                    FollowTime = Timestamp.FromDateTimeOffset(f.FollowTime),
                    Profile = f.Target.PersonId is { } person ? ProfilesService.ToMessage(profiles[person]) : null,
                }),
            },
            NextPageToken = next,
        };
    }
}
