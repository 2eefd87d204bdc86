using Blog.Users.V1;
using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;

namespace Blog.Bff.Sessions;

/// <summary>Profiles of people who are signed in, as last seen.</summary>
sealed class KnownProfiles(TimeProvider time) : IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Kept = TimeSpan.FromHours(12);

    readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 20_000 });

    public (Profile? Profile, bool IsFresh) Find(string id) =>
        known.Get<Known>(id) is { } last ? (last.Profile, time.GetUtcNow() - last.At < Fresh) : (null, false);

    public void Keep(Profile profile) => known.Set(
        profile.Id, new Known(profile, time.GetUtcNow()), new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Kept });

    /// <summary>It changed: still good for bad times, but no longer fresh.</summary>
    public void Outdate(string id)
    {
        if (known.Get<Known>(id) is { } last) last.At = DateTimeOffset.MinValue;
    }

    public void Dispose() => known.Dispose();

    sealed class Known(Profile profile, DateTimeOffset at)
    {
        public Profile Profile => profile;
        public DateTimeOffset At { get; set; } = at;
    }
}

/// <summary>
/// The profile of a signed-in person, asked for with every page they open: kept for a minute, outdated by an event, and the last known
/// one serves while Users is away.
/// </summary>
sealed class ProfileLookup(Users.V1.Users.UsersClient users, KnownProfiles known)
{
    /// <summary>Null: there is no such profile, or none is known and Users is away.</summary>
    public async ValueTask<Profile?> FindAsync(string id, CancellationToken ct)
    {
        var (last, isFresh) = known.Find(id);
        if (isFresh) return last;
        try
        {
            var profile = (await users.GetProfileAsync(new() { Id = id }, cancellationToken: ct)).Profile;
            known.Keep(profile);
            return profile;
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
        catch (RpcException away) when (away.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return last;
        }
    }
}
