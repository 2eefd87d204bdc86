using System.Text.Json;
using Duende.IdentityServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace Duende.IdentityServer.Endpoints;

/// <summary>One protocol endpoint.</summary>
internal interface IEndpoint
{
    Task HandleAsync(HttpContext context);
}

/// <summary>Paths, relative to the base address.</summary>
internal static class ProtocolPaths
{
    public const string Discovery = "/.well-known/openid-configuration";
    public const string AuthorizationServerMetadata = "/.well-known/oauth-authorization-server";
    public const string Jwks = "/.well-known/openid-configuration/jwks";
    public const string Authorize = "/connect/authorize";
    public const string AuthorizeCallback = "/connect/authorize/callback";
    public const string Token = "/connect/token";
    public const string UserInfo = "/connect/userinfo";
    public const string EndSession = "/connect/endsession";
    public const string EndSessionCallback = "/connect/endsession/callback";
    public const string Revocation = "/connect/revocation";
    public const string Introspection = "/connect/introspect";
}

/// <summary>Answers that several endpoints give.</summary>
internal static class Answers
{
    static readonly JsonSerializerOptions _json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task JsonAsync(this HttpContext context, object body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, _json, "application/json; charset=utf-8", context.RequestAborted);
    }

    /// <summary>An error of the token, revocation or introspection endpoint (RFC 6749, section 5.2).</summary>
    public static Task ErrorAsync(this HttpContext context, OAuthError error)
    {
        context.NoStore();
        var status = StatusCodes.Status400BadRequest;
        if (error.Code == OAuthError.InvalidClient)
        {
            status = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"IdentityServer\"";
        }
        return context.JsonAsync(new Dictionary<string, string> { ["error"] = error.Code, ["error_description"] = error.Description }, status);
    }

    /// <summary>An error of a resource that wants a bearer token (RFC 6750, section 3).</summary>
    public static void Challenge(this HttpContext context, int status, string? code = null, string? description = null, string? scope = null)
    {
        context.NoStore();
        context.Response.StatusCode = status;
        List<string> parts = [];
        if (code is not null)
            parts.Add($"error=\"{code}\"");
        if (description is not null)
            parts.Add($"error_description=\"{description}\"");
        if (scope is not null)
            parts.Add($"scope=\"{scope}\"");
        context.Response.Headers.WWWAuthenticate = parts.Count == 0 ? "Bearer" : $"Bearer {string.Join(", ", parts)}";
    }

    public static void NoStore(this HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
    }

    public static void MethodNotAllowed(this HttpContext context, string allowed)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = allowed;
    }
}
