using Blog.Identity.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

sealed class ResetModel(ResetPassword reset) : PageModel
{
    [BindProperty(SupportsGet = true)] public Guid Account { get; set; }
    [BindProperty(SupportsGet = true)] public string? Code { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }
    [BindProperty] public string? Password { get; set; }

    public bool LinkIsDead { get; private set; }

    public void OnGet() => LinkIsDead = Account == Guid.Empty || string.IsNullOrEmpty(Code);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var (outcome, problem) = await reset.RunAsync(Account, Code, Password ?? "", cancel);
        switch (outcome)
        {
            case ResetPassword.Outcome.Done:
                return RedirectToPage("/Account/Login", new { ReturnUrl = ReturnAddress.Keep(ReturnUrl), notice = "reset" });
            case ResetPassword.Outcome.WrongPassword:
                ModelState.AddModelError("password", problem!);
                return Page();
            default:
                LinkIsDead = true;
                return Page();
        }
    }
}
