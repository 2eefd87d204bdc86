using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;

namespace Blog.ServiceDefaults.Mail;

/// <summary>An e-mail address as people type it. Whether it exists only a message can tell.</summary>
public static class EmailAddress
{
    /// <summary>RFC 5321 §4.5.3.1.3, without the angle brackets.</summary>
    public const int MaxLength = 254;

    /// <summary>Without the white space around it; empty for null.</summary>
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

    /// <summary>By which an address is recognised where it need not be readable: SHA-256 of its upper-case form.</summary>
    public static byte[] Hash(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(email.ToUpperInvariant()));

    /// <summary>Enough for its owner to know it, too little for anybody else: <c>m…@example.org</c>.</summary>
    public static string Masked(string email) => email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? $"{email[..1]}…{email[at..]}" : "…";
}
