namespace Blog.ServiceDefaults.Text;

/// <summary>Addresses of a former site in one form each, so that what leads to the same page compares equal.</summary>
public static class FormerAddress
{
    /// <summary>The longest path that is kept, in characters.</summary>
    public const int LongestPath = 500;

    /// <summary>
    /// The path without its last slash and in readable form, in front of it nothing; of the query only WordPress's <c>?p=12</c> is part of it. Empty for the home page
    /// and for what is no address.
    /// </summary>
    public static string PathOf(string address)
    {
        if (address.StartsWith("//", StringComparison.Ordinal) || !(address.StartsWith('/') ? Uri.TryCreate("http://former.invalid" + address, UriKind.Absolute, out var uri) : Uri.TryCreate(address, UriKind.Absolute, out uri)) || uri.Scheme is not ("http" or "https")) return "";
        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimEnd('/');
        foreach (var ending in (string[])["/index.html", "/index.htm", "/index.php"])
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) path = path[..^ending.Length];
        if (uri.Query.StartsWith("?p=", StringComparison.Ordinal) && uri.Query.Length is > 3 and < 23 && uri.Query.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0) path = (path.Length > 0 ? path : "/") + uri.Query;
        return path.Length > LongestPath || path.Any(char.IsControl) ? "" : path;
    }

    /// <summary>Host (without <c>www.</c>) and path; the path alone when the address names no host.</summary>
    public static string Key(string address)
    {
        var path = PathOf(address);
        if (address.StartsWith('/') || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return path;
        return (uri.Authority.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? uri.Authority[4..] : uri.Authority).ToLowerInvariant() + path;
    }
}
