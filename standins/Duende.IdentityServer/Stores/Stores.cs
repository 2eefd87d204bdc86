using Duende.IdentityServer.Models;

namespace Duende.IdentityServer.Stores;

/// <summary>Finds clients.</summary>
public interface IClientStore
{
    /// <summary>The client, or null; the caller checks <see cref="Client.Enabled"/>.</summary>
    Task<Client?> FindClientByIdAsync(string clientId, CancellationToken ct);
}

/// <summary>Finds resources.</summary>
public interface IResourceStore
{
    Task<IEnumerable<IdentityResource>> FindIdentityResourcesByScopeNameAsync(IEnumerable<string> scopeNames, CancellationToken ct);
    Task<IEnumerable<ApiScope>> FindApiScopesByNameAsync(IEnumerable<string> scopeNames, CancellationToken ct);
    Task<IEnumerable<ApiResource>> FindApiResourcesByScopeNameAsync(IEnumerable<string> scopeNames, CancellationToken ct);
    Task<IEnumerable<ApiResource>> FindApiResourcesByNameAsync(IEnumerable<string> apiResourceNames, CancellationToken ct);
    Task<Resources> GetAllResourcesAsync(CancellationToken ct);
}

/// <summary>Keeps grants.</summary>
public interface IPersistedGrantStore
{
    /// <summary>Adds the grant or replaces the one with its key.</summary>
    Task StoreAsync(PersistedGrant grant, CancellationToken ct);
    Task<PersistedGrant?> GetAsync(string key, CancellationToken ct);
    Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter, CancellationToken ct);
    Task RemoveAsync(string key, CancellationToken ct);
    Task RemoveAllAsync(PersistedGrantFilter filter, CancellationToken ct);
}

/// <summary>
/// What one-time use needs beyond the public contract: of several callers, one gets true. The official contract has no such
/// operation, so a store of the host's own cannot be used with the stand-in.
/// </summary>
internal interface IOneTimeGrantStore : IPersistedGrantStore
{
    Task<bool> TryConsumeAsync(string key, DateTime consumedTime, CancellationToken ct);
}

/// <summary>Conditions that all hold; at least one must be set.</summary>
public sealed class PersistedGrantFilter
{
    public string? SubjectId { get; set; }
    public string? SessionId { get; set; }
    public string? ClientId { get; set; }
    public IEnumerable<string>? ClientIds { get; set; }
    public string? Type { get; set; }
    public IEnumerable<string>? Types { get; set; }

    /// <exception cref="ArgumentException">No condition is set: that would mean every grant of everyone.</exception>
    internal void Validate()
    {
        if (SubjectId is null && SessionId is null && ClientId is null && ClientIds is null && Type is null && Types is null)
            throw new ArgumentException("A grant filter needs at least one condition.");
    }
}

/// <summary>Keeps signing keys.</summary>
public interface ISigningKeyStore
{
    Task<IEnumerable<SerializedKey>> LoadKeysAsync(CancellationToken ct);
    Task StoreKeyAsync(SerializedKey key, CancellationToken ct);
    Task DeleteKeyAsync(string id, CancellationToken ct);
}
