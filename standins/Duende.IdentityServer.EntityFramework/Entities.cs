namespace Duende.IdentityServer.EntityFramework.Entities;

/// <summary>Row of the table of grants. Times are UTC.</summary>
public class PersistedGrant
{
    public long Id { get; set; }
    public string Key { get; set; } = null!;
    public string Type { get; set; } = null!;
    public string? SubjectId { get; set; }
    public string? SessionId { get; set; }
    public string ClientId { get; set; } = null!;
    public string? Description { get; set; }
    public DateTime CreationTime { get; set; }
    public DateTime? Expiration { get; set; }
    public DateTime? ConsumedTime { get; set; }
    public string Data { get; set; } = null!;
}

/// <summary>Row of the table of signing keys.</summary>
public class Key
{
    public string Id { get; set; } = null!;
    public int Version { get; set; }
    public DateTime Created { get; set; }
    public string? Use { get; set; }
    public string Algorithm { get; set; } = null!;
    public bool IsX509Certificate { get; set; }
    public bool DataProtected { get; set; }
    public string Data { get; set; } = null!;
}
