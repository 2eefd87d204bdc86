using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

sealed class SentModel : PageModel
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public string? Email => TempData.Peek("email") as string;

    public void OnGet() => ReturnUrl = ReturnAddress.Keep(ReturnUrl);
}
