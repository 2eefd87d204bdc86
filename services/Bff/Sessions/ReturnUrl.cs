namespace Blog.Bff.Sessions;

/// <summary>Where to go after signing in: a place on this site and nowhere else.</summary>
static class ReturnUrl
{
    const int MaxLength = 2000;

    /// <summary>The address itself when it is a local path, otherwise the front page.</summary>
    public static string Local(string? address) => IsLocal(address) ? address! : "/";

    static bool IsLocal(string? address)
    {
        // "//host", "/\host" and what browsers make of control characters are other people's sites.
        if (address is not ['/', ..] || address.Length > MaxLength || address.Any(c => c is '\\' || char.IsControl(c))) return false;
        if (address is ['/', '/', ..]) return false;
        // Signing in again at the end of signing in would not end.
        if (address.StartsWith("/bff/", StringComparison.OrdinalIgnoreCase)) return false;
        return Uri.TryCreate(new Uri("http://site.invalid"), address, out var whole) && whole.Host == "site.invalid";
    }
}
