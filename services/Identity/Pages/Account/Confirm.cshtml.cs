using Blog.Identity.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

/// <summary>The link in the confirmation message. It signs nobody in: whoever reads the mail need not be who chose the password.</summary>
sealed class ConfirmModel(ConfirmEmail confirm) : PageModel
{
    public async Task<IActionResult> OnGetAsync(Guid account, string? code, string? returnUrl) => await confirm.RunAsync(account, code)
        ? RedirectToPage("/Account/Login", new { ReturnUrl = ReturnAddress.Keep(returnUrl), notice = "confirmed" })
        : RedirectToPage("/Account/Resend", new { ReturnUrl = ReturnAddress.Keep(returnUrl), LinkIsDead = true });
}
