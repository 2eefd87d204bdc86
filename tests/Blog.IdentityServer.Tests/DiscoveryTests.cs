using System.Net;
using System.Text.Json;

namespace Blog.IdentityServer.Tests;

/// <summary>OpenID Connect Discovery 1.0, sections 3 and 4; RFC 8414; RFC 7517.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public async Task Section_3_the_document_names_issuer_endpoints_and_abilities()
    {
        await using var server = await TokenServer.StartAsync();

        var document = (await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration")).Json;

        document.GetProperty("issuer").GetString().ShouldBe(TokenServer.Issuer);
        document.GetProperty("authorization_endpoint").GetString().ShouldBe($"{TokenServer.Issuer}/connect/authorize");
        document.GetProperty("token_endpoint").GetString().ShouldBe($"{TokenServer.Issuer}/connect/token");
        document.GetProperty("userinfo_endpoint").GetString().ShouldBe($"{TokenServer.Issuer}/connect/userinfo");
        document.GetProperty("end_session_endpoint").GetString().ShouldBe($"{TokenServer.Issuer}/connect/endsession");
        document.GetProperty("revocation_endpoint").GetString().ShouldBe($"{TokenServer.Issuer}/connect/revocation");
        document.GetProperty("introspection_endpoint").GetString().ShouldBe($"{TokenServer.Issuer}/connect/introspect");
        document.GetProperty("jwks_uri").GetString().ShouldBe($"{TokenServer.Issuer}/.well-known/openid-configuration/jwks");
        Strings(document, "response_types_supported").ShouldBe(["code"]);
        Strings(document, "response_modes_supported").ShouldBe(["query", "form_post"]);
        Strings(document, "grant_types_supported").ShouldBe(["authorization_code", "refresh_token", "client_credentials"]);
        Strings(document, "code_challenge_methods_supported").ShouldBe(["S256"]);
        Strings(document, "id_token_signing_alg_values_supported").ShouldBe(["RS256"]);
        Strings(document, "token_endpoint_auth_methods_supported").ShouldBe(["client_secret_basic", "client_secret_post", "none"]);
        Strings(document, "subject_types_supported").ShouldBe(["public"]);
        Strings(document, "scopes_supported").ShouldBe(["openid", "profile", "email", "blog.api", "blog.internal", "foreign.read", "offline_access"]);
        Strings(document, "claims_supported").ShouldContain("email_verified");
        document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().ShouldBeTrue();
        document.GetProperty("backchannel_logout_supported").GetBoolean().ShouldBeTrue();
        document.GetProperty("backchannel_logout_session_supported").GetBoolean().ShouldBeTrue();
        document.GetProperty("request_uri_parameter_supported").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task The_issuer_is_the_configured_one_wherever_the_document_is_read()
    {
        await using var server = await TokenServer.StartAsync(new() { Options = options => options.IssuerUri = "http://localhost:8080" });

        var document = (await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration")).Json;
        var tokens = await server.Caller.SignInAsync(server);

        document.GetProperty("issuer").GetString().ShouldBe("http://localhost:8080");
        tokens.Access.Issuer.ShouldBe("http://localhost:8080");
        tokens.Identity.Issuer.ShouldBe("http://localhost:8080");
    }

    [Fact]
    public async Task RFC_8414_section_3_the_metadata_of_the_authorization_server_is_the_same_document()
    {
        await using var server = await TokenServer.StartAsync();

        var openId = await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration");
        var oauth = await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server");

        oauth.Text.ShouldBe(openId.Text);
    }

    [Fact]
    public async Task RFC_7517_the_key_set_publishes_public_members_only()
    {
        await using var server = await TokenServer.StartAsync(new() { Options = options => options.KeyManagement.SigningAlgorithms = [new("RS256"), new("ES256")] });

        var keys = (await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration/jwks")).Json.GetProperty("keys").EnumerateArray().ToArray();

        keys.Select(key => key.GetProperty("alg").GetString()).ShouldBe(["RS256", "ES256"]);
        Names(keys[0]).ShouldBe(["alg", "e", "kid", "kty", "n", "use"]);
        Names(keys[1]).ShouldBe(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }

    [Fact]
    public async Task An_endpoint_that_is_switched_off_does_not_exist()
    {
        await using var server = await TokenServer.StartAsync(new() { Options = options => options.Endpoints.EnableIntrospectionEndpoint = false });

        (await server.Caller.IntrospectAsync("token")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration")).Has("introspection_endpoint").ShouldBeFalse();
    }

    [Theory]
    [InlineData("POST", "/.well-known/openid-configuration")]
    [InlineData("POST", "/.well-known/openid-configuration/jwks")]
    [InlineData("GET", "/connect/token")]
    [InlineData("GET", "/connect/revocation")]
    [InlineData("GET", "/connect/introspect")]
    [InlineData("PUT", "/connect/authorize")]
    [InlineData("DELETE", "/connect/userinfo")]
    [InlineData("PUT", "/connect/endsession")]
    public async Task Other_methods_are_answered_with_405(string method, string path)
    {
        await using var server = await TokenServer.StartAsync();

        var answer = await server.Caller.SendAsync(new HttpMethod(method), path);

        answer.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Text.ShouldBeEmpty("an error of the protocol is no page of the host");
    }

    static IEnumerable<string?> Strings(JsonElement document, string name) => document.GetProperty(name).EnumerateArray().Select(value => value.GetString());

    static IEnumerable<string> Names(JsonElement key) => key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
}
