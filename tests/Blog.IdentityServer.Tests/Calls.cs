using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Blog.IdentityServer.Tests;

/// <summary>Keeps the cookies of one browser.</summary>
sealed class CookieJar(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    readonly CookieContainer _cookies = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header)
            request.Headers.Add("Cookie", header);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                _cookies.SetCookies(request.RequestUri!, cookie);
        }
        return response;
    }
}

/// <summary>An answer of the server.</summary>
sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Location => Headers.Location!.OriginalString;

    /// <summary>A parameter of the address that the answer redirects to.</summary>
    public string? Parameter(string name)
    {
        var question = Location.IndexOf('?', StringComparison.Ordinal);
        return question >= 0 && QueryHelpers.ParseQuery(Location[question..]).TryGetValue(name, out var value) ? value.ToString() : null;
    }

    public string Member(string name) => Json.GetProperty(name).ToString();

    public bool Has(string name) => Json.TryGetProperty(name, out _);

    /// <summary>Asserts an error of the token endpoint and its kin (RFC 6749, section 5.2).</summary>
    public void ShouldBeError(string code, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Status.ShouldBe(status, Text);
        Member("error").ShouldBe(code);
        Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return new Answer(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>Tokens that a client got.</summary>
sealed record TokenSet(string AccessToken, string? IdToken, string? RefreshToken)
{
    public JsonWebToken Access => new(AccessToken);

    public JsonWebToken Identity => new(IdToken);

    public static TokenSet From(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return new(answer.Member("access_token"), answer.Has("id_token") ? answer.Member("id_token") : null,
            answer.Has("refresh_token") ? answer.Member("refresh_token") : null);
    }
}

/// <summary>Somebody's browser.</summary>
sealed class Browser(HttpClient http)
{
    public const string AllScopes = "openid profile email blog.api offline_access";

    public async Task<Answer> GetAsync(string address) => await Answer.ReadAsync(await http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute)));

    public async Task<Answer> PostAsync(string address, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await Answer.ReadAsync(await http.PostAsync(new Uri(address, UriKind.RelativeOrAbsolute), content));
    }

    public Task<Answer> SignInAsync(string subject = "alice") => PostAsync($"/sign-in/{subject}");

    public Task<Answer> SignOutAsync() => PostAsync("/account/logout");

    /// <summary>A correct request of the BFF, with changes; a null value takes the parameter away.</summary>
    public static Dictionary<string, string> Request(params (string Name, string? Value)[] changes)
    {
        var request = new Dictionary<string, string>
        {
            ["client_id"] = "bff",
            ["redirect_uri"] = TokenServer.Callback,
            ["response_type"] = "code",
            ["scope"] = AllScopes,
            ["state"] = "state-1",
            ["nonce"] = "nonce-1",
            ["code_challenge"] = TokenServer.Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
                request.Remove(name);
            else
                request[name] = value;
        }
        return request;
    }

    public Task<Answer> AuthorizeAsync(params (string Name, string? Value)[] changes) =>
        GetAsync(QueryHelpers.AddQueryString("/connect/authorize", Request(changes)!));

    /// <summary>A code for somebody who is signed in.</summary>
    public async Task<string> CodeAsync(params (string Name, string? Value)[] changes)
    {
        var answer = await AuthorizeAsync(changes);
        answer.Status.ShouldBe(HttpStatusCode.Redirect, answer.Text);
        return answer.Parameter("code").ShouldNotBeNull(answer.Location);
    }
}

/// <summary>A client application or an API that calls the server.</summary>
sealed class Caller(HttpClient http)
{
    public async Task<Answer> SendAsync(
        HttpMethod method, string address, IEnumerable<KeyValuePair<string, string>>? form = null, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = form is null ? null : new FormUrlEncodedContent(form) };
        request.Headers.Authorization = authorization;
        return await Answer.ReadAsync(await http.SendAsync(request));
    }

    public static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    public Task<Answer> PostAsync(string address, AuthenticationHeaderValue? authorization, params (string Name, string? Value)[] form) =>
        SendAsync(HttpMethod.Post, address,
            form.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, field.Value!)), authorization);

    public Task<Answer> TokenAsync(string client, params (string Name, string? Value)[] form) => PostAsync("/connect/token", Of(client), form);

    /// <summary>Redeems a code as the BFF does, with changes.</summary>
    public Task<Answer> RedeemAsync(
        string code, string client = "bff", string? redirectUri = TokenServer.Callback, string? verifier = TokenServer.Verifier) =>
        PostAsync("/connect/token", Of(client), ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri),
            ("code_verifier", verifier), ("client_id", client == "phone" ? "phone" : null));

    public Task<Answer> RefreshAsync(string refreshToken, string client = "bff", string? scope = null) =>
        PostAsync("/connect/token", Of(client), ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("scope", scope),
            ("client_id", client == "phone" ? "phone" : null));

    public async Task<TokenSet> SignInAsync(TokenServer server, params (string Name, string? Value)[] changes)
    {
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        return TokenSet.From(await RedeemAsync(await browser.CodeAsync(changes)));
    }

    public Task<Answer> UserInfoAsync(string accessToken) => SendAsync(HttpMethod.Get, "/connect/userinfo", authorization: Bearer(accessToken));

    public Task<Answer> RevokeAsync(string token, string client = "bff") =>
        PostAsync("/connect/revocation", Of(client), ("token", token), ("client_id", client == "phone" ? "phone" : null));

    public Task<Answer> IntrospectAsync(string token, string caller = "bff") => PostAsync("/connect/introspect", Of(caller), ("token", token));

    public async Task<bool> IsActiveAsync(string token, string caller = "bff")
    {
        var answer = await IntrospectAsync(token, caller);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Json.GetProperty("active").GetBoolean();
    }

    static AuthenticationHeaderValue? Of(string client) => client switch
    {
        "phone" => null,
        "blog" or "foreign" => Basic(client, $"{client}-api-secret"),
        _ => Basic(client, $"{client}-secret"),
    };
}
