using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Sessions;

/// <summary>Who is signed in with which session, and the clients that got tokens in it.</summary>
internal sealed record Session(ClaimsPrincipal User, string Id, IReadOnlyList<string> ClientIds, AuthenticationProperties Properties);

/// <summary>
/// The session lives in the cookie of the host: its id (<c>sid</c>) and client list are authentication properties, so they are
/// encrypted, and end with it.
/// </summary>
internal sealed class UserSession(
    IHttpContextAccessor accessor,
    IAuthenticationSchemeProvider schemes,
    IOptions<IdentityServerOptions> options,
    TimeProvider clock) : IUserSession
{
    // Values of amr (RFC 8176, section 2).
    static readonly HashSet<string> _authenticationMethods =
    [
        "face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp", "pin", "pop", "pwd", "rba", "sc", "sms", "swk", "tel", "user", "vbm", "wia",
    ];

    const string SessionIdItem = "session_id";
    const string ClientListItem = "client_list";

    HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("There is no session outside of a request.");

    /// <summary>How many calls are reading the cookie right now; as long as there is one, there is no session to ask for.</summary>
    public int Readers { get; set; }

    /// <summary>The cookie scheme of signed-in people.</summary>
    public async Task<string> SchemeAsync() => options.Value.Authentication.CookieAuthenticationScheme
        ?? (await schemes.GetDefaultAuthenticateSchemeAsync())?.Name
        ?? throw new InvalidOperationException("There is no default authentication scheme, nor one in the options of the token server.");

    public async Task<Session?> GetAsync()
    {
        if (Readers > 0)
            return null;
        var ticket = await Context.AuthenticateAsync(await SchemeAsync());
        if (ticket is not { Succeeded: true, Principal: { } user, Properties: { } properties } || user.FindFirst("sub") is null)
            return null;
        // A cookie from before this server took part has no session id; it has to be issued again.
        return properties.Items.TryGetValue(SessionIdItem, out var id) && id is not null && user.FindFirst("auth_time") is not null
            ? new Session(user, id, ClientsOf(properties), properties)
            : null;
    }

    public async Task<ClaimsPrincipal?> GetUserAsync(CancellationToken ct) => (await GetAsync())?.User;

    public async Task<string?> GetSessionIdAsync(CancellationToken ct) => (await GetAsync())?.Id;

    public async Task<IEnumerable<string>> GetClientListAsync(CancellationToken ct) => (await GetAsync())?.ClientIds ?? [];

    public async Task AddClientIdAsync(string clientId, CancellationToken ct)
    {
        if (await GetAsync() is not { } session || session.ClientIds.Contains(clientId))
            return;
        session.Properties.Items[ClientListItem] = JsonSerializer.Serialize(session.ClientIds.Append(clientId));
        await Context.SignInAsync(await SchemeAsync(), session.User, session.Properties);
    }

    /// <summary>
    /// Completes a sign-in: adds <c>auth_time</c> and <c>idp</c>, and a session id. A session that is merely refreshed (its properties
    /// come along) keeps all three, so that nobody looks freshly authenticated who is not.
    /// </summary>
    public async Task<(ClaimsPrincipal User, AuthenticationProperties Properties)> PrepareAsync(
        ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        var subject = user.FindFirst("sub")?.Value
            ?? throw new InvalidOperationException("The signed-in principal has no sub claim; see AddAspNetIdentity.");
        properties ??= new AuthenticationProperties();
        var current = await GetAsync();
        var same = current is not null && current.User.FindFirst("sub")!.Value == subject;
        var refreshed = same && properties.Items.TryGetValue(SessionIdItem, out var id) && id == current!.Id;

        List<Claim> added = [];
        if (user.FindFirst("auth_time") is null)
            added.Add(refreshed
                ? current!.User.FindFirst("auth_time")!.Clone()
                : new("auth_time", clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));
        if (user.FindFirst("idp") is null)
            added.AddRange(refreshed ? [current!.User.FindFirst("idp")!.Clone()] : ProviderOf(user));
        if (added.Count > 0)
        {
            user = user.Clone();
            user.Identities.First(identity => identity.FindFirst("sub") is not null).AddClaims(added);
        }

        if (!refreshed)
        {
            // The same person signing in again continues the session: its clients still want to hear of the end.
            properties.Items[SessionIdItem] = same ? current!.Id : Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            properties.Items[ClientListItem] = JsonSerializer.Serialize(same ? current!.ClientIds : []);
        }
        return (user, properties);
    }

    // SignInManager has one claim for two things: the name of an external provider, or how the person proved who they are here.
    static IEnumerable<Claim> ProviderOf(ClaimsPrincipal user)
    {
        var method = user.FindFirst(ClaimTypes.AuthenticationMethod)?.Value;
        if (method is null)
            return [new("idp", IdentityServerConstants.LocalIdentityProvider)];
        var local = _authenticationMethods.Contains(method);
        Claim provider = new("idp", local ? IdentityServerConstants.LocalIdentityProvider : method);
        return user.FindFirst("amr") is null ? [provider, new("amr", local ? method : "external")] : [provider];
    }

    static string[] ClientsOf(AuthenticationProperties properties) =>
        properties.Items.TryGetValue(ClientListItem, out var list) && list is not null ? JsonSerializer.Deserialize<string[]>(list) ?? [] : [];
}
