using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Endpoints;

/// <summary>Answers of the authorize endpoint: to the client, to a page of the host, or to the error page.</summary>
internal sealed class AuthorizeResponses(
    IOptions<IdentityServerOptions> options, IIssuerNameService issuer, IServerUrls urls, ProtectedMessages messages)
{
    const string AutoSubmit = "window.addEventListener('load', function(){document.forms[0].submit();});";
    static readonly string _autoSubmitHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(AutoSubmit)));

    public Task SucceedAsync(HttpContext context, AuthorizeRequest request, string code, CancellationToken ct) =>
        ToClientAsync(context, request.RedirectUri, request.ResponseMode, [("code", code), ("state", request.State)], ct);

    public async Task FailAsync(HttpContext context, AuthorizeFailure failure, CancellationToken ct)
    {
        if (failure.RedirectUri is { } redirectUri)
        {
            await ToClientAsync(context, redirectUri, failure.ResponseMode,
                [("error", failure.Error.Code), ("error_description", failure.Error.Description), ("state", failure.State)], ct);
            return;
        }
        var message = new ErrorMessage
        {
            Error = failure.Error.Code,
            ErrorDescription = failure.Error.Description,
            ClientId = failure.Client?.ClientId,
            RequestId = context.TraceIdentifier,
        };
        var interaction = options.Value.UserInteraction;
        context.Response.Redirect(QueryHelpers.AddQueryString(Local(interaction.ErrorUrl), interaction.ErrorIdParameter!, messages.Protect(message)));
    }

    /// <summary>Sends the person to a page of the host that returns to this request.</summary>
    public void ToPage(HttpContext context, AuthorizeRequest request, (string? Url, string? Parameter) page, (string Name, string Value)? added)
    {
        var parameters = request.Parameters.All.Where(pair => pair.Key != added?.Name).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        if (added is { } addition)
            parameters[addition.Name] = addition.Value;
        var back = QueryHelpers.AddQueryString(urls.BasePath + ProtocolPaths.AuthorizeCallback, parameters);
        var target = Local(page.Url);
        // A page on another host needs to know where this one is.
        context.Response.Redirect(QueryHelpers.AddQueryString(target, page.Parameter!, target.StartsWith('/') ? back : urls.Origin + back));
    }

    async Task ToClientAsync(
        HttpContext context, string redirectUri, string responseMode, IEnumerable<(string Name, string? Value)> values, CancellationToken ct)
    {
        if (options.Value.EmitIssuerIdentificationResponseParameter)
            values = values.Append(("iss", await issuer.GetCurrentAsync(ct)));
        var parameters = values.Where(pair => pair.Value is not null).ToArray();
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (responseMode == AuthorizeRequestValidator.FormPost)
        {
            await PostAsync(context, redirectUri, parameters!, ct);
            return;
        }
        context.Response.Redirect(QueryHelpers.AddQueryString(redirectUri, parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));
    }

    // OAuth 2.0 Form Post Response Mode, section 2.
    static Task PostAsync(HttpContext context, string redirectUri, IEnumerable<(string Name, string Value)> values, CancellationToken ct)
    {
        var html = HtmlEncoder.Default;
        var fields = string.Concat(values.Select(pair => $"<input type='hidden' name='{html.Encode(pair.Name)}' value='{html.Encode(pair.Value)}' />"));
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; frame-ancestors 'none'; script-src 'sha256-{_autoSubmitHash}'";
        return context.Response.WriteAsync(
            $"<!doctype html><html><head><title>Continue</title><base target='_self'/></head><body><form method='post' action='{html.Encode(redirectUri)}'>"
            + $"{fields}<noscript><button>Continue</button></noscript></form><script>{AutoSubmit}</script></body></html>", ct);
    }

    string Local(string? url) => url switch
    {
        null => throw new InvalidOperationException("A page that the token server needs has no address in UserInteraction."),
        _ when url.StartsWith("~/", StringComparison.Ordinal) => urls.BasePath + url[1..],
        _ when url.StartsWith('/') => urls.BasePath + url,
        _ => url,
    };
}
