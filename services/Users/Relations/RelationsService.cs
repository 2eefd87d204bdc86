using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Data;
using Blog.Users.Profiles;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Relations;

/// <summary>
/// blog.users.v1.Relations. Each use case is a file of this folder; here is what several of them need. A command takes its locks in one order:
/// the pair of people, their profiles, their budgets by id, counts by target. So two commands never wait in a circle.
/// </summary>
sealed partial class RelationsService(UsersDbContext db, Follows follows, TimeProvider time) : V1.Relations.RelationsBase
{
    const int MaxBatch = 100;

    static Guid Me(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid OtherThan(Guid me, string personId, string ofOneself) =>
        !Guid.TryParseExact(personId, "D", out var id) ? throw RpcErrors.InvalidArgument(("person_id", "People are named by a UUID."))
        : id == me ? throw RpcErrors.InvalidArgument(("person_id", ofOneself))
        : id;

    static RpcException Nobody() => RpcErrors.NotFound("There is nobody here by that name.");

    /// <summary>Until the transaction ends nobody else changes how these two stand to each other, and neither profile goes away.</summary>
    async Task LockPairAsync(Guid one, Guid other, CancellationToken cancel)
    {
        var (first, second) = one.CompareTo(other) < 0 ? (one, other) : (other, one);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"{first}{second}"}, 0))", cancel);
        if (!await follows.LockProfilesAsync([one, other], cancel))
            throw Nobody();
    }

    Task<bool> AreApartAsync(Guid one, Guid other, CancellationToken cancel) => db.Set<Relation>()
        .AnyAsync(r => r.BlockTime != null && ((r.PersonId == one && r.OtherId == other) || (r.PersonId == other && r.OtherId == one)), cancel);

    async Task<V1.Relation> RelationAsync(Guid me, Target target, CancellationToken cancel) => (await RelationsAsync(me, [target], cancel))[0];

    /// <summary>How <paramref name="me"/> stands to each, in their order.</summary>
    async Task<V1.Relation[]> RelationsAsync(Guid me, IReadOnlyCollection<Target> targets, CancellationToken cancel)
    {
        var (kinds, ids) = (targets.Select(t => t.Kind).Distinct().ToArray(), targets.Select(t => t.Id).Distinct().ToArray());
        var people = targets.Select(t => t.PersonId).OfType<Guid>().Distinct().ToArray();
        var followed = (await db.Set<Following>().AsNoTracking().Where(f => f.FollowerId == me && kinds.Contains(f.Kind) && ids.Contains(f.TargetId)).ToListAsync(cancel))
            .Select(f => f.Target).ToHashSet();
        var decided = people.Length == 0 ? []
            : await db.Set<Relation>().AsNoTracking().Where(r => r.PersonId == me && people.Contains(r.OtherId)).ToDictionaryAsync(r => Target.Person(r.OtherId), cancel);
        var counts = await FollowerCount.OfAsync(db, targets, cancel);
        return [.. targets.Select(target => new V1.Relation
        {
            Target = target.ToMessage(),
            Following = followed.Contains(target),
            Muted = decided.GetValueOrDefault(target)?.MuteTime is not null,
            Blocked = decided.GetValueOrDefault(target)?.BlockTime is not null,
            FollowerCount = counts.GetValueOrDefault(target),
        })];
    }

    /// <summary>Those of <paramref name="people"/> whom the caller may see: without a person everybody, otherwise nobody whom a block keeps apart from them.</summary>
    async Task<HashSet<Guid>> VisibleAsync(ServerCallContext context, IReadOnlyCollection<Guid> people)
    {
        var visible = people.ToHashSet();
        if (context.GetHttpContext().User.PersonId() is not { } me)
            return visible;
        var apart = db.Set<Relation>().Where(r => r.BlockTime != null);
        visible.ExceptWith(await apart.Where(r => r.PersonId == me && people.Contains(r.OtherId)).Select(r => r.OtherId)
            .Concat(apart.Where(r => r.OtherId == me && people.Contains(r.PersonId)).Select(r => r.PersonId)).ToListAsync(context.CancellationToken));
        return visible;
    }

    Task<Dictionary<Guid, Profile>> ProfilesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel) =>
        db.Profiles.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);

    static V1.RelatedPerson ToMessage(Profile profile, DateTimeOffset since) =>
        new() { Profile = ProfilesService.ToMessage(profile), Time = Timestamp.FromDateTimeOffset(since) };
}
