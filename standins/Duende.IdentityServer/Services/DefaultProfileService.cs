using Duende.IdentityServer.Models;

namespace Duende.IdentityServer.Services;

/// <summary>Gives out the claims of the session.</summary>
public class DefaultProfileService : IProfileService
{
    public virtual Task GetProfileDataAsync(ProfileDataRequestContext context, CancellationToken ct)
    {
        context.AddRequestedClaims(context.Subject.Claims);
        return Task.CompletedTask;
    }

    public virtual Task IsActiveAsync(IsActiveContext context, CancellationToken ct) => Task.CompletedTask;
}
