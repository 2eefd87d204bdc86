namespace Blog.Content.Text;

/// <summary>Addresses that are paragraphs of their own, each in the one form by which its card is known.</summary>
public static class LinkAddress
{
    /// <summary>Characters, all of them ASCII.</summary>
    public const int Longest = 2_000;

    /// <summary>Cards that one article may show; further addresses stay links.</summary>
    public const int MostInArticle = 100;

    /// <summary>An absolute web address with its host in punycode and everything else percent-encoded; null: it is none, or has a password in it.</summary>
    public static string? Of(string? text)
    {
        if (!Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0 || uri.IdnHost.Length == 0)
            return null;
        var address = new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
        return address.Length <= Longest ? address : null;
    }

    /// <summary>The addresses that stand alone in a line of a text: more than those that stand alone in a paragraph, but none less.</summary>
    public static IReadOnlySet<string> CandidatesIn(string markdown)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var each in markdown.AsSpan().EnumerateLines())
        {
            var line = each.Trim();
            if (line is ['<', .. var inner, '>'])
                line = inner;
            if (line.Length > 8 && line.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !line.ContainsAny(" \t<>") && Of(line.ToString()) is { } address && found.Add(address) && found.Count == MostInArticle)
                break;
        }
        return found;
    }
}
