using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;

namespace Blog.IdentityServer.Tests;

/// <summary>Accounts that a test can lock or give another role.</summary>
sealed class SwitchableProfiles : IProfileService
{
    public bool Active { get; set; } = true;

    public string Role { get; set; } = "author";

    public Task GetProfileDataAsync(ProfileDataRequestContext context, CancellationToken ct)
    {
        // sub and client_id are the protocol's: the server must not let a profile change them.
        context.AddRequestedClaims([new("role", Role), new("email", "alice@example.org"), new("email_verified", "true", System.Security.Claims.ClaimValueTypes.Boolean)]);
        context.IssuedClaims.AddRange([new("sub", "mallory"), new("client_id", "mallory")]);
        return Task.CompletedTask;
    }

    public Task IsActiveAsync(IsActiveContext context, CancellationToken ct)
    {
        context.IsActive = Active;
        return Task.CompletedTask;
    }
}
