using Blog.Bff.Cache;
using Blog.Bff.Sessions;
using Blog.Users.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>What is left out (or null) stays as it is; an empty string or list clears.</summary>
public sealed record UpdateMeInput(
    long Revision, string? Name = null, string? Handle = null, string? Bio = null, string? AvatarMediaId = null, IReadOnlyList<Link>? Links = null);

/// <summary>The signed-in person's own profile.</summary>
static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("").WithTags("Me");

        group.MapGet("", Get).WithName("getMe").WithSummary("My profile.");
        group.MapPatch("", Update).WithName("updateMe").WithSummary("Changes my profile.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<ProfileConflict>(StatusCodes.Status409Conflict, ProblemJson.ContentType);
    }

    static async Task<Ok<Profile>> Get(UsersClient users, CurrentPerson person, CancellationToken ct) =>
        TypedResults.Ok(Profile.From((await users.GetProfileAsync(new() { Id = person.Id }, cancellationToken: ct)).Profile));

    static async Task<Ok<Profile>> Update(
        UpdateMeInput input, UsersClient users, CurrentPerson person, PageCache cache, KnownProfiles profiles, CancellationToken ct)
    {
        var request = new UpdateProfileRequest { Profile = new() { Id = person.Id }, UpdateMask = new(), ExpectedRevision = input.Revision };
        var (profile, mask) = (request.Profile, request.UpdateMask.Paths);
        if (input.Name is { } name) { profile.Name = name; mask.Add("name"); }
        if (input.Handle is { } handle) { profile.Handle = handle; mask.Add("handle"); }
        if (input.Bio is { } bio) { profile.Bio = bio; mask.Add("bio"); }
        if (input.AvatarMediaId is { } avatar) { profile.AvatarMediaId = avatar; mask.Add("avatar_media_id"); }
        if (input.Links is { } links)
        {
            profile.Links.AddRange(links.Select(link => new Users.V1.Link { Label = link.Label, Url = link.Url }));
            mask.Add("links");
        }

        var former = await person.HandleAsync(ct);
        var changed = (await users.UpdateProfileAsync(request, cancellationToken: ct)).Profile;
        profiles.Keep(changed);
        cache.ProfileChanged(changed.Id, [changed.Handle, former]);
        return TypedResults.Ok(Profile.From(changed));
    }
}
