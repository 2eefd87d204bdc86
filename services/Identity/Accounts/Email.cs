using System.Net.Mail;

namespace Blog.Identity.Accounts;

/// <summary>An e-mail address as people type it. Whether it exists only a message can tell.</summary>
static class Email
{
    public const int MaxLength = 254; // RFC 5321 §4.5.3.1.3, without the angle brackets

    public static string Normalize(string? written) => (written ?? "").Trim();

    /// <summary>What is wrong, in words for the person; null when nothing is.</summary>
    public static string? Problem(string email) => email switch
    {
        "" => "Enter your e-mail address.",
        { Length: > MaxLength } => $"An e-mail address has at most {MaxLength} characters.",
        _ when !MailAddress.TryCreate(email, out var address) || address.Address != email || email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '"' or '<' or '>')
            => "This does not look like an e-mail address. It has the form name@example.org.",
        _ => null,
    };
}
