using Duende.IdentityServer.EntityFramework.Interfaces;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Microsoft.EntityFrameworkCore;

namespace Duende.IdentityServer.EntityFramework.Stores;

/// <summary>Grants in a relational database. Each operation is one statement, so several servers can share it.</summary>
public class PersistedGrantStore(IPersistedGrantDbContext context) : IPersistedGrantStore, IOneTimeGrantStore
{
    public virtual async Task StoreAsync(PersistedGrant grant, CancellationToken ct)
    {
        var updated = await context.PersistedGrants.Where(row => row.Key == grant.Key).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Expiration, grant.Expiration)
            .SetProperty(row => row.ConsumedTime, grant.ConsumedTime)
            .SetProperty(row => row.Data, grant.Data), ct);
        if (updated > 0)
            return;
        var added = context.PersistedGrants.Add(new Entities.PersistedGrant
        {
            Key = grant.Key,
            Type = grant.Type,
            SubjectId = grant.SubjectId,
            SessionId = grant.SessionId,
            ClientId = grant.ClientId,
            Description = grant.Description,
            CreationTime = grant.CreationTime,
            Expiration = grant.Expiration,
            ConsumedTime = grant.ConsumedTime,
            Data = grant.Data,
        });
        await context.SaveChangesAsync(ct);
        added.State = EntityState.Detached;
    }

    public virtual async Task<PersistedGrant?> GetAsync(string key, CancellationToken ct) =>
        await context.PersistedGrants.AsNoTracking().SingleOrDefaultAsync(row => row.Key == key, ct) is { } row ? ToModel(row) : null;

    public virtual async Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter, CancellationToken ct) =>
        (await Filter(filter).AsNoTracking().ToListAsync(ct)).Select(ToModel);

    public virtual Task RemoveAsync(string key, CancellationToken ct) =>
        context.PersistedGrants.Where(row => row.Key == key).ExecuteDeleteAsync(ct);

    public virtual Task RemoveAllAsync(PersistedGrantFilter filter, CancellationToken ct) => Filter(filter).ExecuteDeleteAsync(ct);

    async Task<bool> IOneTimeGrantStore.TryConsumeAsync(string key, DateTime consumedTime, CancellationToken ct) =>
        await context.PersistedGrants
            .Where(row => row.Key == key && row.ConsumedTime == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsumedTime, consumedTime), ct) == 1;

    IQueryable<Entities.PersistedGrant> Filter(PersistedGrantFilter filter)
    {
        filter.Validate();
        IQueryable<Entities.PersistedGrant> rows = context.PersistedGrants;
        if (filter.SubjectId is { } subject)
            rows = rows.Where(row => row.SubjectId == subject);
        if (filter.SessionId is { } session)
            rows = rows.Where(row => row.SessionId == session);
        if (filter.ClientId is { } client)
            rows = rows.Where(row => row.ClientId == client);
        if (filter.ClientIds is { } clients)
            rows = rows.Where(row => clients.Contains(row.ClientId));
        if (filter.Type is { } type)
            rows = rows.Where(row => row.Type == type);
        if (filter.Types is { } types)
            rows = rows.Where(row => types.Contains(row.Type));
        return rows;
    }

    static PersistedGrant ToModel(Entities.PersistedGrant row) => new()
    {
        Key = row.Key,
        Type = row.Type,
        SubjectId = row.SubjectId,
        SessionId = row.SessionId,
        ClientId = row.ClientId,
        Description = row.Description,
        CreationTime = row.CreationTime,
        Expiration = row.Expiration,
        ConsumedTime = row.ConsumedTime,
        Data = row.Data,
    };
}

/// <summary>Signing keys in a relational database.</summary>
public class SigningKeyStore(IPersistedGrantDbContext context) : ISigningKeyStore
{
    const string Use = "signing";

    public virtual async Task<IEnumerable<SerializedKey>> LoadKeysAsync(CancellationToken ct) =>
        (await context.Keys.AsNoTracking().Where(key => key.Use == Use).ToListAsync(ct)).Select(key => new SerializedKey
        {
            Id = key.Id,
            Version = key.Version,
            Created = key.Created,
            Algorithm = key.Algorithm,
            IsX509Certificate = key.IsX509Certificate,
            DataProtected = key.DataProtected,
            Data = key.Data,
        });

    public virtual async Task StoreKeyAsync(SerializedKey key, CancellationToken ct)
    {
        context.Keys.Add(new Entities.Key
        {
            Id = key.Id,
            Version = key.Version,
            Created = key.Created,
            Use = Use,
            Algorithm = key.Algorithm,
            IsX509Certificate = key.IsX509Certificate,
            DataProtected = key.DataProtected,
            Data = key.Data,
        });
        await context.SaveChangesAsync(ct);
    }

    public virtual Task DeleteKeyAsync(string id, CancellationToken ct) =>
        context.Keys.Where(key => key.Id == id && key.Use == Use).ExecuteDeleteAsync(ct);
}
