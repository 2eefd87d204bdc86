using Blog.Bff.Cache;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Users.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using RelationsClient = Blog.Users.V1.Relations.RelationsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>Where the signed-in person stands to a person, publication (by id) or topic (by slug), and how many follow it.</summary>
public sealed record Standing(string Id, bool Following, bool Muted, bool Blocked, long FollowerCount)
{
    public static Standing From(Relation relation) =>
        new(relation.Target.Id, relation.Following, relation.Muted, relation.Blocked, relation.FollowerCount);
}

public sealed record Standings(IReadOnlyList<Standing> People, IReadOnlyList<Standing> Topics, IReadOnlyList<Standing> Publications);

public sealed record PersonList(IReadOnlyList<Author> Items, string? NextPageToken);

/// <param name="Since">When this person was followed, muted or blocked.</param>
public sealed record RelatedPerson(Author Person, DateTime Since, Standing Standing);

public sealed record RelatedPersonList(IReadOnlyList<RelatedPerson> Items, string? NextPageToken);

public sealed record FollowedTopic(string Slug, string Name, int ArticleCount, DateTime Since);

public sealed record FollowedTopicList(IReadOnlyList<FollowedTopic> Items, string? NextPageToken);

/// <summary>Who follows whom and what; whom the signed-in person muted or blocked.</summary>
static class RelationEndpoints
{
    const string Kinds = "{kind:regex(^(people|topics|publications)$)}";

