using Blog.Identity.Accounts;
using Blog.ServiceDefaults.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

sealed class SignUpModel(SignUp signUp) : PageModel
{
    [BindProperty] public string? Email { get; set; }
    [BindProperty] public string? Password { get; set; }
    [BindProperty] public string? Handle { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var request = new SignUpRequest(EmailAddress.Normalize(Email), Password ?? "", Handle?.Trim() ?? "", Name?.Trim() ?? "", ReturnAddress.Keep(ReturnUrl));
        var errors = await signUp.RunAsync(request, cancel);
        if (errors.Count == 0)
        {
            TempData["email"] = request.Email;
            return RedirectToPage("/Account/Sent", new { request.ReturnUrl });
        }
        foreach (var error in errors)
            ModelState.AddModelError(error.Field, error.Message);
        return Page();
    }
}
