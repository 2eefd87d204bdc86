using System.Net;
using System.Security.Cryptography;
using System.Text;
using Duende.IdentityServer.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Blog.IdentityServer.Tests;

/// <summary>Use of access tokens: OpenID Connect Core 1.0, section 5.3; RFC 6750; RFC 8725 (tricks with JWT).</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task OIDC_5_3_2_userinfo_gives_the_claims_of_the_granted_scopes()
    {
        await using var server = await TokenServer.StartAsync(new() { Profiles = new SwitchableProfiles() });
        var tokens = await server.Caller.SignInAsync(server);

        var answer = await server.Caller.UserInfoAsync(tokens.AccessToken);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Member("sub").ShouldBe("alice", "a profile service must not be able to change the subject");
        answer.Member("email").ShouldBe("alice@example.org");
        answer.Json.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var narrow = await server.Caller.SignInAsync(server, ("scope", "openid blog.api"));
        (await server.Caller.UserInfoAsync(narrow.AccessToken)).Has("email").ShouldBeFalse();
    }

    [Fact]
    public async Task RFC_6750_2_2_the_token_may_come_in_a_form_and_never_in_two_places_or_in_the_address()
    {
        await using var server = await TokenServer.StartAsync();
        var token = (await server.Caller.SignInAsync(server)).AccessToken;

        (await server.Caller.PostAsync("/connect/userinfo", null, ("access_token", token))).Status.ShouldBe(HttpStatusCode.OK);
        (await server.Caller.PostAsync("/connect/userinfo", Caller.Bearer(token), ("access_token", token))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Caller.SendAsync(HttpMethod.Get, $"/connect/userinfo?access_token={token}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RFC_6750_3_1_without_a_token_the_challenge_names_no_error()
    {
        await using var server = await TokenServer.StartAsync();

        var answer = await server.Caller.SendAsync(HttpMethod.Get, "/connect/userinfo");

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task RFC_6750_3_1_a_token_without_openid_is_insufficient()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server, ("scope", "blog.api"));
        var client = TokenSet.From(await server.Caller.TokenAsync("worker", ("grant_type", "client_credentials")));

        foreach (var token in new[] { tokens.AccessToken, client.AccessToken })
        {
            var answer = await server.Caller.UserInfoAsync(token);
            answer.Status.ShouldBe(HttpStatusCode.Forbidden);
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"insufficient_scope\", scope=\"openid\"");
        }
    }

    [Fact]
    public async Task RFC_6750_3_1_an_expired_token_is_invalid()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);
        server.Clock.Advance(TimeSpan.FromSeconds(3599));
        (await server.Caller.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);

        server.Clock.Advance(TimeSpan.FromSeconds(1));

        await ShouldBeRefusedAsync(server, tokens.AccessToken);
    }

    [Fact]
    public async Task RFC_8725_3_1_alg_none_is_refused()
    {
        await using var server = await TokenServer.StartAsync();
        var token = (await server.Caller.SignInAsync(server)).Access;

        foreach (var algorithm in new[] { "none", "None", "NONE" })
        {
            var header = $$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{token.Kid}}"}""";
            await ShouldBeRefusedAsync(server, $"{Base64UrlEncoder.Encode(header)}.{token.EncodedPayload}.");
            await ShouldBeRefusedAsync(server, $"{Base64UrlEncoder.Encode(header)}.{token.EncodedPayload}.{token.EncodedSignature}");
        }
    }

    [Fact]
    public async Task RFC_8725_3_1_HS256_with_the_public_key_as_secret_is_refused()
    {
        await using var server = await TokenServer.StartAsync();
        var token = (await server.Caller.SignInAsync(server)).Access;
        var jwk = (await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration/jwks")).Json.GetProperty("keys")[0];
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64UrlEncoder.DecodeBytes(jwk.GetProperty("n").GetString()),
            Exponent = Base64UrlEncoder.DecodeBytes(jwk.GetProperty("e").GetString()),
        });
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            Encoding.ASCII.GetBytes(rsa.ExportRSAPublicKeyPem()),
            rsa.ExportSubjectPublicKeyInfo(),
            Base64UrlEncoder.DecodeBytes(jwk.GetProperty("n").GetString()),
        ];

        var input = $"{Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{token.Kid}}"}""")}.{token.EncodedPayload}";
        foreach (var secret in secrets)
            await ShouldBeRefusedAsync(server, $"{input}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}");
    }

    [Fact]
    public async Task RFC_8725_3_1_another_algorithm_of_the_same_key_is_refused()
    {
        await using var server = await TokenServer.StartAsync();
        var token = (await server.Caller.SignInAsync(server)).Access;
        var credentials = await server.Services.GetRequiredService<IKeyMaterialService>().GetSigningCredentialsAsync(null, CancellationToken.None);

        var forged = new JsonWebTokenHandler().CreateToken(
            Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(token.EncodedPayload)), new SigningCredentials(credentials.Key, "RS512"),
            new Dictionary<string, object> { ["typ"] = "at+jwt" });

        await ShouldBeRefusedAsync(server, forged);
    }

    [Fact]
    public async Task RFC_8725_3_10_a_key_that_comes_with_the_token_is_not_believed()
    {
        await using var server = await TokenServer.StartAsync();
        var token = (await server.Caller.SignInAsync(server)).Access;
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(false);
        var jwk = $$"""{"kty":"RSA","kid":"mine","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}""";

        foreach (var kid in new[] { "mine", token.Kid, "../../dev/null", "" })
        {
            var header = $$"""{"alg":"RS256","typ":"at+jwt","kid":"{{kid}}","jwk":{{jwk}},"jku":"https://evil.example/jwks","x5u":"https://evil.example/x5u"}""";
            var input = $"{Base64UrlEncoder.Encode(header)}.{token.EncodedPayload}";
            var signature = rsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            await ShouldBeRefusedAsync(server, $"{input}.{Base64UrlEncoder.Encode(signature)}");
        }
    }

    [Fact]
    public async Task RFC_8725_3_11_an_identity_token_is_no_access_token_and_an_access_token_no_hint()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        await ShouldBeRefusedAsync(server, tokens.IdToken!);
        (await browser.AuthorizeAsync(("id_token_hint", tokens.AccessToken))).Parameter("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task RFC_8725_an_altered_token_is_refused()
    {
        await using var server = await TokenServer.StartAsync();
        var token = (await server.Caller.SignInAsync(server)).Access;
        var payload = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(token.EncodedPayload)).Replace("\"author\"", "\"administrator\"", StringComparison.Ordinal);

        await ShouldBeRefusedAsync(server, $"{token.EncodedHeader}.{Base64UrlEncoder.Encode(payload)}.{token.EncodedSignature}");
        await ShouldBeRefusedAsync(server, $"{token.EncodedHeader}.{token.EncodedPayload}.");
    }

    [Fact]
    public async Task A_token_of_another_server_is_refused_even_with_the_same_issuer()
    {
        await using var server = await TokenServer.StartAsync();
        await using var foreign = await TokenServer.StartAsync(new() { OwnKeys = true });

        await ShouldBeRefusedAsync(server, (await foreign.Caller.SignInAsync(foreign)).AccessToken);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("a.b.c.d.e")]
    public async Task Rubbish_is_an_invalid_token_and_no_fault(string token)
    {
        await using var server = await TokenServer.StartAsync();

        await ShouldBeRefusedAsync(server, token);
        await ShouldBeRefusedAsync(server, new string('a', 60_000) + ".b.c");
    }

    static async Task ShouldBeRefusedAsync(TokenServer server, string token)
    {
        // TestServer takes any header, so length is no matter of the transport here.
        var answer = await server.Caller.UserInfoAsync(token);
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized, token);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        (await server.Caller.IsActiveAsync(token)).ShouldBeFalse(token);
    }
}
