using Blog.ServiceDefaults;

namespace Blog.Notifications.Mail;

/// <summary>Addresses of the site as they stand in mail.</summary>
sealed class MailLinks(IConfiguration configuration, MailTokens tokens)
{
    public string Home { get; } = configuration.PublicOrigin();

    /// <summary>The host of the public address, for List-Id.</summary>
    public string Host { get; } = new Uri(configuration.PublicOrigin()).Host;

    public string Person(string handle) => $"{Home}/@{handle}";

    public string Article(string handle, string slug) => $"{Home}/@{handle}/{Uri.EscapeDataString(slug)}";

    /// <summary>A page that asks; a single POST to it unsubscribes (RFC 8058).</summary>
    public string Unsubscribe(MailToken token) => Unsubscribe(tokens.Write(token));

    public string Unsubscribe(string token) => $"{Home}/unsubscribe?t={token}";

    public string Confirm(MailToken token) => $"{Home}/newsletter/confirm?t={tokens.Write(token)}";
}
