using System.Globalization;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Validation;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Protocol;

/// <summary>A valid authorization request.</summary>
internal sealed record AuthorizeRequest(
    RequestParameters Parameters,
    Client Client,
    string RedirectUri,
    string ResponseMode,
    string? State,
    string? Nonce,
    string? CodeChallenge,
    IReadOnlyList<string> Scopes,
    ResourceValidationResult Resources,
    IReadOnlyList<string> Prompts,
    int? MaxAge,
    string? HintedSubject);

/// <summary>Where an authorization error may go: to the client only when its address is validated.</summary>
internal sealed record AuthorizeFailure(OAuthError Error, Client? Client, string? RedirectUri, string? State, string ResponseMode);

/// <summary>Validates authorization requests (RFC 6749, section 4.1.1; OpenID Connect Core 1.0, section 3.1.2; RFC 7636).</summary>
internal sealed class AuthorizeRequestValidator(
    IClientStore clients, Scopes scopes, TokenVerification tokens, IOptions<IdentityServerOptions> options)
{
    public const string Query = "query";
    public const string FormPost = "form_post";

    static readonly HashSet<string> _prompts = ["none", "login", "consent", "select_account", "create"];

    InputLengthRestrictions Limits => options.Value.InputLengthRestrictions;

    public async Task<(AuthorizeRequest? Request, AuthorizeFailure? Failure)> ValidateAsync(RequestParameters parameters, CancellationToken ct)
    {
        // Until client and redirect address are known to belong together, errors stay here (RFC 6749, section 4.1.2.1).
        var (client, redirectUri, fatal) = await IdentifyAsync(parameters, ct);
        if (fatal is not null)
            return (null, new(fatal, client, null, null, Query));

        var state = parameters["state"];
        var responseMode = parameters["response_mode"] is FormPost ? FormPost : Query;
        var (request, error) = await ValidateAsync(parameters, client!, redirectUri!, responseMode, state, ct);
        return error is null ? (request, null) : (null, new(error, client, redirectUri, state, responseMode));
    }

    async Task<(Client?, string?, OAuthError?)> IdentifyAsync(RequestParameters parameters, CancellationToken ct)
    {
        if (parameters["client_id"] is not { } clientId || clientId.Length > Limits.ClientId)
            return (null, null, new(OAuthError.InvalidRequest, "The client_id is missing or invalid."));
        if (await clients.FindClientByIdAsync(clientId, ct) is not { Enabled: true } client)
            return (null, null, new(OAuthError.UnauthorizedClient, "The client is unknown."));
        if (parameters["redirect_uri"] is not { } redirectUri || redirectUri.Length > Limits.RedirectUri)
            return (client, null, new(OAuthError.InvalidRequest, "The redirect_uri is missing or invalid."));
        // Exact comparison, no normalisation (RFC 9700, section 2.1).
        return client.RedirectUris.Contains(redirectUri, StringComparer.Ordinal)
            ? (client, redirectUri, null)
            : (client, null, new(OAuthError.InvalidRequest, "The redirect_uri is not registered for this client."));
    }

    async Task<(AuthorizeRequest?, OAuthError?)> ValidateAsync(
        RequestParameters parameters, Client client, string redirectUri, string responseMode, string? state, CancellationToken ct)
    {
        if (parameters.Repeated.FirstOrDefault() is { } repeated)
            return Invalid($"The parameter {(repeated.All(char.IsAsciiLetterOrDigit) ? repeated : "given")} is sent more than once.");
        if (parameters["request"] is not null)
            return (null, new(OAuthError.RequestNotSupported, "Request objects are not supported."));
        if (parameters["request_uri"] is not null)
            return (null, new(OAuthError.RequestUriNotSupported, "Request objects are not supported."));
        if (parameters["registration"] is not null)
            return (null, new(OAuthError.RegistrationNotSupported, "Registration is not supported."));

        if (parameters["response_type"] is not { } responseType)
            return Invalid("The response_type is missing.");
        if (responseType != "code")
            return (null, new(OAuthError.UnsupportedResponseType, "Only the response_type code is supported."));
        if (!client.AllowedGrantTypes.Contains(GrantType.AuthorizationCode))
            return (null, new(OAuthError.UnauthorizedClient, "The client may not use authorization codes."));
        if (parameters["response_mode"] is not (null or Query or FormPost))
            return Invalid("Only the response modes query and form_post are supported.");

        if (PkceError(client, parameters["code_challenge"], parameters["code_challenge_method"]) is { } pkce)
            return (null, pkce);
        if (parameters["scope"] is not { } scope || scope.Length > Limits.Scope)
            return (null, new(OAuthError.InvalidScope, "The scope is missing or too long."));
        var requested = Scopes.Parse(scope);
        var (resources, scopeError) = await scopes.ValidateAsync(client, requested, ct);
        if (scopeError is not null)
            return (null, scopeError);

        if (parameters["nonce"]?.Length > Limits.Nonce || parameters["login_hint"]?.Length > Limits.LoginHint
            || parameters["ui_locales"]?.Length > Limits.UiLocale || parameters["acr_values"]?.Length > Limits.AcrValues)
            return Invalid("A parameter is too long.");
        var prompts = Scopes.Parse(parameters["prompt"]);
        if (prompts.Any(prompt => !_prompts.Contains(prompt)) || (prompts.Contains("create") && options.Value.UserInteraction.CreateAccountUrl is null))
            return Invalid("The prompt is not supported.");
        if (prompts.Contains("none") && prompts.Count > 1)
            return Invalid("The prompt none cannot be combined.");
        int? maxAge = null;
        if (parameters["max_age"] is { } age)
        {
            if (!int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return Invalid("The max_age is not a number of seconds.");
            maxAge = seconds;
        }
        string? hinted = null;
        if (parameters["id_token_hint"] is { } hint)
        {
            hinted = (await tokens.VerifyIdTokenHintAsync(hint, ct))?.Subject;
            if (hinted is null)
                return Invalid("The id_token_hint is invalid.");
        }
        return (new(parameters, client, redirectUri, responseMode, state, parameters["nonce"], parameters["code_challenge"], requested,
            resources!, prompts, maxAge, hinted), null);
    }

    // RFC 7636, sections 4.3 and 4.4.1. An absent method means plain, which is refused (RFC 9700, section 2.1.1).
    OAuthError? PkceError(Client client, string? challenge, string? method)
    {
        if (challenge is null)
            return client.RequirePkce || method is not null ? new(OAuthError.InvalidRequest, "A code_challenge is required.") : null;
        if (method != "S256")
            return new(OAuthError.InvalidRequest, "The transform algorithm is not supported: use the code_challenge_method S256.");
        return challenge.Length < Limits.CodeChallengeMinLength || challenge.Length > Limits.CodeChallengeMaxLength
            || !challenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                ? new(OAuthError.InvalidRequest, "The code_challenge is invalid.")
                : null;
    }

    static (AuthorizeRequest?, OAuthError?) Invalid(string description) => (null, new(OAuthError.InvalidRequest, description));
}
