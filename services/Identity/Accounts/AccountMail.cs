using System.Text;
using Blog.Identity.Data;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace Blog.Identity.Accounts;

/// <summary>The messages about an account. Each is added to the outbox; it goes out when the caller saves its changes and wakes the relay.</summary>
sealed class AccountMail(AccountsDbContext db, UserManager<Account> accounts, IConfiguration configuration, TimeProvider time, MailSignal signal)
{
    public async Task AddConfirmationAsync(Account account, string? returnUrl)
    {
        var code = await accounts.GenerateEmailConfirmationTokenAsync(account);
        db.Mail.Add(Compose(account.Email!, "Confirm your e-mail address",
            "Welcome to Blog. One step is left: confirm that this address is yours, then sign in and start to write.",
            ("Confirm my address", Link("/account/confirm", account, code, returnUrl)),
            "The link works for one day. If you did not sign up, ignore this message: nothing happens."));
    }

    /// <summary>Instead of a confirmation, so that a sign-up form tells nobody who has an account.</summary>
    public void AddAlreadyRegistered(string email) =>
        db.Mail.Add(Compose(email, "You already have an account",
            "Someone, probably you, signed up with this address. It has an account already, so nothing was changed.",
            ("Sign in", configuration.PublicOrigin() + "/bff/login?returnUrl=%2F"),
            $"If you forgot the password, choose a new one at {configuration.PublicOrigin()}/account/forgot. If it was not you, ignore this message."));

    public async Task AddResetAsync(Account account, string? returnUrl)
    {
        var code = await accounts.GeneratePasswordResetTokenAsync(account);
        db.Mail.Add(Compose(account.Email!, "Choose a new password",
            "Someone, probably you, asked for a new password for this account.",
            ("Choose a new password", Link("/account/reset", account, code, returnUrl)),
            "The link works for one day and once. If it was not you, ignore this message: your password stays as it is."));
    }

    public void AddPasswordChanged(Account account) =>
        db.Mail.Add(Compose(account.Email!, "Your password was changed",
            "The password of your account was changed just now, and every device was signed out.", null,
            $"If it was not you, choose a new one at {configuration.PublicOrigin()}/account/forgot."));

    /// <summary>Call after the transaction is committed.</summary>
    public void WakeRelay() => signal.Wake();

    /// <summary>A message of one thought: what happened, one link to follow, what to do when it was not you.</summary>
    QueuedMail Compose(string recipient, string subject, string opening, (string Label, string Url)? action, string closing)
    {
        var now = time.GetUtcNow();
        var body = new MailBody().Heading(subject).Paragraph(opening);
        if (action is var (label, url)) body.Button(label, url, spellOut: true);
        return QueuedMail.Create(Guid.CreateVersion7(now), recipient, subject, body.Foot(closing), configuration.PublicOrigin(), now);
    }

    string Link(string path, Account account, string code, string? returnUrl) => QueryHelpers.AddQueryString(configuration.PublicOrigin() + path, new Dictionary<string, string?>
    {
        ["account"] = account.Id.ToString(),
        ["code"] = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(code)),
        ["returnUrl"] = returnUrl,
    });

    /// <summary>The code as it was made, from a link; empty when it is damaged.</summary>
    public static string Decode(string? code)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(code ?? ""));
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
