using System.Net.Mail;
using Microsoft.Extensions.Configuration;

namespace Blog.ServiceDefaults.Mail;

/// <summary>Where mail goes and whom it is from.</summary>
/// <param name="Server">
/// <c>Mail:Server</c>: smtp://[user:password@]host[:port] (upgraded by STARTTLS when the server offers it, RFC 3207) or smtps:// (TLS from the first byte, RFC 8314);
/// on a development machine the endpoint of the mail sink.
/// </param>
/// <param name="From"><c>Mail:From</c>: the mailbox of everything that is sent.</param>
public sealed record MailOptions(Uri Server, MailAddress From)
{
    /// <summary>From the configuration.</summary>
    /// <exception cref="InvalidOperationException">No server is configured.</exception>
    public static MailOptions Read(IConfiguration configuration) => new(
        new Uri(configuration["Mail:Server"] ?? configuration.GetConnectionString("mail") ?? configuration["services:mail:smtp:0"]
            ?? throw new InvalidOperationException("No mail server is configured: set Mail:Server, e.g. smtp://localhost:1025.")),
        new MailAddress(configuration["Mail:From"] ?? "Blog <no-reply@blog.localhost>"));
}
