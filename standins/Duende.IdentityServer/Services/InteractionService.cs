using Duende.IdentityServer.Endpoints;
using Duende.IdentityServer.Extensions;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Sessions;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.WebUtilities;

namespace Duende.IdentityServer.Services;

internal sealed class InteractionService(
    AuthorizeRequestValidator validator,
    UserSession sessions,
    IClientStore clients,
    Grants grants,
    Consents consents,
    IPersistedGrantService persistedGrants,
    ProtectedMessages messages,
    IServerUrls urls) : IIdentityServerInteractionService
{
    public async Task<AuthorizationRequest?> GetAuthorizationContextAsync(string? returnUrl, CancellationToken ct)
    {
        if (ParametersOf(returnUrl) is not { } parameters || (await validator.ValidateAsync(parameters, ct)).Request is not { } request)
            return null;
        var acr = Scopes.Parse(parameters["acr_values"]);
        var context = new AuthorizationRequest
        {
            Client = request.Client,
            RedirectUri = request.RedirectUri,
            DisplayMode = parameters["display"],
            UiLocales = parameters["ui_locales"],
            LoginHint = parameters["login_hint"],
            IdP = After(acr, "idp:"),
            Tenant = After(acr, "tenant:"),
            AcrValues = acr,
            // Whoever is sent to a page with prompt=create has been to the sign-up page; from there, "sign in instead" must not lead back.
            PromptModes = [.. request.Prompts.Where(prompt => prompt != "create")],
            ValidatedResources = request.Resources,
        };
        context.Parameters.Add(parameters.ToNameValueCollection());
        return context;
    }

    public bool IsValidReturnUrl(string? returnUrl) => ParametersOf(returnUrl) is not null;

    public Task<ErrorMessage?> GetErrorContextAsync(string? errorId, CancellationToken ct) =>
        Task.FromResult(messages.Unprotect<ErrorMessage>(errorId));

    public async Task<LogoutRequest> GetLogoutContextAsync(string? logoutId, CancellationToken ct)
    {
        var session = await sessions.GetAsync();
        var message = messages.Unprotect<LogoutMessage>(logoutId)
            ?? new LogoutMessage(null, null, null, session?.User.GetSubjectId(), session?.Id, session?.ClientIds ?? []);
        // The page may be asked after sign-out, or (by a page left open) for another session: the message decides.
        var request = new LogoutRequest
        {
            ClientId = message.ClientId,
            ClientName = message.ClientName,
            PostLogoutRedirectUri = message.PostLogoutRedirectUri,
            SubjectId = message.SubjectId,
            SessionId = message.SessionId,
            ClientIds = message.ClientIds,
        };
        foreach (var clientId in message.ClientIds)
        {
            if (await clients.FindClientByIdAsync(clientId, ct) is not { Enabled: true, FrontChannelLogoutUri.Length: > 0 })
                continue;
            request.SignOutIFrameUrl = QueryHelpers.AddQueryString(
                urls.BaseUrl + ProtocolPaths.EndSessionCallback, EndSessionCallbackEndpoint.MessageParameter, messages.Protect(message));
            break;
        }
        return request;
    }

    public async Task<string?> CreateLogoutContextAsync(CancellationToken ct) => await sessions.GetAsync() is { } session
        ? messages.Protect(new LogoutMessage(null, null, null, session.User.GetSubjectId(), session.Id, session.ClientIds))
        : null;

    public async Task GrantConsentAsync(AuthorizationRequest request, ConsentResponse consent, string? subject, CancellationToken ct)
    {
        subject ??= (await sessions.GetAsync())?.User.GetSubjectId()
            ?? throw new ArgumentException("Nobody is signed in who could consent.", nameof(subject));
        await consents.StoreAnswerAsync(request.Client, subject, ParametersOf(request),
            new ConsentAnswer(
                consent.Granted ? null : CodeOf(consent.Error ?? AuthorizationError.AccessDenied),
                consent.ErrorDescription, [.. consent.ScopesValuesConsented], consent.RememberConsent),
            ct);
    }

    public async Task DenyAuthorizationAsync(AuthorizationRequest request, AuthorizationError error, string? errorDescription, CancellationToken ct) =>
        await consents.StoreAnswerAsync(request.Client, (await sessions.GetAsync())?.User.GetSubjectId(), ParametersOf(request),
            new ConsentAnswer(CodeOf(error), errorDescription, [], false), ct);

    public async Task<IEnumerable<Grant>> GetAllUserGrantsAsync(CancellationToken ct) =>
        await sessions.GetAsync() is { } session ? await persistedGrants.GetAllGrantsAsync(session.User.GetSubjectId(), ct) : [];

    public async Task RevokeUserConsentAsync(string? clientId, CancellationToken ct)
    {
        if (await sessions.GetAsync() is { } session)
            await grants.RevokeAllAsync(session.User.GetSubjectId(), clientId, null, ct);
    }

    public async Task RevokeTokensForCurrentSessionAsync(CancellationToken ct)
    {
        if (await sessions.GetAsync() is { } session)
            await grants.RevokeAllAsync(session.User.GetSubjectId(), null, session.Id, ct);
    }

    /// <summary>The parameters of an authorization request of this server, or null: everything else is an open redirect.</summary>
    RequestParameters? ParametersOf(string? returnUrl)
    {
        if (string.IsNullOrEmpty(returnUrl))
            return null;
        if (returnUrl.StartsWith(urls.Origin + "/", StringComparison.OrdinalIgnoreCase))
            returnUrl = returnUrl[urls.Origin.Length..];
        if (!returnUrl.StartsWith('/') || returnUrl.StartsWith("//", StringComparison.Ordinal) || returnUrl.StartsWith("/\\", StringComparison.Ordinal)
            || returnUrl.Any(char.IsControl))
            return null;
        var question = returnUrl.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? returnUrl : returnUrl[..question];
        return path == urls.BasePath + ProtocolPaths.AuthorizeCallback || path == urls.BasePath + ProtocolPaths.Authorize
            ? new RequestParameters(QueryHelpers.ParseQuery(question < 0 ? null : returnUrl[question..].Split('#')[0]))
            : null;
    }

    static RequestParameters ParametersOf(AuthorizationRequest request) => new(
        request.Parameters.AllKeys.OfType<string>().Select(name => KeyValuePair.Create(name, new Microsoft.Extensions.Primitives.StringValues(request.Parameters.GetValues(name)))));

    static string? After(IEnumerable<string> values, string prefix) =>
        values.FirstOrDefault(value => value.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    static string CodeOf(AuthorizationError error) => error switch
    {
        AuthorizationError.AccessDenied => "access_denied",
        AuthorizationError.InteractionRequired => "interaction_required",
        AuthorizationError.LoginRequired => "login_required",
        AuthorizationError.AccountSelectionRequired => "account_selection_required",
        AuthorizationError.ConsentRequired => "consent_required",
        AuthorizationError.TemporarilyUnavailable => "temporarily_unavailable",
        _ => "unmet_authentication_requirements",
    };
}

internal sealed class PersistedGrantService(Grants grants) : IPersistedGrantService
{
    public async Task<IEnumerable<Grant>> GetAllGrantsAsync(string subjectId, CancellationToken ct) =>
        [.. (await grants.OfSubjectAsync(subjectId, ct)).Select(pair => new Grant
        {
            SubjectId = subjectId,
            ClientId = pair.Row.ClientId,
            Description = pair.Row.Description,
            Scopes = pair.Authorization.Scopes,
            CreationTime = pair.Row.CreationTime,
            Expiration = pair.Row.Expiration,
        })];

    public Task RemoveAllGrantsAsync(string subjectId, string? clientId, string? sessionId, CancellationToken ct) =>
        grants.RevokeAllAsync(subjectId, clientId, sessionId, ct);
}
