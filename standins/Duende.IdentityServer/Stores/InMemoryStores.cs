using System.Collections.Concurrent;
using Duende.IdentityServer.Models;

namespace Duende.IdentityServer.Stores;

internal sealed class InMemoryClientStore(IEnumerable<Client> clients) : IClientStore
{
    readonly Dictionary<string, Client> _clients = clients.ToDictionary(client => client.ClientId, StringComparer.Ordinal);

    public Task<Client?> FindClientByIdAsync(string clientId, CancellationToken ct) => Task.FromResult(_clients.GetValueOrDefault(clientId));
}

internal sealed class InMemoryResourcesStore(
    IEnumerable<IEnumerable<IdentityResource>> identityResources,
    IEnumerable<IEnumerable<ApiResource>> apiResources,
    IEnumerable<IEnumerable<ApiScope>> apiScopes) : IResourceStore
{
    readonly IdentityResource[] _identityResources = [.. identityResources.SelectMany(set => set)];
    readonly ApiResource[] _apiResources = [.. apiResources.SelectMany(set => set)];
    readonly ApiScope[] _apiScopes = [.. apiScopes.SelectMany(set => set)];

    public Task<IEnumerable<IdentityResource>> FindIdentityResourcesByScopeNameAsync(IEnumerable<string> scopeNames, CancellationToken ct) =>
        Task.FromResult(_identityResources.Where(resource => scopeNames.Contains(resource.Name)));

    public Task<IEnumerable<ApiScope>> FindApiScopesByNameAsync(IEnumerable<string> scopeNames, CancellationToken ct) =>
        Task.FromResult(_apiScopes.Where(scope => scopeNames.Contains(scope.Name)));

    public Task<IEnumerable<ApiResource>> FindApiResourcesByScopeNameAsync(IEnumerable<string> scopeNames, CancellationToken ct) =>
        Task.FromResult(_apiResources.Where(resource => resource.Scopes.Any(scopeNames.Contains)));

    public Task<IEnumerable<ApiResource>> FindApiResourcesByNameAsync(IEnumerable<string> apiResourceNames, CancellationToken ct) =>
        Task.FromResult(_apiResources.Where(resource => apiResourceNames.Contains(resource.Name)));

    public Task<Resources> GetAllResourcesAsync(CancellationToken ct) =>
        Task.FromResult(new Resources(_identityResources, _apiResources, _apiScopes));
}

/// <summary>Grants of one process; for tests and for trying things out.</summary>
internal sealed class InMemoryPersistedGrantStore : IOneTimeGrantStore
{
    readonly ConcurrentDictionary<string, PersistedGrant> _grants = new(StringComparer.Ordinal);

    public Task StoreAsync(PersistedGrant grant, CancellationToken ct)
    {
        _grants[grant.Key] = grant;
        return Task.CompletedTask;
    }

    public Task<PersistedGrant?> GetAsync(string key, CancellationToken ct) => Task.FromResult(_grants.GetValueOrDefault(key));

    public Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter, CancellationToken ct)
    {
        filter.Validate();
        return Task.FromResult<IEnumerable<PersistedGrant>>([.. _grants.Values.Where(grant => Matches(grant, filter))]);
    }

    public Task RemoveAsync(string key, CancellationToken ct)
    {
        _grants.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public async Task RemoveAllAsync(PersistedGrantFilter filter, CancellationToken ct)
    {
        foreach (var grant in await GetAllAsync(filter, ct))
            _grants.TryRemove(grant.Key, out _);
    }

    public Task<bool> TryConsumeAsync(string key, DateTime consumedTime, CancellationToken ct)
    {
        if (!_grants.TryGetValue(key, out var grant))
            return Task.FromResult(false);
        lock (grant)
        {
            if (grant.ConsumedTime is not null)
                return Task.FromResult(false);
            grant.ConsumedTime = consumedTime;
            return Task.FromResult(true);
        }
    }

    static bool Matches(PersistedGrant grant, PersistedGrantFilter filter) =>
        (filter.SubjectId is null || grant.SubjectId == filter.SubjectId)
        && (filter.SessionId is null || grant.SessionId == filter.SessionId)
        && (filter.ClientId is null || grant.ClientId == filter.ClientId)
        && (filter.ClientIds is null || filter.ClientIds.Contains(grant.ClientId))
        && (filter.Type is null || grant.Type == filter.Type)
        && (filter.Types is null || filter.Types.Contains(grant.Type));
}

/// <summary>Signing keys of one process: tokens do not survive a restart.</summary>
internal sealed class InMemorySigningKeyStore : ISigningKeyStore
{
    readonly ConcurrentDictionary<string, SerializedKey> _keys = new(StringComparer.Ordinal);

    public Task<IEnumerable<SerializedKey>> LoadKeysAsync(CancellationToken ct) =>
        Task.FromResult<IEnumerable<SerializedKey>>([.. _keys.Values]);

    public Task StoreKeyAsync(SerializedKey key, CancellationToken ct)
    {
        _keys[key.Id] = key;
        return Task.CompletedTask;
    }

    public Task DeleteKeyAsync(string id, CancellationToken ct)
    {
        _keys.TryRemove(id, out _);
        return Task.CompletedTask;
    }
}
