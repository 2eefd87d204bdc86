using System.Net.Http.Headers;
using System.Text.Json;
using Blog.Notifications.V1;

namespace Blog.Notifications.Devices;

/// <summary>What is shown on a device.</summary>
/// <param name="Tag">A later one with the same tag replaces it, so one that is sent twice is seen once. At most 32 characters of base64url.</param>
/// <param name="IsUrgent">Somebody speaks to the person.</param>
sealed record PushMessage(string Title, string Body, string Url, string Tag, bool IsUrgent)
{
    public const string Icon = "/icons/192.png";

    /// <summary>How long a device may be away before it is not worth telling.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>The message as JSON, its body shortened until it fits.</summary>
    public byte[] Fitting(int maxBytes, Func<PushMessage, object> shape)
    {
        var message = this;
        while (true)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(shape(message), Json);
            if (bytes.Length <= maxBytes) return bytes;
            message = message.Body.Length > 0 ? message with { Body = Shorter(message.Body) } : message with { Title = Shorter(message.Title) };
        }
    }

    static string Shorter(string text) => text.Length <= 8 ? "" : text[..(char.IsHighSurrogate(text[text.Length * 3 / 4 - 1]) ? text.Length * 3 / 4 - 1 : text.Length * 3 / 4)] + "…";

    static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>What a push service said.</summary>
abstract record PushOutcome
{
    public sealed record Taken : PushOutcome;

    /// <summary>Nobody is there any more: the target is to be forgotten.</summary>
    public sealed record Gone : PushOutcome;

    /// <summary>Not now.</summary>
    public sealed record Later(TimeSpan Wait, string Problem) : PushOutcome;

    /// <summary>It will not be taken however often it is sent.</summary>
    public sealed record Refused(string Problem) : PushOutcome;

    /// <summary>What the answer asks to wait (RFC 9110 §10.2.3), between a second and a day; half a minute when it asks for nothing.</summary>
    public static Later LaterBy(HttpResponseMessage response, TimeProvider time, string problem)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            RetryConditionHeaderValue { Date: { } date } => date - time.GetUtcNow(),
            _ => TimeSpan.FromSeconds(30),
        };
        return new(asked < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : asked > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : asked, problem);
    }
}

/// <summary>A way to devices. An HttpRequestException or a timeout is a reason to try again.</summary>
interface IPushGateway
{
    PushTransport Transport { get; }

    /// <summary>Whether the operator has set it up.</summary>
    bool IsConfigured { get; }

    Task<PushOutcome> SendAsync(PushTarget target, PushMessage message, CancellationToken cancel);
}
