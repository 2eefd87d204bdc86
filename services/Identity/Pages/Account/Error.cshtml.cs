using System.Diagnostics;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages.Account;

/// <summary>What went wrong: refused by the protocol (errorId), answered without a page (status), or failed. May stand for a form that was sent.</summary>
[IgnoreAntiforgeryToken]
sealed class ErrorModel(IIdentityServerInteractionService interaction) : PageModel
{
    public string Title { get; private set; } = "Something went wrong";
    public string Text { get; private set; } = "It is our fault, and it has been logged. Try again in a moment.";
    public string? Detail { get; private set; }
    public string Reference => Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    public async Task OnGetAsync(string? errorId, int? status, CancellationToken cancel)
    {
        if (await interaction.GetErrorContextAsync(errorId, cancel) is { } refusal)
        {
            (Title, Text) = ("That sign-in did not work", "The application that sent you here asked in a way that cannot be answered. Start again from the home page.");
            Detail = $"{refusal.Error}: {refusal.ErrorDescription}";
        }
        else if (status is StatusCodes.Status404NotFound)
            (Title, Text) = ("There is no such page", "The address may be mistyped, or the page is gone.");
        else if (status is StatusCodes.Status400BadRequest)
            (Title, Text) = ("This form has expired", "You may have signed in or out in another tab. Go back, load the page again and send it once more.");
    }

    public Task OnPostAsync(string? errorId, int? status, CancellationToken cancel) => OnGetAsync(errorId, status, cancel);
}
