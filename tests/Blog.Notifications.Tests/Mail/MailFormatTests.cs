using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Blog.ServiceDefaults.Mail;

namespace Blog.Notifications.Tests.Mail;

/// <summary>Messages as they go over the wire.</summary>
public sealed partial class MailFormatTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static OutgoingMail Mail(string subject = "A subject", string text = "Text.", string recipient = "ana@example.org") =>
        new("019a0000-0000-7000-8000-000000000001", recipient, subject, text, "<p>Text.</p>", new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.FromHours(1)));

    static string Written(OutgoingMail mail) => Encoding.UTF8.GetString(MailFormat.Write(mail, new MailAddress("no-reply@blog.test", "Blog")));

    [Theory, InlineData("one\r\nBcc: x@example.org"), InlineData("one\nX-Evil: 1"), InlineData("one\u2028X-Evil: 1"), InlineData("one\0two")]
    public void No_text_gets_out_of_its_header(string subject)
    {
        var message = Written(Mail(subject) with { SenderName = subject, ListId = subject, UnsubscribeUrl = "http://blog.test/u?t=" + subject });
        var head = message[..message.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        head.Split("\r\n").Where(line => !line.StartsWith(' ')).Select(line => line.Split(':')[0])
            .ShouldBe(["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type"]);
    }

    [Fact]
    public void Lines_stay_within_what_mail_allows_and_none_begins_with_a_dot()
    {
        var message = Written(Mail(string.Join(' ', Enumerable.Repeat("Überschrift 漢字 🦀", 12)), ".\n..\n" + new string('x', 500) + "\n" + new string('.', 300) + "\ntrailing \nä=b"));
        message.Split("\r\n").ShouldAllBe(line => line.Length <= 78 && !line.StartsWith('.'));
        message.ShouldContain("Date: Sun, 22 Nov 2026 08:30:00 +0000");
        message.ShouldNotContain("\n\n");
        // Each encoded word stands alone (RFC 2047 §5): no character is cut in two.
        foreach (Match word in EncodedWord.Matches(message)) Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)).ShouldNotContain('\uFFFD');
    }

    [GeneratedRegex(@"=\?utf-8\?B\?([^?]*)\?=")]
    private static partial Regex EncodedWord { get; }

    [Theory, InlineData("550 5.1.1 unknown", true, true), InlineData("550 no", true, true), InlineData("552 5.2.2 full", true, false), InlineData("550 5.7.1 policy", true, false), InlineData("451 4.7.1 later", false, false)]
    public async Task What_the_server_says_of_a_recipient_is_understood(string reply, bool permanent, bool hardBounce)
    {
        await using var sink = new Testing.MailSink { Recipient = to => to == "gone@example.org" ? reply : null };
        await sink.InitializeAsync();
        await using var sender = new SmtpMailSender(new(new Uri(sink.Address), new MailAddress("no-reply@blog.test")), TimeProvider.System);

        var refused = await Should.ThrowAsync<MailRefusedException>(() => sender.SendAsync(Mail(recipient: "gone@example.org"), Cancel));
        (refused.IsPermanent, refused.IsHardBounce).ShouldBe((permanent, hardBounce));
        // The connection goes on with the next message.
        await sender.SendAsync(Mail(), Cancel);
        (await sink.WaitForAsync("ana@example.org", "A subject")).Headers["Message-ID"].ShouldBe("<019a0000-0000-7000-8000-000000000001@blog.test>");
    }

    [Fact]
    public async Task Commands_go_in_one_packet_where_the_server_allows_it_and_a_refusal_among_them_is_undone()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var heard = new StringBuilder();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(Cancel);
            var stream = client.GetStream();
            var buffer = new byte[4096];
            async Task<string> Hear()
            {
                var text = Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancel));
                heard.Append(text);
                return text;
            }
            async Task Say(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
            await Say("220 hello\r\n");
            await Hear();
            await Say("250-hello\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n");
            (await Hear()).ShouldBe("MAIL FROM:<no-reply@blog.test>\r\nRCPT TO:<ana@example.org>\r\nDATA\r\n");
            await Say("250 2.1.0 fine\r\n550 5.1.1 nobody\r\n354 go on\r\n");
            (await Hear()).ShouldBe(".\r\n");
            await Say("554 5.5.1 no recipients\r\n");
            (await Hear()).ShouldBe("RSET\r\n");
            await Say("250 fine\r\n");
        }, Cancel);
        await using var sender = new SmtpMailSender(new(new Uri($"smtp://{listener.LocalEndpoint}"), new MailAddress("no-reply@blog.test")), TimeProvider.System);

        (await Should.ThrowAsync<MailRefusedException>(() => sender.SendAsync(Mail(), Cancel))).EnhancedCode.ShouldBe("5.1.1");
        await serving;
    }
}
