namespace Blog.ServiceDefaults.Mail;

/// <summary>One message to one person, before it is written down for the wire.</summary>
/// <param name="Id">Left part of the Message-ID. The same on every attempt, so that whoever gets a second copy can tell.</param>
/// <param name="Recipient">The bare address.</param>
/// <param name="Subject">Any text; what would break a header or turn its direction is taken out.</param>
/// <param name="TextBody">For readers without HTML.</param>
/// <param name="HtmlBody">A whole document.</param>
/// <param name="Date">When it was written.</param>
public sealed record OutgoingMail(string Id, string Recipient, string Subject, string TextBody, string HtmlBody, DateTimeOffset Date)
{
    /// <summary>Name beside the address it is from; null: the one configured.</summary>
    public string? SenderName { get; init; }

    /// <summary>Where one POST unsubscribes (RFC 8058) and a person finds a page; null: there is nothing to unsubscribe from.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>Which list it belongs to (RFC 2919), without the angle brackets.</summary>
    public string? ListId { get; init; }
}

/// <summary>Hands one message to whatever carries mail.</summary>
public interface IMailSender
{
    /// <summary>Returns when the message was taken.</summary>
    /// <exception cref="MailRefusedException">It was not taken, and the server said why.</exception>
    /// <exception cref="IOException">It was not taken, or nobody knows: the connection broke. Trying again is right; the Message-ID is the same.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancel);
}

/// <summary>The mail server's refusal.</summary>
/// <param name="code">Reply code (RFC 5321 §4.2): 4xx for now, 5xx for good.</param>
/// <param name="enhancedCode">Such as 5.1.1 (RFC 3463), when the server sends them.</param>
/// <param name="ofRecipient">It was the recipient that was refused, not the sender or the text.</param>
public sealed class MailRefusedException(int code, string? enhancedCode, bool ofRecipient)
    : Exception($"The mail server refused {(ofRecipient ? "the recipient" : "the message")}: {code} {enhancedCode}")
{
    /// <summary>Reply code.</summary>
    public int Code => code;

    /// <summary>Enhanced code, or null.</summary>
    public string? EnhancedCode => enhancedCode;

    /// <summary>Another attempt with the same message is pointless.</summary>
    public bool IsPermanent => code >= 500;

    /// <summary>
    /// There is nobody at this address: a hard bounce. A full mailbox (5.2.2) or a policy (5.7.x) says nothing about the address.
    /// </summary>
    public bool IsHardBounce => ofRecipient && IsPermanent && MailStatus.IsHardBounce(code, enhancedCode);
}

/// <summary>What a status says about an address.</summary>
public static class MailStatus
{
    /// <summary>The address is dead: 5.1.x (bad destination) or 5.2.1 (disabled), RFC 3463; without one, 550, 551 and 553.</summary>
    public static bool IsHardBounce(int? code, string? enhancedCode) => enhancedCode is { Length: > 0 }
        ? enhancedCode.StartsWith("5.1.", StringComparison.Ordinal) || enhancedCode == "5.2.1"
        : code is 550 or 551 or 553;
}
