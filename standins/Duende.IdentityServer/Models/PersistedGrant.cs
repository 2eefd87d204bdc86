namespace Duende.IdentityServer.Models;

/// <summary>A row of the grant store. Times are UTC.</summary>
public sealed class PersistedGrant
{
    /// <summary>Hash of the handle and the type: the handle itself is never stored.</summary>
    public string Key { get; set; } = null!;
    public string Type { get; set; } = null!;
    public string? SubjectId { get; set; }
    public string? SessionId { get; set; }
    public string ClientId { get; set; } = null!;
    public string? Description { get; set; }
    public DateTime CreationTime { get; set; }
    public DateTime? Expiration { get; set; }

    /// <summary>When a one-time grant was used; it stays so that a second use is recognised.</summary>
    public DateTime? ConsumedTime { get; set; }
    public string Data { get; set; } = null!;
}

/// <summary>A signing key as stored.</summary>
public sealed class SerializedKey
{
    public int Version { get; set; }
    public string Id { get; set; } = null!;
    public DateTime Created { get; set; }
    public string Algorithm { get; set; } = null!;
    public bool IsX509Certificate { get; set; }
    public string Data { get; set; } = null!;
    public bool DataProtected { get; set; }
}
