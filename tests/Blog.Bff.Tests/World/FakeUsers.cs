using System.Collections.Concurrent;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Users as its contract says it behaves, in memory.</summary>
sealed class FakeUsers : Blog.Users.V1.Users.UsersBase
{
    public ConcurrentDictionary<string, Profile> Profiles { get; } = new();
    public ConcurrentDictionary<string, string> FormerHandles { get; } = new();
    public volatile bool Away;

    public Profile Add(string handle, string? id = null)
    {
        var profile = new Profile
        {
            Id = id ?? Guid.CreateVersion7().ToString(),
            Handle = handle,
            Name = handle.ToUpperInvariant(),
            CreateTime = Timestamp.FromDateTime(DateTime.UtcNow),
            Revision = 1,
        };
        Profiles[profile.Id] = profile;
        return profile;
    }

    Profile? ByHandle(string handle) => Profiles.Values.FirstOrDefault(p => string.Equals(p.Handle, handle, StringComparison.OrdinalIgnoreCase))
        ?? (FormerHandles.TryGetValue(handle, out var id) ? Profiles[id] : null);

    void Enter()
    {
        if (Away) throw RpcErrors.Create(StatusCode.Unavailable, "The database cannot be reached.", "DATABASE_AWAY");
    }

    public override Task<GetProfileResponse> GetProfile(GetProfileRequest request, ServerCallContext context)
    {
        Enter();
        var found = request.KeyCase == GetProfileRequest.KeyOneofCase.Handle ? ByHandle(request.Handle) : Profiles.GetValueOrDefault(request.Id);
        return Task.FromResult(new GetProfileResponse { Profile = found ?? throw RpcErrors.NotFound("There is nobody of that name.") });
    }

    public override Task<BatchGetProfilesResponse> BatchGetProfiles(BatchGetProfilesRequest request, ServerCallContext context)
    {
        Enter();
        return Task.FromResult(new BatchGetProfilesResponse { Profiles = { request.Ids.Where(Profiles.ContainsKey).Select(id => Profiles[id]) } });
    }

    public override Task<UpdateProfileResponse> UpdateProfile(UpdateProfileRequest request, ServerCallContext context)
    {
        Enter();
        var profile = Profiles[FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..])];
        if (profile.Revision != request.ExpectedRevision) throw RpcErrors.StaleRevision(profile);
        foreach (var path in request.UpdateMask.Paths)
        {
            if (path == "name") profile.Name = request.Profile.Name;
            if (path != "handle") continue;
            if (ByHandle(request.Profile.Handle) is { } other && other.Id != profile.Id)
                throw RpcErrors.Create(StatusCode.AlreadyExists, "This handle is taken.", "HANDLE_TAKEN");
            FormerHandles[profile.Handle] = profile.Id;
            profile.Handle = request.Profile.Handle;
        }

        profile.Revision++;
        return Task.FromResult(new UpdateProfileResponse { Profile = profile });
    }
}
