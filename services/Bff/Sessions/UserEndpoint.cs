using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Sessions;

public sealed record SignedInUser(string Id, string Handle, string Name, string? AvatarUrl, IReadOnlyList<string> Roles, string LogoutUrl);

/// <summary>GET /bff/user: who is signed in, asked by a page after it was shown (the page itself is the same for everyone).</summary>
static class UserEndpoint
{
    public static void MapUser(this IEndpointRouteBuilder app) =>
        app.MapGet("/bff/user", Get).RequireAuthorization().WithTags("Session").WithName("getUser").WithSummary("Who is signed in; 401 when nobody is.")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static async Task<Results<Ok<SignedInUser>, ProblemHttpResult>> Get(HttpContext http, CurrentPerson person, ProfileLookup profiles, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var live = http.Features.Get<LiveSession>()!;
        if (await profiles.FindAsync(person.Id, ct) is not { } profile)
            return TypedResults.Problem("Your profile cannot be read for the moment.", statusCode: StatusCodes.Status503ServiceUnavailable);

        return TypedResults.Ok(new SignedInUser(
            profile.Id, profile.Handle, profile.Name, Api.Addresses.Media(profile.AvatarMediaId), live.Session.Roles,
            $"/bff/logout?sid={Uri.EscapeDataString(SignOutEndpoints.LogoutKey(live))}"));
    }
}
