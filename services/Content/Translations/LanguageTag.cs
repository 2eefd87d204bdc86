using System.Text.RegularExpressions;

namespace Blog.Content.Translations;

/// <summary>Tags of languages as in BCP 47 (RFC 5646): pt-BR, zh-Hant, sr-Latn.</summary>
static partial class LanguageTag
{
    const int MaxLength = 35;

    /// <summary>Has the form of a language tag (RFC 5646 §2.1, without tags that are private or grandfathered as a whole).</summary>
    public static bool IsWellFormed(string tag) => tag.Length <= MaxLength && Form().IsMatch(tag);

    /// <summary>Written as is usual (RFC 5646 §2.1.1): script with a capital, region in capitals, the rest small. What has not the form of a tag is no language, and empty.</summary>
    public static string Canonical(string tag)
    {
        if (!IsWellFormed(tag))
            return "";
        var subtags = tag.ToLowerInvariant().Split('-');
        for (var at = 1; at < subtags.Length && subtags[at].Length > 1; at++)
            subtags[at] = subtags[at] switch
            {
                { Length: 2 } region => region.ToUpperInvariant(),
                { Length: 4 } script when char.IsAsciiLetter(script[0]) => char.ToUpperInvariant(script[0]) + script[1..],
                var other => other,
            };
        return string.Join('-', subtags);
    }

    public static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
