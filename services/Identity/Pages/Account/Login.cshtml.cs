using System.Globalization;
using Blog.Identity.Accounts;
using Duende.IdentityServer.Services;
using Blog.ServiceDefaults.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

sealed class LoginModel(SignIn signIn, IIdentityServerInteractionService interaction, TimeProvider time) : PageModel
{
    [BindProperty] public string? Email { get; set; }
    [BindProperty] public string? Password { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public (string Kind, string Title, string Text)? Notice { get; private set; }
    public bool IsTrouble => Notice is { Kind: not "ok" };
    public bool IsUnconfirmed { get; private set; }

    public async Task OnGetAsync(string? notice, CancellationToken cancel)
    {
        var request = await interaction.GetAuthorizationContextAsync(ReturnUrl, cancel);
        Email = request?.LoginHint;
        Notice = notice switch
        {
            "confirmed" => ("ok", "Your address is confirmed", "Sign in and you are ready to write."),
            "reset" => ("ok", "Your password is changed", "Every device was signed out. Sign in with the new one."),
            _ => null,
        };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var email = EmailAddress.Normalize(Email);
        if (email == "")
            ModelState.AddModelError("email", "Enter your e-mail address.");
        if (string.IsNullOrEmpty(Password))
            ModelState.AddModelError("password", "Enter your password.");
        if (!ModelState.IsValid)
            return Page();

        switch (await signIn.RunAsync(email, Password!, cancel))
        {
            case SignInOutcome.Done:
                return Redirect(ReturnAddress.From(ReturnUrl));
            case SignInOutcome.Locked(var until):
                var minutes = Math.Max(1, (int)Math.Ceiling((until - time.GetUtcNow()).TotalMinutes));
                Notice = ("danger", "Too many wrong passwords", string.Create(CultureInfo.InvariantCulture,
                    $"Signing in with this address is locked. Try again in {minutes} {(minutes == 1 ? "minute" : "minutes")}, after {until.UtcDateTime:HH:mm} UTC, or reset the password now."));
                return Page();
            case SignInOutcome.Unconfirmed:
                IsUnconfirmed = true;
                Notice = ("warn", "Confirm your address first", "We sent you a message with a link. Nothing there? Look among unwanted mail, or have it sent again.");
                return Page();
            default:
                ModelState.AddModelError("password", "That e-mail and password do not go together. Try again, or reset the password.");
                return Page();
        }
    }
}
