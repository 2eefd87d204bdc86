using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Relations;

partial class RelationsService
{
    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.CanReachResponse> CanReach(V1.CanReachRequest request, ServerCallContext context)
    {
        if (!Guid.TryParseExact(request.PersonId, "D", out var person))
            throw RpcErrors.InvalidArgument(("person_id", "People are named by a UUID."));
        var (other, cancel) = (OtherThan(person, request.OtherId, "These are the same person."), context.CancellationToken);
        var accounts = await db.Profiles.CountAsync(p => (p.Id == person || p.Id == other) && !p.Unclaimed, cancel);
        return new V1.CanReachResponse { Reachable = accounts == 2 && !await AreApartAsync(person, other, cancel) };
    }
}
