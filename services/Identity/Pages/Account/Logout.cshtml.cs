using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

sealed class LogoutModel(SignInManager<Accounts.Account> sessions, IIdentityServerInteractionService interaction) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? LogoutId { get; set; }

    public bool IsSignedOut { get; private set; }

    /// <summary>Signs out without a question when a client vouches for the person (id_token_hint); any other site could link here.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var request = await interaction.GetLogoutContextAsync(LogoutId, cancel);
        return request.ShowSignoutPrompt && User.Identity is { IsAuthenticated: true } ? Page() : await OnPostAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var request = await interaction.GetLogoutContextAsync(LogoutId, cancel);
        await sessions.SignOutAsync();
        if (request.PostLogoutRedirectUri is { } next)
            return Redirect(next);
        IsSignedOut = true;
        return Page();
    }
}
