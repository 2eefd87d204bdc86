using Microsoft.AspNetCore.Identity;

namespace Blog.Identity.Accounts;

/// <summary>
/// Length instead of classes of characters, and nothing that is guessed first (NIST SP 800-63B §5.1.1.2). The classes that
/// ASP.NET Core Identity asks for are switched off.
/// </summary>
sealed class PasswordRules : IPasswordValidator<Account>
{
    public const int MinLength = 10, MaxLength = 200;

    /// <summary>Said before anybody types.</summary>
    public const string Hint = "At least 10 characters. A few words in a row are easy to keep and hard to guess.";

    // The long ones among the most used passwords; short ones fail by length.
    static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "1234567890", "0123456789", "12345678910", "123456789a", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "abcdefghij", "asdfghjkl1", "asdfghjkl;", "qwertyuiop",
        "qwerty123456", "qwerty12345", "password12", "password123", "password1234", "passw0rd123", "p@ssw0rd123", "iloveyou12", "iloveyou123", "letmein123", "welcome123", "welcome1234",
        "administrator", "admin12345", "football123", "baseball123", "sunshine123", "princess123", "superman123", "changeme123", "0987654321", "9876543210", "1111111111", "aaaaaaaaaa",
        "correcthorsebatterystaple", "correct horse battery staple", "zxcvbnm123", "q1w2e3r4t5", "trustno1trustno1", "passwordpassword", "mynameisjohn", "thisisapassword",
    };

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(Problem(password ?? "", user.Email ?? "") is { } problem
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = problem })
            : IdentityResult.Success);

    /// <summary>What is wrong, in words for the person; null when nothing is.</summary>
    public static string? Problem(string password, string email) => password switch
    {
        "" => "Choose a password.",
        { Length: < MinLength } => $"Use at least {MinLength} characters; this has {password.Length}.",
        { Length: > MaxLength } => $"Use at most {MaxLength} characters.",
        _ when Common.Contains(password) || password.Distinct().Count() < 4 => "This is one of the first passwords that someone would try. Choose another.",
        _ when email != "" && (password.Equals(email, StringComparison.OrdinalIgnoreCase) || password.Equals(email.Split('@')[0], StringComparison.OrdinalIgnoreCase))
            => "Your e-mail address is too easy to guess as a password. Choose another.",
        _ => null,
    };
}
