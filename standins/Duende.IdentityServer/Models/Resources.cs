namespace Duende.IdentityServer.Models;

/// <summary>What identity resources, API scopes and API resources share.</summary>
public abstract class Resource
{
    public bool Enabled { get; set; } = true;
    public string Name { get; set; } = null!;
    public string? DisplayName { get; set; }
    public string? Description { get; set; }
    public bool ShowInDiscoveryDocument { get; set; } = true;

    /// <summary>Claims about the person that come with this resource.</summary>
    public ICollection<string> UserClaims { get; set; } = new HashSet<string>();
    public IDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();
}

/// <summary>A scope that asks for claims about the person (OpenID Connect Core 1.0, section 5.4).</summary>
public class IdentityResource : Resource
{
    public IdentityResource()
    {
    }

    public IdentityResource(string name, IEnumerable<string> userClaims)
        : this(name, name, userClaims)
    {
    }

    public IdentityResource(string name, string? displayName, IEnumerable<string> userClaims)
    {
        Name = name;
        DisplayName = displayName;
        UserClaims = userClaims.ToHashSet();
    }

    public bool Required { get; set; }
    public bool Emphasize { get; set; }
}

/// <summary>A scope of an API.</summary>
public class ApiScope : Resource
{
    public ApiScope()
    {
    }

    public ApiScope(string name)
        : this(name, name, null)
    {
    }

    public ApiScope(string name, string? displayName)
        : this(name, displayName, null)
    {
    }

    public ApiScope(string name, IEnumerable<string>? userClaims)
        : this(name, name, userClaims)
    {
    }

    public ApiScope(string name, string? displayName, IEnumerable<string>? userClaims)
    {
        Name = name;
        DisplayName = displayName;
        UserClaims = (userClaims ?? []).ToHashSet();
    }

    public bool Required { get; set; }
    public bool Emphasize { get; set; }
}

/// <summary>An API: its name is the audience of access tokens that carry one of its scopes.</summary>
public class ApiResource : Resource
{
    public ApiResource()
    {
    }

    public ApiResource(string name)
        : this(name, name, null)
    {
    }

    public ApiResource(string name, string? displayName)
        : this(name, displayName, null)
    {
    }

    public ApiResource(string name, IEnumerable<string>? userClaims)
        : this(name, name, userClaims)
    {
    }

    public ApiResource(string name, string? displayName, IEnumerable<string>? userClaims)
    {
        Name = name;
        DisplayName = displayName;
        UserClaims = (userClaims ?? []).ToHashSet();
    }

    /// <summary>Hashed secrets with which the API introspects tokens (RFC 7662).</summary>
    public ICollection<Secret> ApiSecrets { get; set; } = new HashSet<Secret>();
    public ICollection<string> Scopes { get; set; } = new HashSet<string>();
}

/// <summary>The standard identity resources.</summary>
public static class IdentityResources
{
    /// <summary>Scope <c>openid</c>.</summary>
    public sealed class OpenId : IdentityResource
    {
        public OpenId()
            : base(IdentityServerConstants.StandardScopes.OpenId, "Your user identifier", ["sub"]) => Required = true;
    }

    /// <summary>Scope <c>profile</c>.</summary>
    public sealed class Profile : IdentityResource
    {
        public Profile()
            : base(IdentityServerConstants.StandardScopes.Profile, "User profile",
                ["name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
                    "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"]) => Emphasize = true;
    }

    /// <summary>Scope <c>email</c>.</summary>
    public sealed class Email : IdentityResource
    {
        public Email()
            : base(IdentityServerConstants.StandardScopes.Email, "Your email address", ["email", "email_verified"]) => Emphasize = true;
    }

    /// <summary>Scope <c>phone</c>.</summary>
    public sealed class Phone : IdentityResource
    {
        public Phone()
            : base(IdentityServerConstants.StandardScopes.Phone, "Your phone number", ["phone_number", "phone_number_verified"]) =>
            Emphasize = true;
    }

    /// <summary>Scope <c>address</c>.</summary>
    public sealed class Address : IdentityResource
    {
        public Address()
            : base(IdentityServerConstants.StandardScopes.Address, "Your postal address", ["address"]) => Emphasize = true;
    }
}

/// <summary>Resources that belong together.</summary>
public sealed class Resources
{
    public Resources()
    {
    }

    public Resources(IEnumerable<IdentityResource> identityResources, IEnumerable<ApiResource> apiResources, IEnumerable<ApiScope> apiScopes)
    {
        IdentityResources = [.. identityResources];
        ApiResources = [.. apiResources];
        ApiScopes = [.. apiScopes];
    }

    public bool OfflineAccess { get; set; }
    public ICollection<IdentityResource> IdentityResources { get; set; } = [];
    public ICollection<ApiResource> ApiResources { get; set; } = [];
    public ICollection<ApiScope> ApiScopes { get; set; } = [];
}
