using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Blog.Notifications.V1;

namespace Blog.Notifications.Devices;

/// <summary>
/// Android (and whatever else Firebase reaches) by FCM HTTP v1, on behalf of a service account (OAuth 2.0 JWT bearer, RFC 7523). Set up by <c>Blog:Push:Fcm:ServiceAccount</c>, the JSON
/// file that the Firebase console gives; <c>Blog:Push:Fcm:Address</c> replaces the public address.
/// </summary>
sealed class FcmGateway(IConfiguration configuration, TimeProvider time) : IPushGateway, IDisposable
{
    const string Scope = "https://www.googleapis.com/auth/firebase.messaging";
    const int MaxBytes = 4096;

    sealed record ServiceAccount(
        [property: JsonPropertyName("project_id")] string ProjectId, [property: JsonPropertyName("client_email")] string ClientEmail,
        [property: JsonPropertyName("private_key")] string PrivateKey, [property: JsonPropertyName("token_uri")] Uri TokenUri);

    sealed record AccessToken([property: JsonPropertyName("access_token")] string Token, [property: JsonPropertyName("expires_in")] int ExpiresIn);

    readonly ServiceAccount? account = configuration["Blog:Push:Fcm:ServiceAccount"] is { Length: > 0 } file ? JsonSerializer.Deserialize<ServiceAccount>(File.ReadAllText(file)) : null;
    readonly string address = (configuration["Blog:Push:Fcm:Address"] ?? "https://fcm.googleapis.com").TrimEnd('/');
    readonly HttpClient client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(20) };
    readonly SemaphoreSlim gate = new(1);
    volatile Held? held;

    sealed record Held(string Token, DateTimeOffset Until);

    public PushTransport Transport => PushTransport.Fcm;

    public bool IsConfigured => account is not null;

    public async Task<PushOutcome> SendAsync(PushTarget target, PushMessage message, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/v1/projects/{account!.ProjectId}/messages:send")
        {
            Content = new ByteArrayContent(message.Fitting(MaxBytes, m => new
            {
                message = new
                {
                    token = target.Address,
                    notification = new { title = m.Title, body = m.Body },
                    data = new { url = m.Url, tag = m.Tag },
                    android = new { collapse_key = m.Tag, priority = m.IsUrgent ? "HIGH" : "NORMAL", ttl = $"{(int)PushMessage.Lifetime.TotalSeconds}s", notification = new { tag = m.Tag } },
                },
            })) { Headers = { ContentType = new("application/json") } },
        };
        var token = await TokenAsync(cancel);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request, cancel);
        if (response.IsSuccessStatusCode) return new PushOutcome.Taken();
        var error = await ErrorAsync(response, cancel);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound when error is "UNREGISTERED" or null:
            // The project the token was made for is another one.
            case HttpStatusCode.Forbidden when error is "SENDER_ID_MISMATCH":
                return new PushOutcome.Gone();
            case HttpStatusCode.Unauthorized:
                if (held?.Token == token) held = null;
                return PushOutcome.LaterBy(response, time, "FCM does not accept our token");
            case HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                return PushOutcome.LaterBy(response, time, $"FCM says {(int)response.StatusCode} {error}");
            default:
                return new PushOutcome.Refused($"FCM says {(int)response.StatusCode} {error}");
        }
    }

    /// <summary>The errorCode of google.firebase.fcm.v1.FcmError among the details, or null.</summary>
    static async Task<string?> ErrorAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
            return body.GetProperty("error").GetProperty("details").EnumerateArray().Select(detail => detail.TryGetProperty("errorCode", out var code) ? code.GetString() : null).FirstOrDefault(code => code is not null);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    async Task<string> TokenAsync(CancellationToken cancel)
    {
        if (held is { } current && current.Until > time.GetUtcNow()) return current.Token;
        await gate.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            if (held is { } other && other.Until > now) return other.Token;
            using var key = RSA.Create();
            key.ImportFromPem(account!.PrivateKey);
            var assertion = CompactJws.Rs256(new { alg = "RS256", typ = "JWT" },
                new { iss = account.ClientEmail, scope = Scope, aud = account.TokenUri, iat = now.ToUnixTimeSeconds(), exp = now.AddHours(1).ToUnixTimeSeconds() }, key);
            using var response = await client.PostAsync(account.TokenUri, new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion)]), cancel);
            response.EnsureSuccessStatusCode();
            var token = (await response.Content.ReadFromJsonAsync<AccessToken>(cancel))!;
            held = new(token.Token, now.AddSeconds(token.ExpiresIn - 60));
            return token.Token;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        gate.Dispose();
    }
}
