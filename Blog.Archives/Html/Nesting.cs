using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;

namespace Blog.Archives.Html;

/// <summary>
/// How deep HTML nests, told before it is parsed: what a parser does for each element grows with those that are open, so a megabyte of opened tags takes minutes.
/// </summary>
static partial class Nesting
{
    const int Deepest = 5_000;

    // Elements without content, and those that end where the next begins (HTML, 13.1.2.4).
    static readonly FrozenSet<string> Uncounted = new[] { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "option", "optgroup", "rt", "rp" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it nests deeper than any text does.</summary>
    public static bool IsTooDeep(string html)
    {
        var depth = 0;
        foreach (var tag in Tag().EnumerateMatches(html))
        {
            var name = html.AsSpan(tag.Index + 1, tag.Length - 1);
            var isEnd = name[0] == '/';
            if (Uncounted.GetAlternateLookup<ReadOnlySpan<char>>().Contains(isEnd ? name[1..] : name)) continue;
            depth = isEnd ? Math.Max(0, depth - 1) : depth + 1;
            if (depth > Deepest) return true;
        }
        return false;
    }

    /// <summary>The words alone.</summary>
    public static string Words(string html) => WebUtility.HtmlDecode(Markup().Replace(html, " "));

    [GeneratedRegex("</?[A-Za-z][A-Za-z0-9-]*")]
    private static partial Regex Tag();

    [GeneratedRegex("<[^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Markup();
}
