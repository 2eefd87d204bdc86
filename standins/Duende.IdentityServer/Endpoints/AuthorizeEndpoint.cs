using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Extensions;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Endpoints;

/// <summary>Sends people to sign in, and back to the client with a code (OpenID Connect Core 1.0, section 3.1.2).</summary>
internal sealed class AuthorizeEndpoint(
    AuthorizeRequestValidator validator,
    AuthorizeResponses responses,
    UserSession sessions,
    IProfileService profiles,
    Grants grants,
    Consents consents,
    ProtectedMessages messages,
    IOptions<IdentityServerOptions> options,
    TimeProvider clock) : IEndpoint
{
    // When the login page was asked for, protected; a sign-in before that does not satisfy prompt=login or max_age.
    const string LoginRequestedParameter = "login_requested";

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
        var (request, failure) = await validator.ValidateAsync(parameters, ct);
        if (failure is not null)
        {
            await responses.FailAsync(context, failure, ct);
            return;
        }
        await AnswerAsync(context, request!, ct);
    }

    async Task AnswerAsync(HttpContext context, AuthorizeRequest request, CancellationToken ct)
    {
        var session = await sessions.GetAsync();
        var subject = session?.User.FindFirst("sub")?.Value;
        var answer = await consents.TakeAnswerAsync(request.Client, subject, request.Parameters, ct);
        if (answer?.Error is { } refusal)
        {
            await FailAsync(refusal, answer.ErrorDescription ?? "The request was denied.");
            return;
        }

        var silent = request.Prompts.Contains("none");
        if (session is null || await NeedsLoginAsync(request, session, ct))
        {
            if (silent)
                await FailAsync(OAuthError.LoginRequired, "Nobody is signed in, or not recently enough.");
            else
                responses.ToPage(context, request, LoginPage(request), (LoginRequestedParameter, messages.Protect(clock.GetUtcNow().ToUnixTimeSeconds())));
            return;
        }

        var scopes = request.Scopes;
        if (await NeedsConsentAsync(request, subject!, ct))
        {
            if (answer is null)
            {
                if (silent)
                    await FailAsync(OAuthError.ConsentRequired, "The person has not consented.");
                else
                    responses.ToPage(context, request, (options.Value.UserInteraction.ConsentUrl, options.Value.UserInteraction.ConsentReturnUrlParameter),
                        KeepLoginRequested(request));
                return;
            }
            scopes = [.. scopes.Where(answer.Scopes.Contains)];
            if (answer.Remember)
                await consents.RememberAsync(request.Client, subject!, scopes, ct);
        }
        await IssueCodeAsync(context, request, session, scopes, ct);

        Task FailAsync(string code, string description) => responses.FailAsync(
            context, new(new(code, description), request.Client, request.RedirectUri, request.State, request.ResponseMode), ct);
    }

    async Task IssueCodeAsync(HttpContext context, AuthorizeRequest request, Session session, IReadOnlyList<string> scopes, CancellationToken ct)
    {
        var authorization = new Authorization(
            Grants.NewHandle(), request.Client.ClientId, session.User.GetSubjectId(), session.Id, scopes, Authorization.Store(session.User));
        await grants.StartAsync(authorization, request.Client, ct);
        var code = await grants.IssueCodeAsync(
            new AuthorizationCode(authorization, request.RedirectUri, request.CodeChallenge, request.Nonce),
            TimeSpan.FromSeconds(request.Client.AuthorizationCodeLifetime), ct);
        await sessions.AddClientIdAsync(request.Client.ClientId, ct);
        await responses.SucceedAsync(context, request, code, ct);
    }

    async Task<bool> NeedsLoginAsync(AuthorizeRequest request, Session session, CancellationToken ct)
    {
        var signedInAt = session.User.GetAuthenticationTimeEpoch();
        var requestedAt = messages.Unprotect<long?>(request.Parameters[LoginRequestedParameter]);
        var fresh = requestedAt is { } time && signedInAt >= time;
        if (!fresh)
        {
            if (request.Prompts.Any(prompt => prompt is "login" or "select_account" or "create"))
                return true;
            var age = clock.GetUtcNow().ToUnixTimeSeconds() - signedInAt;
            if (age > request.MaxAge || request.MaxAge == 0 || age > request.Client.UserSsoLifetime)
                return true;
        }
        if (request.HintedSubject is { } hinted && hinted != session.User.GetSubjectId())
            return true;
        var context = new IsActiveContext(session.User, request.Client, IdentityServerConstants.ProfileIsActiveCallers.AuthorizeEndpoint);
        await profiles.IsActiveAsync(context, ct);
        return !context.IsActive;
    }

    async Task<bool> NeedsConsentAsync(AuthorizeRequest request, string subject, CancellationToken ct) =>
        request.Prompts.Contains("consent")
        || (request.Client.RequireConsent && !await consents.IsRememberedAsync(request.Client, subject, request.Scopes, ct));

    (string? Url, string? Parameter) LoginPage(AuthorizeRequest request) => request.Prompts.Contains("create")
        ? (options.Value.UserInteraction.CreateAccountUrl, options.Value.UserInteraction.CreateAccountReturnUrlParameter)
        : (options.Value.UserInteraction.LoginUrl, options.Value.UserInteraction.LoginReturnUrlParameter);

    static (string, string)? KeepLoginRequested(AuthorizeRequest request) =>
        request.Parameters[LoginRequestedParameter] is { } value ? (LoginRequestedParameter, value) : null;
}
