using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Blog.Identity.Mail;

/// <summary>Hands one message to whatever carries mail. An exception means it was not taken and may be tried again.</summary>
public interface IMailSender
{
    Task SendAsync(MailMessage message, CancellationToken cancel);
}

/// <summary>Where mail goes: Mail:Server (smtp://[user:password@]host:port, or smtps for TLS) and Mail:From; on a development machine the endpoint of the mail sink.</summary>
sealed record MailOptions(Uri Server, string From)
{
    public static MailOptions Read(IConfiguration configuration) => new(
        new Uri(configuration["Mail:Server"] ?? configuration.GetConnectionString("mail") ?? configuration["services:mail:smtp:0"]
            ?? throw new InvalidOperationException("No mail server is configured: set Mail:Server, e.g. smtp://localhost:1025.")),
        configuration["Mail:From"] ?? "Blog <no-reply@blog.localhost>");
}

sealed class SmtpMailSender(MailOptions options) : IMailSender
{
    public async Task SendAsync(MailMessage message, CancellationToken cancel)
    {
        using var client = new SmtpClient(options.Server.Host, options.Server.Port > 0 ? options.Server.Port : 25)
        {
            EnableSsl = options.Server.Scheme == "smtps",
            // Addresses in any script (SMTPUTF8, RFC 6531) where the server offers it.
            DeliveryFormat = SmtpDeliveryFormat.International,
            Timeout = 20_000,
        };
        if (options.Server.UserInfo.Split(':', 2) is [var user, var password])
            client.Credentials = new System.Net.NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));

        using var mail = new System.Net.Mail.MailMessage
        {
            From = new MailAddress(options.From),
            To = { new MailAddress(message.Recipient) },
            Subject = message.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = message.TextBody,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
            // The same on every attempt, so that a server which took a message without our hearing of it can tell the second copy.
            Headers = { ["Message-ID"] = $"<{message.Id}@{new MailAddress(options.From).Host}>", ["Auto-Submitted"] = "auto-generated" },
        };
        var html = AlternateView.CreateAlternateViewFromString(message.HtmlBody, Encoding.UTF8, MediaTypeNames.Text.Html);
        html.TransferEncoding = TransferEncoding.QuotedPrintable;
        mail.AlternateViews.Add(html);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(client.Timeout);
        await client.SendMailAsync(mail, deadline.Token);
    }
}
