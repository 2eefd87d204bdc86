using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Blog.ServiceDefaults.Mail;

/// <summary>
/// A message as bytes for SMTP: RFC 5322 with MIME (RFC 2045 to 2047), text and HTML as alternatives in quoted-printable. Header values cannot break out of their line, whatever
/// they are made of: control characters become spaces.
/// </summary>
public static class MailFormat
{
    const int LongestLine = 76, EncodedWordBytes = 39;

    /// <summary>The whole message with CRLF line ends; no line begins with a dot.</summary>
    public static byte[] Write(OutgoingMail mail, MailAddress from)
    {
        var boundary = "=_" + mail.Id.Replace("-", "", StringComparison.Ordinal);
        var message = new StringBuilder(mail.TextBody.Length + mail.HtmlBody.Length + 2048);
        Header("From", $"{Phrase(mail.SenderName ?? from.DisplayName)} <{Address(from.Address)}>".TrimStart());
        Header("To", $"<{Address(mail.Recipient)}>");
        Header("Subject", Phrase(mail.Subject));
        Header("Date", mail.Date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header("Message-ID", $"<{OneLine(mail.Id)}@{from.Host}>");
        Header("Auto-Submitted", "auto-generated");
        if (mail.ListId is { } list) Header("List-Id", $"<{OneLine(list)}>");
        if (mail.UnsubscribeUrl is { } url)
        {
            Header("List-Unsubscribe", $"<{OneLine(url)}>");
            Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        Header("MIME-Version", "1.0");
        Header("Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        message.Append("\r\n");
        Part("text/plain", mail.TextBody);
        Part("text/html", mail.HtmlBody);
        message.Append("--").Append(boundary).Append("--\r\n");
        return Encoding.UTF8.GetBytes(message.ToString());

        void Header(string name, string value) => message.Append(name).Append(": ").Append(value).Append("\r\n");

        void Part(string type, string text)
        {
            message.Append("--").Append(boundary).Append("\r\nContent-Type: ").Append(type).Append("; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
            AppendQuotedPrintable(message, text);
            message.Append("\r\n");
        }
    }

    /// <summary>Free text of a header: as it is when it is plain ASCII, otherwise encoded words (RFC 2047).</summary>
    static string Phrase(string text)
    {
        text = OneLine(text);
        var isPlain = text.Length <= LongestLine - 12 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '!' or '?' or '\'');
        return isPlain ? text : Encoded(text);
    }

    static string Encoded(string text)
    {
        var words = new StringBuilder();
        var word = new List<byte>(EncodedWordBytes);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            if (word.Count + length > EncodedWordBytes) Flush();
            word.AddRange(bytes[..length]);
        }
        if (word.Count > 0) Flush();
        return words.ToString();

        void Flush()
        {
            if (words.Length > 0) words.Append("\r\n ");
            words.Append("=?utf-8?B?").Append(Convert.ToBase64String(word.ToArray())).Append("?=");
            word.Clear();
        }
    }

    /// <summary>One line, and no character that turns the direction of what follows it (Unicode Bidirectional Algorithm §2).</summary>
    static string OneLine(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')))
                clean.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        return clean.ToString().Trim();
    }

    static string Address(string address) => address.Any(c => char.IsControl(c) || c is '<' or '>' or ' ')
        ? throw new FormatException("An address holds neither spaces nor angle brackets.")
        : address;

    static void AppendQuotedPrintable(StringBuilder message, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
        var line = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            if (b == '\n')
            {
                message.Append("\r\n");
                line = 0;
                continue;
            }
            var endsLine = i + 1 == bytes.Length || bytes[i + 1] == '\n';
            var literal = b is >= 33 and <= 126 and not (byte)'=' || (b is (byte)' ' or (byte)'\t' && !endsLine);
            if (b == '.' && line == 0) literal = false;
            if (line + (literal ? 1 : 3) > LongestLine - 1)
            {
                message.Append("=\r\n");
                line = 0;
                if (b == '.') literal = false;
            }
            if (literal) message.Append((char)b);
            else message.Append(CultureInfo.InvariantCulture, $"={b:X2}");
            line += literal ? 1 : 3;
        }
    }
}