    /// <summary>Public lists: the same for everyone, so they leave nobody out.</summary>
    public static void MapRelations(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/people/{handle}").WithTags("People")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status308PermanentRedirect, typeof(void)))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/followers", ListFollowers).WithName("listFollowers").WithSummary("Who follows this person, newest first.");
        group.MapGet("/following", ListFollowing).WithName("listFollowing").WithSummary("Whom this person follows, newest first.");
    }

    public static void MapMyRelations(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("").WithTags("My relations").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/relations", Get).WithName("getStandings").WithSummary("Where I stand to up to 100 people (by id), topics (by slug) and publications (by id), in the order asked.");

        group.MapGet("/following/people", ListMyPeople).WithName("listFollowedPeople").WithSummary("Whom I follow, newest first.");
        group.MapGet("/following/topics", ListMyTopics).WithName("listFollowedTopics").WithSummary("Topics I follow, newest first.");
        var following = group.MapGroup($"/following/{Kinds}/{{id}}").ProducesProblem(StatusCodes.Status404NotFound);
        following.MapPut("", Follow).WithName("follow").WithSummary("Follows it; again is no error. 429 with Retry-After when too many are followed in a short time.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        following.MapDelete("", Unfollow).WithName("unfollow").WithSummary("Ends following it; what was not followed is no error.");

        group.MapGet("/muted", ListMuted).WithName("listMuted").WithSummary("Whom I muted, newest first.");
        group.MapPut("/muted/{id}", Mute).WithName("mute").WithSummary("Keeps what this person writes out of my sight. They are not told.").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/muted/{id}", Unmute).WithName("unmute").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/blocked", ListBlocked).WithName("listBlocked").WithSummary("Whom I blocked, newest first.");
        group.MapPut("/blocked/{id}", Block).WithName("block").WithSummary("Neither of us sees or reaches the other from now on; follows between us end.").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/blocked/{id}", Unblock).WithName("unblock").ProducesProblem(StatusCodes.Status404NotFound);

        var people = group.MapGroup("/people/{handle}").ProducesProblem(StatusCodes.Status404NotFound);
        people.MapGet("/followers", ListFollowersForMe).WithName("listFollowersForMe").WithSummary("As listFollowers, without whom a block keeps apart from me.");
        people.MapGet("/following", ListFollowingForMe).WithName("listFollowingForMe").WithSummary("As listFollowing, without whom a block keeps apart from me.");
    }

    static async Task<Results<Ok<PersonList>, RedirectHttpResult>> ListFollowers(
        string handle, HttpContext http, UsersClient users, RelationsClient relations, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var person = await PeopleEndpoints.FindAsync(handle, http, users, ct);
        if (person.Handle != handle) return PeopleEndpoints.Moved($"/api/v1/people/{person.Handle}/followers{http.Request.QueryString}");
        var page = await FollowersAsync(person, relations, pageToken, pageSize, ct);
        return TypedResults.Ok(ListOf(http, person, page.Followers.Select(f => f.Profile), page.NextPageToken));
    }

    static async Task<Results<Ok<PersonList>, RedirectHttpResult>> ListFollowing(
        string handle, HttpContext http, UsersClient users, RelationsClient relations, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var person = await PeopleEndpoints.FindAsync(handle, http, users, ct);
        if (person.Handle != handle) return PeopleEndpoints.Moved($"/api/v1/people/{person.Handle}/following{http.Request.QueryString}");
        var page = await FollowingAsync(person.Id, FollowTarget.Person, relations, pageToken, pageSize, ct);
        return TypedResults.Ok(ListOf(http, person, page.Followed.Select(f => f.Profile), page.NextPageToken));
    }

    static PersonList ListOf(HttpContext http, Users.V1.Profile person, IEnumerable<Users.V1.Profile> people, string next)
    {
        var items = people.Select(Author.From).ToArray();
        http.AddCacheTags([$"follows:{person.Id}", .. items.Select(item => $"author:{item.Id}")]);
        return new(items, next.OrNull());
    }

    static async Task<Ok<RelatedPersonList>> ListFollowersForMe(
        string handle, UsersClient users, RelationsClient relations, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var person = (await users.GetProfileAsync(new() { Handle = handle }, cancellationToken: ct)).Profile;
        var page = await FollowersAsync(person, relations, pageToken, pageSize, ct);
        return TypedResults.Ok(await WithStandingAsync(relations, page.Followers, page.NextPageToken, ct));
    }

    static async Task<Ok<RelatedPersonList>> ListFollowingForMe(
        string handle, UsersClient users, RelationsClient relations, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var person = (await users.GetProfileAsync(new() { Handle = handle }, cancellationToken: ct)).Profile;
        return TypedResults.Ok(await PeopleFollowedByAsync(person.Id, relations, pageToken, pageSize, ct));
    }

    static async Task<Ok<RelatedPersonList>> ListMyPeople(RelationsClient relations, CurrentPerson me, CancellationToken ct, string? pageToken = null, int? pageSize = null) =>
        TypedResults.Ok(await PeopleFollowedByAsync(me.Id, relations, pageToken, pageSize, ct));

    static async Task<Ok<FollowedTopicList>> ListMyTopics(
        RelationsClient relations, Articles.ArticlesClient articles, CurrentPerson me, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await FollowingAsync(me.Id, FollowTarget.Topic, relations, pageToken, pageSize, ct);
        var known = page.Followed.Count == 0 ? []
            : (await articles.BatchGetTopicsAsync(new() { Slugs = { page.Followed.Select(f => f.Target.Id) } }, cancellationToken: ct)).Topics.ToDictionary(topic => topic.Slug);
        return TypedResults.Ok(new FollowedTopicList(
            [.. page.Followed.Select(f =>
            {
                var topic = known.GetValueOrDefault(f.Target.Id);
                // A topic can be followed before anybody has written about it; then it has no name yet.
                return new FollowedTopic(f.Target.Id, topic?.Name ?? f.Target.Id, topic?.ArticleCount ?? 0, f.FollowTime.Utc());
            })],
            page.NextPageToken.OrNull()));
    }

    static async Task<Ok<RelatedPersonList>> ListMuted(RelationsClient relations, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await relations.ListMutedAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        return TypedResults.Ok(await WithStandingAsync(relations, page.People, page.NextPageToken, ct));
    }

    static async Task<Ok<RelatedPersonList>> ListBlocked(RelationsClient relations, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await relations.ListBlockedAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        return TypedResults.Ok(await WithStandingAsync(relations, page.People, page.NextPageToken, ct));
    }

    static async Task<Ok<Standings>> Get(RelationsClient relations, CancellationToken ct, string[]? people = null, string[]? topics = null, string[]? publications = null)
    {
        var (first, second) = (people?.Length ?? 0, topics?.Length ?? 0);
        var answer = await StandingsAsync(
            relations, [.. (people ?? []).Select(PersonOf), .. (topics ?? []).Select(slug => TargetOf("topics", slug)), .. (publications ?? []).Select(id => TargetOf("publications", id))], ct);
        return TypedResults.Ok(new Standings([.. answer.Take(first)], [.. answer.Skip(first).Take(second)], [.. answer.Skip(first + second)]));
    }

    /// <summary>Where the signed-in person stands to another; null while Users is away.</summary>
    public static Task<Standing?> StandingOrNullAsync(this RelationsClient relations, string personId, CancellationToken ct) =>
        relations.BatchGetRelationsAsync(new() { Targets = { PersonOf(personId) } }, cancellationToken: ct).OrNullAsync(answer => answer.Relations.Select(Standing.From).FirstOrDefault());

    static async Task<Ok<Standing>> Follow(string kind, string id, RelationsClient relations, Publications.PublicationsClient publications, CurrentPerson me, PageCache cache, CancellationToken ct)
    {
        // Users knows people; whether there is such a publication is for Content to say.
        if (kind == "publications") await publications.GetPublicationAsync(new() { Id = id }, cancellationToken: ct);
        return await ChangedAsync(relations.FollowAsync(new() { Target = TargetOf(kind, id) }, cancellationToken: ct), answer => answer.Relation, me, cache);
    }

    static Task<Ok<Standing>> Unfollow(string kind, string id, RelationsClient relations, CurrentPerson me, PageCache cache, CancellationToken ct) =>
        ChangedAsync(relations.UnfollowAsync(new() { Target = TargetOf(kind, id) }, cancellationToken: ct), answer => answer.Relation, me, cache);

    static Task<Ok<Standing>> Mute(string id, RelationsClient relations, CurrentPerson me, PageCache cache, CancellationToken ct) =>
        ChangedAsync(relations.MuteAsync(new() { PersonId = id }, cancellationToken: ct), answer => answer.Relation, me, cache);

    static Task<Ok<Standing>> Unmute(string id, RelationsClient relations, CurrentPerson me, PageCache cache, CancellationToken ct) =>
        ChangedAsync(relations.UnmuteAsync(new() { PersonId = id }, cancellationToken: ct), answer => answer.Relation, me, cache);

    static Task<Ok<Standing>> Block(string id, RelationsClient relations, CurrentPerson me, PageCache cache, CancellationToken ct) =>
        ChangedAsync(relations.BlockAsync(new() { PersonId = id }, cancellationToken: ct), answer => answer.Relation, me, cache);

    static Task<Ok<Standing>> Unblock(string id, RelationsClient relations, CurrentPerson me, PageCache cache, CancellationToken ct) =>
        ChangedAsync(relations.UnblockAsync(new() { PersonId = id }, cancellationToken: ct), answer => answer.Relation, me, cache);

    static async Task<Ok<Standing>> ChangedAsync<T>(AsyncUnaryCall<T> command, Func<T, Relation> relation, CurrentPerson me, PageCache cache)
    {
        var standing = Standing.From(relation(await command));
        cache.FollowsChanged(me.Id, standing.Id);
        return TypedResults.Ok(standing);
    }

    static AsyncUnaryCall<ListFollowersResponse> FollowersAsync(Users.V1.Profile person, RelationsClient relations, string? pageToken, int? pageSize, CancellationToken ct) =>
        relations.ListFollowersAsync(new() { Target = PersonOf(person.Id), PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);

    static AsyncUnaryCall<ListFollowingResponse> FollowingAsync(string personId, FollowTarget kind, RelationsClient relations, string? pageToken, int? pageSize, CancellationToken ct) =>
        relations.ListFollowingAsync(new() { PersonId = personId, Kind = kind, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);

    static async Task<RelatedPersonList> PeopleFollowedByAsync(string personId, RelationsClient relations, string? pageToken, int? pageSize, CancellationToken ct)
    {
        var page = await FollowingAsync(personId, FollowTarget.Person, relations, pageToken, pageSize, ct);
        return await WithStandingAsync(relations, page.Followed.Select(f => new Users.V1.RelatedPerson { Profile = f.Profile, Time = f.FollowTime }), page.NextPageToken, ct);
    }

    static async Task<RelatedPersonList> WithStandingAsync(RelationsClient relations, IEnumerable<Users.V1.RelatedPerson> people, string next, CancellationToken ct)
    {
        var listed = people.ToArray();
        var standings = await StandingsAsync(relations, [.. listed.Select(p => PersonOf(p.Profile.Id))], ct);
        return new([.. listed.Zip(standings, (p, standing) => new RelatedPerson(Author.From(p.Profile), p.Time.Utc(), standing))], next.OrNull());
    }

    static async Task<Standing[]> StandingsAsync(RelationsClient relations, IReadOnlyCollection<Target> targets, CancellationToken ct) => targets.Count == 0 ? []
        : [.. (await relations.BatchGetRelationsAsync(new() { Targets = { targets } }, cancellationToken: ct)).Relations.Select(Standing.From)];

    static Target PersonOf(string id) => TargetOf("people", id);

    static Target TargetOf(string kind, string id) => new()
    {
        Kind = kind switch { "people" => FollowTarget.Person, "topics" => FollowTarget.Topic, _ => FollowTarget.Publication },
        Id = id,
    };
}
