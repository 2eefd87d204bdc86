using Microsoft.AspNetCore.Identity;

namespace Blog.Identity.Accounts;

/// <summary>What came of an attempt to sign in.</summary>
abstract record SignInOutcome
{
    public sealed record Done : SignInOutcome;

    /// <summary>Also the answer when nobody has the address.</summary>
    public sealed record Wrong : SignInOutcome;

    public sealed record Locked(DateTimeOffset Until) : SignInOutcome;

    /// <summary>The password was right, the address is not confirmed yet.</summary>
    public sealed record Unconfirmed : SignInOutcome;
}

/// <summary>Sign-in by e-mail and password.</summary>
sealed class SignIn(UserManager<Account> accounts, SignInManager<Account> sessions, SignInLock signInLock)
{
    // Verified for an address that nobody has, so that the answer takes as long as for one that somebody has.
    static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(new Account(), Guid.NewGuid().ToString());

    public async Task<SignInOutcome> RunAsync(string email, string password, CancellationToken cancel)
    {
        if (!await signInLock.TryCountAsync(email, cancel))
            return new SignInOutcome.Locked((await signInLock.LockedUntilAsync(email, cancel))!.Value);

        var account = await accounts.FindByEmailAsync(email);
        if (account is null)
            accounts.PasswordHasher.VerifyHashedPassword(new Account(), NobodysHash, password);
        if (account is null || !await accounts.CheckPasswordAsync(account, password))
            return await signInLock.LockedUntilAsync(email, cancel) is { } until ? new SignInOutcome.Locked(until) : new SignInOutcome.Wrong();

        await signInLock.ClearAsync(email, cancel);
        if (!account.EmailConfirmed)
            return new SignInOutcome.Unconfirmed();
        await sessions.SignInAsync(account, isPersistent: false, authenticationMethod: "pwd");
        return new SignInOutcome.Done();
    }
}
