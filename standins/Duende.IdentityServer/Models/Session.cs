using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Models;

/// <summary>A session that ended, and the clients that took part in it.</summary>
public sealed class LogoutNotificationContext
{
    public string SubjectId { get; set; } = null!;
    public string? SessionId { get; set; }
    public IEnumerable<string> ClientIds { get; set; } = [];
}

/// <summary>A key and the algorithm it is for.</summary>
public sealed class SecurityKeyInfo
{
    public SecurityKey Key { get; set; } = null!;
    public string SigningAlgorithm { get; set; } = null!;
}
