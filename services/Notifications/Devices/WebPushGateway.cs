using System.Net;
using System.Net.Http.Headers;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Net;

namespace Blog.Notifications.Devices;

/// <summary>Browsers, by the push service each of them names (RFC 8030).</summary>
sealed class WebPushGateway(Vapid vapid, PublicInternet internet, TimeProvider time) : IPushGateway, IDisposable
{
    readonly HttpClient client = internet.CreateClient();

    public PushTransport Transport => PushTransport.Web;

    public bool IsConfigured => true;

    public async Task<PushOutcome> SendAsync(PushTarget target, PushMessage message, CancellationToken cancel)
    {
        var endpoint = new Uri(target.Address);
        // What the service worker reads: web/site/worker/push.ts.
        var plain = message.Fitting(WebPushMessage.MaxPlainBytes, m => new { title = m.Title, body = m.Body, url = m.Url, tag = m.Tag, icon = PushMessage.Icon });
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(WebPushMessage.Encrypt(plain, target.P256dh!, target.Auth!))
            {
                Headers = { ContentType = new("application/octet-stream"), ContentEncoding = { "aes128gcm" } },
            },
        };
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(vapid.AuthorizationFor(endpoint));
        request.Headers.Add("TTL", $"{(int)PushMessage.Lifetime.TotalSeconds}");
        request.Headers.Add("Urgency", message.IsUrgent ? "high" : "normal");
        request.Headers.Add("Topic", message.Tag);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return response.StatusCode switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => new PushOutcome.Taken(),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new PushOutcome.Gone(),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => PushOutcome.LaterBy(response, time, $"the push service says {(int)response.StatusCode}"),
            _ => new PushOutcome.Refused($"the push service says {(int)response.StatusCode}"),
        };
    }

    public void Dispose() => client.Dispose();
}
