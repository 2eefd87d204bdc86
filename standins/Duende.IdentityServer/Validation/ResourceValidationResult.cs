using Duende.IdentityServer.Models;

namespace Duende.IdentityServer.Validation;

/// <summary>The resources behind the scopes of a request.</summary>
public sealed class ResourceValidationResult
{
    public Resources Resources { get; set; } = new();
    public ICollection<ParsedScopeValue> ParsedScopes { get; set; } = [];

    /// <summary>The scopes as the client wrote them.</summary>
    public IEnumerable<string> RawScopeValues => ParsedScopes.Select(scope => scope.RawValue);
}

/// <summary>One scope of a request.</summary>
public sealed class ParsedScopeValue(string rawValue)
{
    public string RawValue { get; } = rawValue;
    public string ParsedName { get; } = rawValue;
}
