using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace Blog.ServiceDefaults.Authentication;

/// <summary>The access token of the person on whose behalf this request runs.</summary>
public interface ICallerToken
{
    /// <summary>The token, or null for an anonymous caller.</summary>
    ValueTask<string?> GetAccessTokenAsync(CancellationToken cancel);
}

/// <summary>
/// This service's own access token (client credentials, RFC 6749 §4.4; scope <c>blog.internal</c>), fetched once and renewed a
/// minute before it expires. The client id is the application's name without <c>Blog.</c>, in lower case, or
/// <c>Blog:ClientId</c>; the secret is <c>Blog:ClientSecret</c>.
/// </summary>
public sealed class ServiceTokens(IHttpClientFactory clients, IConfiguration configuration, IHostEnvironment environment, TimeProvider time) : IDisposable
{
    /// <summary>Where services reach Identity; resolved by service discovery.</summary>
    public const string IdentityAddress = "http://identity";

    readonly SemaphoreSlim gate = new(1);
    volatile Held? held;

    /// <summary>A token that is valid for at least another minute.</summary>
    /// <exception cref="HttpRequestException">Identity is away or refused the client.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancel)
    {
        if (held is { } current && current.RenewAt > time.GetUtcNow()) return current.Token;
        await gate.WaitAsync(cancel);
        try
        {
            if (held is { } other && other.RenewAt > time.GetUtcNow()) return other.Token;
            var fetched = await FetchAsync(cancel);
            held = new(fetched.AccessToken, time.GetUtcNow().AddSeconds(fetched.ExpiresIn - 60));
            return fetched.AccessToken;
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<TokenResponse> FetchAsync(CancellationToken cancel)
    {
        using var client = clients.CreateClient(nameof(ServiceTokens));
        using var response = await client.PostAsync(new Uri(IdentityAddress + "/connect/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = configuration["Blog:ClientId"] ?? environment.ApplicationName.Replace("Blog.", "", StringComparison.Ordinal).ToLowerInvariant(),
            ["client_secret"] = configuration["Blog:ClientSecret"] ?? throw new InvalidOperationException("Blog:ClientSecret is not configured."),
            ["scope"] = "blog.internal",
        }), cancel);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"Identity refused a service token: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancel)}", null, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<TokenResponse>(cancel))!;
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    sealed record Held(string Token, DateTimeOffset RenewAt);

    sealed record TokenResponse([property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("expires_in")] int ExpiresIn);
}

static class TokenRegistration
{
    public static void AddServiceTokens(this IServiceCollection services)
    {
        services.AddSingleton<ServiceTokens>();
        services.TryAddSingleton<ICallerToken, BearerOfRequest>();
    }

    /// <summary>Passes on the bearer token that came with the current request.</summary>
    sealed class BearerOfRequest(IHttpContextAccessor http) : ICallerToken
    {
        public ValueTask<string?> GetAccessTokenAsync(CancellationToken cancel)
        {
            const string scheme = "Bearer ";
            var header = http.HttpContext?.Request.Headers[HeaderNames.Authorization].ToString();
            return new(header is not null && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..] : null);
        }
    }
}
