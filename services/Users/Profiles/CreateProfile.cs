using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Profiles;

partial class ProfilesService
{
    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.CreateProfileResponse> CreateProfile(V1.CreateProfileRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var profile = NewProfile(request, time.GetUtcNow());

        if (await StoredAsync(profile.Id, cancel) is { } before)
            return new V1.CreateProfileResponse { Profile = ToMessage(before) };

        db.Add(profile);
        db.Add(new TakenHandle { Handle = profile.Handle, ProfileId = profile.Id, TakenTime = profile.CreateTime });
        PublishChange(profile);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException problem) when (IsTaken(problem))
        {
            // Either the same call won at the same moment, or the handle is someone's.
            profile = await StoredAsync(profile.Id, cancel) ?? throw HandleTaken(profile.Handle);
        }
        return new V1.CreateProfileResponse { Profile = ToMessage(profile) };
    }

    /// <summary>The profile asked for, or INVALID_ARGUMENT with every field that is wrong.</summary>
    internal static Profile NewProfile(V1.CreateProfileRequest request, DateTimeOffset now)
    {
        var (handle, name) = (Handle.Normalize(request.Handle), ProfileText.Normalize(request.Name));
        var violations = new List<(string Field, string Description)>();
        if (!Guid.TryParseExact(request.Id, "D", out var id) || id == Guid.Empty)
            violations.Add(("id", "The id of a profile is a UUID."));
        if (Handle.Problem(handle) is { } handleProblem)
            violations.Add(("handle", handleProblem));
        if (ProfileText.NameProblem(name) is { } nameProblem)
            violations.Add(("name", nameProblem));
        return violations.Count > 0
            ? throw RpcErrors.InvalidArgument(violations)
            : new Profile { Id = id, Handle = handle, Name = name, CreateTime = Stored(now), Unclaimed = request.Unclaimed };
    }

    // PostgreSQL keeps microseconds; the first answer says what every later one will.
    static DateTimeOffset Stored(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    Task<Profile?> StoredAsync(Guid id, CancellationToken cancel) => db.Profiles.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel);
}
