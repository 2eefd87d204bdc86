using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Blog.Notifications.V1;

namespace Blog.Notifications.Devices;

/// <summary>
/// iPhones by APNs over HTTP/2 with a provider token (ES256). Set up by <c>Blog:Push:Apns:KeyFile</c> (the .p8 file), <c>KeyId</c>, <c>TeamId</c> and <c>Topic</c> (the app's bundle id);
/// <c>Address</c> replaces the production address.
/// </summary>
sealed class ApnsGateway(IConfiguration configuration, TimeProvider time) : IPushGateway, IDisposable
{
    const int MaxBytes = 4096;

    // Apple refuses tokens older than an hour, and those that change more often than every twenty minutes.
    static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(40);

    readonly IConfigurationSection settings = configuration.GetSection("Blog:Push:Apns");
    readonly HttpClient client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(30), EnableMultipleHttp2Connections = true })
    {
        Timeout = TimeSpan.FromSeconds(20),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    readonly Lock gate = new();
    (string Token, DateTimeOffset Made)? held;

    public PushTransport Transport => PushTransport.Apns;

    public bool IsConfigured => settings["KeyFile"] is { Length: > 0 };

    public async Task<PushOutcome> SendAsync(PushTarget target, PushMessage message, CancellationToken cancel)
    {
        var address = (settings["Address"] ?? "https://api.push.apple.com").TrimEnd('/');
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/3/device/{target.Address}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(message.Fitting(MaxBytes, m => new
            {
                aps = new Dictionary<string, object> { ["alert"] = new { title = m.Title, body = m.Body }, ["sound"] = "default", ["thread-id"] = m.Tag },
                url = m.Url,
            })) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", Token());
        request.Headers.Add("apns-topic", settings["Topic"]);
        request.Headers.Add("apns-push-type", "alert");
        request.Headers.Add("apns-priority", message.IsUrgent ? "10" : "5");
        request.Headers.Add("apns-expiration", $"{(time.GetUtcNow() + PushMessage.Lifetime).ToUnixTimeSeconds()}");
        request.Headers.Add("apns-collapse-id", message.Tag);
        using var response = await client.SendAsync(request, cancel);
        if (response.IsSuccessStatusCode) return new PushOutcome.Taken();
        var reason = await ReasonAsync(response, cancel);
        switch (response.StatusCode, reason)
        {
            case (HttpStatusCode.Gone, _):
            case (_, "BadDeviceToken" or "DeviceTokenNotForTopic" or "Unregistered"):
                return new PushOutcome.Gone();
            case (_, "ExpiredProviderToken"):
                lock (gate) held = null;
                return PushOutcome.LaterBy(response, time, "APNs wants a new token");
            case (HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError, _):
                return PushOutcome.LaterBy(response, time, $"APNs says {(int)response.StatusCode} {reason}");
            default:
                return new PushOutcome.Refused($"APNs says {(int)response.StatusCode} {reason}");
        }
    }

    static async Task<string?> ReasonAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("reason").GetString();
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    string Token()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (held is var (token, made) && now - made < TokenLifetime) return token;
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(settings["KeyFile"]!));
            var fresh = CompactJws.Es256(new { alg = "ES256", kid = settings["KeyId"] }, new { iss = settings["TeamId"], iat = now.ToUnixTimeSeconds() }, key);
            held = (fresh, now);
            return fresh;
        }
    }

    public void Dispose() => client.Dispose();
}
