namespace Duende.IdentityServer.Events;

/// <summary>Kind of an event.</summary>
public enum EventTypes
{
    Success = 1,
    Failure = 2,
    Information = 3,
    Error = 4,
}

/// <summary>Something worth an audit entry. No event carries a secret, a token or an e-mail address of its own accord.</summary>
public abstract class Event(string category, string name, EventTypes type, int id, string? message = null)
{
    public string Category { get; set; } = category;
    public string Name { get; set; } = name;
    public EventTypes EventType { get; set; } = type;
    public int Id { get; set; } = id;
    public string? Message { get; set; } = message;

    /// <summary>UTC, set when raised.</summary>
    public DateTime TimeStamp { get; set; }

    internal virtual string Details() => Message ?? string.Empty;
}

/// <summary>Names of <see cref="Event.Category"/>.</summary>
public static class EventCategories
{
    public const string Authentication = "Authentication";
    public const string Token = "Token";
}

/// <summary>Somebody signed in.</summary>
public sealed class UserLoginSuccessEvent(string username, string subjectId, string? name, bool interactive = true, string? clientId = null)
    : Event(EventCategories.Authentication, "User Login Success", EventTypes.Success, 1000)
{
    public string Username { get; set; } = username;
    public string SubjectId { get; set; } = subjectId;
    public string? DisplayName { get; set; } = name;
    public bool Interactive { get; set; } = interactive;
    public string? ClientId { get; set; } = clientId;

    internal override string Details() => $"subject {SubjectId}, client {ClientId}";
}

/// <summary>Somebody failed to sign in.</summary>
public sealed class UserLoginFailureEvent(string? username, string error, bool interactive = true, string? clientId = null)
    : Event(EventCategories.Authentication, "User Login Failure", EventTypes.Failure, 1001, error)
{
    public string? Username { get; set; } = username;
    public bool Interactive { get; set; } = interactive;
    public string? ClientId { get; set; } = clientId;

    internal override string Details() => $"{Message}, client {ClientId}";
}

/// <summary>Somebody signed out.</summary>
public sealed class UserLogoutSuccessEvent(string subjectId, string? name)
    : Event(EventCategories.Authentication, "User Logout Success", EventTypes.Success, 1002)
{
    public string SubjectId { get; set; } = subjectId;
    public string? DisplayName { get; set; } = name;

    internal override string Details() => $"subject {SubjectId}";
}

/// <summary>Tokens were issued.</summary>
public sealed class TokenIssuedSuccessEvent(string clientId, string? subjectId, string? grantType, string? scopes)
    : Event(EventCategories.Token, "Token Issued Success", EventTypes.Success, 2000)
{
    public string ClientId { get; set; } = clientId;
    public string? SubjectId { get; set; } = subjectId;
    public string? GrantType { get; set; } = grantType;
    public string? Scopes { get; set; } = scopes;

    internal override string Details() => $"client {ClientId}, subject {SubjectId}, {GrantType}, {Scopes}";
}

/// <summary>Tokens were refused.</summary>
public sealed class TokenIssuedFailureEvent(string? clientId, string? grantType, string error, string? errorDescription)
    : Event(EventCategories.Token, "Token Issued Failure", EventTypes.Failure, 2001, errorDescription)
{
    public string? ClientId { get; set; } = clientId;
    public string? GrantType { get; set; } = grantType;
    public string Error { get; set; } = error;

    internal override string Details() => $"client {ClientId}, {GrantType}, {Error}: {Message}";
}

/// <summary>A token was revoked by its client.</summary>
public sealed class TokenRevokedSuccessEvent(string clientId, string tokenType)
    : Event(EventCategories.Token, "Token Revoked Success", EventTypes.Success, 2010)
{
    public string ClientId { get; set; } = clientId;
    public string TokenType { get; set; } = tokenType;

    internal override string Details() => $"client {ClientId}, {TokenType}";
}
