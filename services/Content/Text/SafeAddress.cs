using System.Text;

namespace Blog.Content.Text;

/// <summary>Which addresses may stand in an article. The allow-list is over schemes as a browser reads them (WHATWG URL, basic parser).</summary>
public static class SafeAddress
{
    const int LongestAddress = 4096;
    static readonly HashSet<string> LinkSchemes = new(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto", "tel" };

    /// <summary>The address to write into href, or null when it must not be a link.</summary>
    public static string? ForLink(string? raw)
    {
        if (raw is null || Cleaned(raw) is not { } address)
            return null;
        return Scheme(address) switch
        {
            "" => address,
            { } scheme when LinkSchemes.Contains(scheme) => address,
            _ => null,
        };
    }

    /// <summary>True when the address leaves the site.</summary>
    public static bool IsExternal(string address) =>
        Scheme(address) is not "" || (address.Length > 1 && address[0] is '/' or '\\' && address[1] is '/' or '\\');

    /// <summary>The media id when the address is /media/{id}, with or without query and fragment.</summary>
    public static Guid? MediaId(string address)
    {
        const string prefix = "/media/";
        if (!address.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var rest = address.AsSpan(prefix.Length);
        var end = rest.IndexOfAny('?', '#');
        return Guid.TryParseExact(end < 0 ? rest : rest[..end], "D", out var id) ? id : null;
    }

    // A browser drops tabs and line ends anywhere and trims C0 controls and spaces, so "java\tscript:" is a scheme to it.
    static string? Cleaned(string raw)
    {
        var text = new StringBuilder(raw.Length);
        foreach (var c in raw)
        {
            if (c is '\t' or '\n' or '\r')
                continue;
            text.Append(c);
        }
        var address = text.ToString().Trim([.. Enumerable.Range(0, 33).Select(i => (char)i)]);
        return address.Length > LongestAddress || address.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsPaired(address)) ? null : address;
    }

    static bool IsPaired(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    // "" without a scheme, null when something stands before a colon that is not a scheme.
    static string? Scheme(string address)
    {
        var end = address.AsSpan().IndexOfAny(":/?#\\");
        if (end < 0 || address[end] != ':')
            return "";
        var scheme = address[..end];
        return scheme.Length > 0 && char.IsAsciiLetter(scheme[0]) && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') ? scheme : null;
    }
}
