using Blog.Identity.Accounts;
using Blog.ServiceDefaults.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

sealed class ResendModel(ResendConfirmation resend) : PageModel
{
    [BindProperty] public string? Email { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }
    [BindProperty(SupportsGet = true)] public bool LinkIsDead { get; set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var email = EmailAddress.Normalize(Email);
        if (EmailAddress.Problem(email) is { } problem)
        {
            ModelState.AddModelError("email", problem);
            return Page();
        }
        await resend.RunAsync(email, ReturnAddress.Keep(ReturnUrl), cancel);
        TempData["email"] = email;
        return RedirectToPage("/Account/Sent", new { ReturnUrl = ReturnAddress.Keep(ReturnUrl) });
    }
}
