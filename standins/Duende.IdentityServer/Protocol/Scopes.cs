using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Validation;

namespace Duende.IdentityServer.Protocol;

/// <summary>Finds what scopes stand for, and whether a client may have them.</summary>
internal sealed class Scopes(IResourceStore resources)
{
    const string OfflineAccess = IdentityServerConstants.StandardScopes.OfflineAccess;

    /// <summary>The distinct values of a scope parameter (RFC 6749, section 3.3).</summary>
    public static IReadOnlyList<string> Parse(string? scope) =>
        [.. (scope ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>The resources, or null and the reason when a scope is unknown, disabled or not for this client.</summary>
    public async Task<(ResourceValidationResult? Resources, OAuthError? Error)> ValidateAsync(
        Client client, IReadOnlyList<string> scopes, CancellationToken ct)
    {
        var found = await ResolveAsync(scopes, ct);
        foreach (var scope in scopes)
        {
            var allowed = scope == OfflineAccess ? client.AllowOfflineAccess : client.AllowedScopes.Contains(scope);
            var known = scope == OfflineAccess
                || found.Resources.IdentityResources.Any(resource => resource.Name == scope)
                || found.Resources.ApiScopes.Any(resource => resource.Name == scope);
            if (!allowed || !known)
                return (null, new(OAuthError.InvalidScope, $"The scope {Printable(scope)} is unknown or not allowed for this client."));
        }
        return (found, null);
    }

    /// <summary>The enabled resources behind scopes that were granted before.</summary>
    public async Task<ResourceValidationResult> ResolveAsync(IReadOnlyList<string> scopes, CancellationToken ct) => new()
    {
        Resources = new Resources(
            (await resources.FindIdentityResourcesByScopeNameAsync(scopes, ct)).Where(resource => resource.Enabled),
            (await resources.FindApiResourcesByScopeNameAsync(scopes, ct)).Where(resource => resource.Enabled),
            (await resources.FindApiScopesByNameAsync(scopes, ct)).Where(resource => resource.Enabled))
        {
            OfflineAccess = scopes.Contains(OfflineAccess),
        },
        ParsedScopes = [.. scopes.Select(scope => new ParsedScopeValue(scope))],
    };

    // error_description allows %x20-21 / %x23-5B / %x5D-7E only (RFC 6749, section 5.2).
    static string Printable(string scope) =>
        new([.. scope.Take(50).Select(c => c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '?')]);
}
