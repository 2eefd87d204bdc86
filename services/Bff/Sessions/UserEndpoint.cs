using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Sessions;

public sealed record SignedInUser(string Id, string Handle, string Name, string? AvatarUrl, IReadOnlyList<string> Roles, string LogoutUrl);

/// <summary>GET /bff/user: who is signed in, asked by the page after it was shown.</summary>
static class UserEndpoint
{
    public static void MapUser(this IEndpointRouteBuilder app) =>
        app.MapGet("/bff/user", Get).WithTags("Session").WithName("getUser").WithSummary("Who is signed in; 401 when nobody is.")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static Results<Ok<SignedInUser>, ProblemHttpResult> Get() => throw new NotSupportedException();
}
