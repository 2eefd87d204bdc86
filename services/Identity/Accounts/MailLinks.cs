using Blog.Identity.Data;
using Blog.Identity.Mail;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Identity;

namespace Blog.Identity.Accounts;

/// <summary>The link in the confirmation message.</summary>
sealed class ConfirmEmail(UserManager<Account> accounts)
{
    /// <summary>True when the address is confirmed, now or before.</summary>
    public async Task<bool> RunAsync(Guid accountId, string? code)
    {
        if (await accounts.FindByIdAsync(accountId.ToString()) is not { } account)
            return false;
        return account.EmailConfirmed || (await accounts.ConfirmEmailAsync(account, AccountMail.Decode(code))).Succeeded;
    }
}

/// <summary>Sends the confirmation again. Says nothing about whether there is such an account.</summary>
sealed class ResendConfirmation(UserManager<Account> accounts, AccountsDbContext db, AccountMail mail, MailLimit limit)
{
    public async Task RunAsync(string email, string? returnUrl, CancellationToken cancel)
    {
        if (!await limit.TryTakeAsync(email, cancel) || await accounts.FindByEmailAsync(email) is not { EmailConfirmed: false } account)
            return;
        await mail.AddConfirmationAsync(account, returnUrl);
        await db.SaveChangesAsync(cancel);
        mail.WakeRelay();
    }
}

/// <summary>Sends a link with which to choose a new password. Says nothing about whether there is such an account.</summary>
sealed class ForgotPassword(UserManager<Account> accounts, AccountsDbContext db, AccountMail mail, MailLimit limit)
{
    public async Task RunAsync(string email, string? returnUrl, CancellationToken cancel)
    {
        if (!await limit.TryTakeAsync(email, cancel) || await accounts.FindByEmailAsync(email) is not { } account)
            return;
        await mail.AddResetAsync(account, returnUrl);
        await db.SaveChangesAsync(cancel);
        mail.WakeRelay();
    }
}

/// <summary>A new password by the link from the message. Signs every device out, lifts a lock, and confirms the address, since the link came there.</summary>
sealed class ResetPassword(
    UserManager<Account> accounts, AccountMail mail, SignInLock signInLock, IPersistedGrantService grants, IBackChannelLogoutService backChannel)
{
    public enum Outcome { Done, WrongPassword, DeadLink }

    public async Task<(Outcome Outcome, string? Problem)> RunAsync(Guid accountId, string? code, string password, CancellationToken cancel)
    {
        if (await accounts.FindByIdAsync(accountId.ToString()) is not { } account)
            return (Outcome.DeadLink, null);
        if (PasswordRules.Problem(password, account.Email!) is { } problem)
            return (Outcome.WrongPassword, problem);

        account.EmailConfirmed = true;
        mail.AddPasswordChanged(account);
        var result = await accounts.ResetPasswordAsync(account, AccountMail.Decode(code), password);
        if (!result.Succeeded)
            return (Outcome.DeadLink, null);

        mail.WakeRelay();
        await signInLock.ClearAsync(account.Email!, cancel);
        await grants.RemoveAllGrantsAsync(account.Id.ToString(), null, null, cancel);
        // The BFF's sessions would otherwise go on until their access token expires.
        await backChannel.SendLogoutNotificationsAsync(new LogoutNotificationContext { SubjectId = account.Id.ToString(), ClientIds = ["bff"] }, cancel);
        return (Outcome.Done, null);
    }
}
