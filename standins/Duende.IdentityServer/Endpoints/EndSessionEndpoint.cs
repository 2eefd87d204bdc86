using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Extensions;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Sessions;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Endpoints;

/// <summary>A sign-out request on its way to the logout page.</summary>
internal sealed record LogoutMessage(
    string? ClientId, string? ClientName, string? PostLogoutRedirectUri, string? SubjectId, string? SessionId, IReadOnlyList<string> ClientIds);

/// <summary>Takes sign-out requests of clients to the logout page (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal sealed class EndSessionEndpoint(
    IClientStore clients,
    TokenVerification tokens,
    UserSession sessions,
    ProtectedMessages messages,
    IServerUrls urls,
    IOptions<IdentityServerOptions> options) : IEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        context.NoStore();
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
        {
            context.MethodNotAllowed("GET, POST");
            return;
        }
        var parameters = HttpMethods.IsGet(context.Request.Method)
            ? new RequestParameters(context.Request.Query)
            : await RequestParameters.ReadFormAsync(context.Request, ct) ?? new RequestParameters([]);
        var session = await sessions.GetAsync();
        var client = await ClientOfAsync(parameters, session, ct);
        var redirectUri = client is null ? null : RedirectUriOf(client, parameters);
        var message = new LogoutMessage(
            client?.ClientId, client?.ClientName, redirectUri, session?.User.GetSubjectId(), session?.Id, session?.ClientIds ?? []);
        var interaction = options.Value.UserInteraction;
        var logout = interaction.LogoutUrl ?? throw new InvalidOperationException("UserInteraction.LogoutUrl is not set.");
        if (logout.StartsWith("~/", StringComparison.Ordinal) || logout.StartsWith('/'))
            logout = urls.BasePath + logout.TrimStart('~');
        context.Response.Redirect(QueryHelpers.AddQueryString(logout, interaction.LogoutIdParameter!, messages.Protect(message)));
    }

    /// <summary>The client that vouches for the request by an identity token; null: the person has to confirm on the page.</summary>
    async Task<Client?> ClientOfAsync(RequestParameters parameters, Session? session, CancellationToken ct)
    {
        if (parameters.Repeated.Any() || (session is null && options.Value.Authentication.RequireAuthenticatedUserForSignOutMessage)
            || parameters["id_token_hint"] is not { } hint
            || await tokens.VerifyIdTokenHintAsync(hint, ct) is not { } token)
            return null;
        var clientId = token.Audiences.FirstOrDefault();
        // Section 2: a client_id beside the hint must be its audience. A hint for somebody else does not end this session unasked.
        if (clientId is null || (parameters["client_id"] is { } named && named != clientId)
            || (session is not null && session.User.GetSubjectId() != token.Subject))
            return null;
        return await clients.FindClientByIdAsync(clientId, ct) is { Enabled: true } client ? client : null;
    }

    // Section 3: registered, character by character; otherwise no redirection at all.
    static string? RedirectUriOf(Client client, RequestParameters parameters) =>
        parameters["post_logout_redirect_uri"] is { } uri && client.PostLogoutRedirectUris.Contains(uri, StringComparer.Ordinal)
            ? parameters["state"] is { } state ? QueryHelpers.AddQueryString(uri, "state", state) : uri
            : null;
}

/// <summary>Frames that tell front-channel clients (OpenID Connect Front-Channel Logout 1.0, section 3).</summary>
internal sealed class EndSessionCallbackEndpoint(IClientStore clients, ProtectedMessages messages, IIssuerNameService issuer) : IEndpoint
{
    public const string MessageParameter = "endSessionId";
    const string Style = "iframe{display:none;width:0;height:0;}";
    static readonly string _styleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    public async Task HandleAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        context.NoStore();
        if (messages.Unprotect<LogoutMessage>(context.Request.Query[MessageParameter]) is not { } message)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var addresses = new List<string>();
        foreach (var clientId in message.ClientIds)
        {
            if (await clients.FindClientByIdAsync(clientId, ct) is not { Enabled: true, FrontChannelLogoutUri: { Length: > 0 } uri } client)
                continue;
            if (client.FrontChannelLogoutSessionRequired && message.SessionId is not null)
                uri = QueryHelpers.AddQueryString(uri, new Dictionary<string, string?> { ["iss"] = await issuer.GetCurrentAsync(ct), ["sid"] = message.SessionId });
            addresses.Add(uri);
        }
        var origins = addresses.Select(address => new Uri(address).GetLeftPart(UriPartial.Authority)).Distinct();
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'sha256-{_styleHash}'" + (addresses.Count > 0 ? $"; frame-src {string.Join(' ', origins)}" : string.Empty);
        await context.Response.WriteAsync(
            $"<!doctype html><html><head><title>Sign-out</title><style>{Style}</style></head><body>"
            + string.Concat(addresses.Select(address => $"<iframe loading='eager' allow='' src='{HtmlEncoder.Default.Encode(address)}'></iframe>"))
            + "</body></html>", ct);
    }
}
