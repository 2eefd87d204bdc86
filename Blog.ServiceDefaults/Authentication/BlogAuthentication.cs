using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Blog.ServiceDefaults.Authentication;

/// <summary>The authorization policies that endpoints name.</summary>
public static class Policies
{
    /// <summary>A signed-in person: scope <c>blog.api</c> and a subject.</summary>
    public const string Person = "person";

    /// <summary>Another service of the platform: scope <c>blog.internal</c>, obtained by client credentials.</summary>
    public const string Service = "service";

    /// <summary>Either: a person about themselves, or a service that names whom it means.</summary>
    public const string PersonOrService = "person-or-service";
}

/// <summary>Access tokens: JSON Web Tokens of the platform's Identity service (RFC 9068), verified by each service itself.</summary>
public static class BlogAuthentication
{
    /// <summary>The audience every access token of the platform carries.</summary>
    public const string Audience = "blog";

    /// <summary>Verifies issuer, audience, lifetime, signature and algorithm of bearer tokens, and adds the <see cref="Policies"/>.</summary>
    public static TBuilder AddBlogAuthentication<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>, ConfigureBearer>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Person, policy => policy.RequireAuthenticatedUser().RequireAssertion(c => c.User.HasScope("blog.api") && c.User.PersonId() is not null))
            .AddPolicy(Policies.Service, policy => policy.RequireAuthenticatedUser().RequireAssertion(c => c.User.HasScope("blog.internal")))
            .AddPolicy(Policies.PersonOrService, policy => policy.RequireAuthenticatedUser()
                .RequireAssertion(c => c.User.HasScope("blog.internal") || c.User.HasScope("blog.api") && c.User.PersonId() is not null));
        return builder;
    }

    /// <summary>Whether the token carries the scope, written as one claim per scope or as a space-separated list (RFC 8693 §4.2).</summary>
    public static bool HasScope(this ClaimsPrincipal user, string scope) =>
        user.FindAll("scope").Any(claim => claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));

    /// <summary>The signed-in person's account id, which is also the profile id; null for services and anonymous callers.</summary>
    public static Guid? PersonId(this ClaimsPrincipal user) => Guid.TryParse(user.FindFirst("sub")?.Value, out var id) && id != Guid.Empty ? id : null;

    /// <summary>Whom a call means that people make about themselves and services for others (<see cref="Policies.PersonOrService"/>): a person is never somebody else. Null: nobody.</summary>
    public static Guid? AskingFor(this ClaimsPrincipal user, string personId) =>
        !user.HasScope("blog.internal") ? user.PersonId() : Guid.TryParseExact(personId, "D", out var named) ? named : null;

    sealed class ConfigureBearer(IConfiguration configuration, IHttpClientFactory clients, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
    {
        public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

        public void Configure(string? name, JwtBearerOptions options)
        {
            var issuer = configuration.PublicOrigin();
            options.MapInboundClaims = false;
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(new RememberedTokens(time) { MapInboundClaims = false });
            options.RequireHttpsMetadata = false;
            options.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                $"{issuer}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new IdentityDocuments(clients, issuer));
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = issuer,
                ValidAudience = Audience,
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
                NameClaimType = "sub",
                RoleClaimType = "role",
                ClockSkew = TimeSpan.FromSeconds(30),
            };
        }
    }

    /// <summary>
    /// Fetches discovery and keys from the Identity service inside the cluster, although they name the public origin, so that a
    /// service does not need the public entrance in order to verify a token.
    /// </summary>
    sealed class IdentityDocuments(IHttpClientFactory clients, string publicOrigin) : IDocumentRetriever
    {
        public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            var inside = address.StartsWith(publicOrigin, StringComparison.Ordinal) ? ServiceTokens.IdentityAddress + address[publicOrigin.Length..] : address;
            using var client = clients.CreateClient(nameof(IdentityDocuments));
            return await client.GetStringAsync(new Uri(inside), cancel);
        }
    }
}
