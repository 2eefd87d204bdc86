using System.Security.Claims;
using Duende.IdentityServer.Extensions;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Identity;

namespace Duende.IdentityServer.AspNetIdentity;

/// <summary>Claims from the accounts of ASP.NET Core Identity, read anew for every token.</summary>
public class ProfileService<TUser>(UserManager<TUser> userManager, IUserClaimsPrincipalFactory<TUser> claimsFactory) : IProfileService
    where TUser : class
{
    protected UserManager<TUser> UserManager { get; } = userManager;

    protected IUserClaimsPrincipalFactory<TUser> ClaimsFactory { get; } = claimsFactory;

    public virtual async Task GetProfileDataAsync(ProfileDataRequestContext context, CancellationToken ct)
    {
        if (await FindUserAsync(context.Subject.GetSubjectId(), ct) is { } user)
            await GetProfileDataAsync(context, user, ct);
    }

    public virtual async Task IsActiveAsync(IsActiveContext context, CancellationToken ct) =>
        context.IsActive = await FindUserAsync(context.Subject.GetSubjectId(), ct) is { } user && await IsUserActiveAsync(user, ct);

    /// <summary>Adds the requested ones of the account's claims.</summary>
    protected virtual async Task GetProfileDataAsync(ProfileDataRequestContext context, TUser user, CancellationToken ct) =>
        context.AddRequestedClaims((await GetUserClaimsAsync(user, ct)).Claims);

    protected virtual Task<ClaimsPrincipal> GetUserClaimsAsync(TUser user, CancellationToken ct) => ClaimsFactory.CreateAsync(user);

    /// <summary>Whether the account may get tokens; override it for disabled accounts.</summary>
    protected virtual Task<bool> IsUserActiveAsync(TUser user, CancellationToken ct) => Task.FromResult(true);

    protected virtual Task<TUser?> FindUserAsync(string subjectId, CancellationToken ct) => UserManager.FindByIdAsync(subjectId);
}
