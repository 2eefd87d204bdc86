using Blog.Recommendations.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.FeatureFlags;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using FlagsV1 = Blog.Flags.V1;

namespace Blog.Recommendations.Switches;

/// <summary>blog.flags.v1.Flags.</summary>
sealed class FlagsService(RecommendationsDatabase database, Switchboard switchboard, TimeProvider time) : FlagsV1.Flags.FlagsBase
{
    const int MostPeople = 100;

    public override async Task<FlagsV1.ListFlagsResponse> ListFlags(FlagsV1.ListFlagsRequest request, ServerCallContext context) =>
        new() { Flags = { await ListAsync(context.CancellationToken) } };

    [Authorize(Policy = Policies.Service)]
    public override Task<FlagsV1.Flag> SetFlag(FlagsV1.SetFlagRequest request, ServerCallContext context) => SetAsync(request, context.CancellationToken);

    async Task<FlagsV1.Flag> SetAsync(FlagsV1.SetFlagRequest request, CancellationToken cancel)
    {
        var flag = Flag.All.FirstOrDefault(flag => flag.Name == request.Name) ?? throw RpcErrors.NotFound($"There is no flag {request.Name}.");
        var people = request.PersonIds.Select(id => Guid.TryParseExact(id, "D", out var person) ? person : throw RpcErrors.InvalidArgument(("person_ids", $"{id} is not an id of a person."))).Distinct().ToArray();
        if (request.Share is < 0 or > 100)
            throw RpcErrors.InvalidArgument(("share", "A share is 0 to 100 percent."));
        if (people.Length > MostPeople)
            throw RpcErrors.InvalidArgument(("person_ids", $"Name up to {MostPeople} people."));
        if (flag.Scope == FlagScope.Site && (request.On && request.Share != 100 || people.Length > 0))
            throw RpcErrors.InvalidArgument(("share", $"What {flag.Name} switches is the same for everyone: it is on or off."));
        await using (var connection = await database.Source.OpenConnectionAsync(cancel))
        {
            if (!await connection.TrySetFlagAsync(flag, request.On, request.Share, people, request.Revision, time.GetUtcNow().UtcDateTime, cancel))
                throw RpcErrors.StaleRevision((await ListAsync(cancel)).Single(known => known.Name == flag.Name));
        }
        // This instance acts on it before it answers, the others within moments.
        await switchboard.ReadAsync(cancel);
        return (await ListAsync(cancel)).Single(known => known.Name == flag.Name);
    }

    /// <summary>Turns it on as it was before, or off.</summary>
    /// <exception cref="RpcException">NOT_FOUND, or ABORTED: somebody else was faster.</exception>
    internal async Task TurnAsync(string name, bool on, CancellationToken cancel)
    {
        var known = (await ListAsync(cancel)).FirstOrDefault(flag => flag.Name == name) ?? throw RpcErrors.NotFound($"There is no flag {name}.");
        await SetAsync(new() { Name = name, On = on, Share = known.Share, PersonIds = { known.PersonIds }, Revision = known.Revision }, cancel);
    }

    /// <summary>Those that somebody touched, and the others as in code.</summary>
    internal async Task<IReadOnlyList<FlagsV1.Flag>> ListAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        var touched = (await connection.ListFlagsAsync(cancel)).ToDictionary(flag => flag.Name);
        return [.. Flag.All.Select(flag => touched.GetValueOrDefault(flag.Name) ?? new() { Name = flag.Name, On = flag.IsOnByDefault, Share = 100 })];
    }
}
