using Blog.Identity.Accounts;
using Blog.ServiceDefaults.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

sealed class ForgotModel(ForgotPassword forgot) : PageModel
{
    [BindProperty] public string? Email { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public string? SentTo { get; private set; }

    public void OnGet() => SentTo = TempData["resetFor"] as string;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var email = EmailAddress.Normalize(Email);
        if (EmailAddress.Problem(email) is { } problem)
        {
            ModelState.AddModelError("email", problem);
            return Page();
        }
        await forgot.RunAsync(email, ReturnAddress.Keep(ReturnUrl), cancel);
        TempData["resetFor"] = email;
        return RedirectToPage(new { ReturnUrl = ReturnAddress.Keep(ReturnUrl) });
    }
}
