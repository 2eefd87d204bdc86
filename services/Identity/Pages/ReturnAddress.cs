namespace Blog.Identity.Pages;

/// <summary>Where people go on to. Only paths of this site: anything else would make the sign-in page a springboard to foreign ones.</summary>
static class ReturnAddress
{
    /// <summary>Begins a session at the BFF, which needs no new sign-in then, and shows the home page.</summary>
    public const string Home = "/bff/login?returnUrl=%2F";

    public static string From(string? returnUrl) => IsLocal(returnUrl) ? returnUrl! : Home;

    /// <summary>For links and hidden fields: the address when it is one to go on to, or nothing.</summary>
    public static string? Keep(string? returnUrl) => IsLocal(returnUrl) ? returnUrl : null;

    static bool IsLocal(string? url) => url is ['/', ..] and not ['/', '/' or '\\', ..] && url.Length <= 4000 && !url.Any(char.IsControl) && !url.Contains('\\');
}
