using System.Globalization;
using System.Text;

namespace Blog.ServiceDefaults.Text;

/// <summary>The part of an address that names an article or a list among its author's, or a topic: words in lower case joined by hyphens, in any script.</summary>
public static class Slug
{
    /// <summary>The longest slug, in UTF-16 code units: one made here, and one that somebody chose.</summary>
    public const int MaxLength = 80, MaxChosen = 200;

    // Letters that Unicode does not decompose into a base letter and a mark.
    static readonly Dictionary<int, string> Latin = new()
    {
        ['ß'] = "ss", ['ẞ'] = "ss", ['æ'] = "ae", ['Æ'] = "ae", ['œ'] = "oe", ['Œ'] = "oe", ['ø'] = "o", ['Ø'] = "o", ['đ'] = "d", ['Đ'] = "d", ['ð'] = "d", ['Ð'] = "d",
        ['þ'] = "th", ['Þ'] = "th", ['ł'] = "l", ['Ł'] = "l", ['ı'] = "i", ['&'] = " and ",
    };

    /// <summary>
    /// A slug made from a title. Latin letters lose their marks, other scripts stay as they are (addresses carry them percent-encoded,
    /// browsers show them). Empty when the text has no letter or digit.
    /// </summary>
    public static string From(string text)
    {
        var folded = new StringBuilder(text.Length);
        var afterLatin = false;
        foreach (var rune in Normalizable.Characters(text).Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (IsMark(rune) && afterLatin)
                continue;
            afterLatin = rune.Value < 0x250 && Rune.IsLetter(rune) || Latin.ContainsKey(rune.Value);
            folded.Append(Latin.TryGetValue(rune.Value, out var letters) ? letters : rune.ToString());
        }
        return Cut(Hyphenated(folded.ToString()));
    }

    /// <summary>A slug that somebody chose, or that an article had elsewhere: its letters stay, since links to it exist.</summary>
    public static string Chosen(string text) => Hyphenated(text) is { Length: <= MaxChosen } slug ? slug : Cut(Hyphenated(text));

    /// <summary>The form in which ids are written: lower case letters, marks and digits of any script, words joined by one hyphen.</summary>
    public static string Name(string text, int maxLength = MaxLength)
    {
        var name = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in Normalizable.Characters(text).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (name.Length >= maxLength)
                break;
            // A mark belongs to the letter before it; alone (as after an emoji) it is nothing.
            if (Rune.IsLetterOrDigit(rune) || IsMark(rune) && name.Length > 0 && name[^1] != '-')
                name.Append(Rune.ToLowerInvariant(rune).ToString());
            else if ((Rune.IsWhiteSpace(rune) || rune.Value is '-' or '_' or '–' or '—') && name.Length > 0 && name[^1] != '-')
                name.Append('-');
        }
        return name.ToString().TrimEnd('-');
    }

    // "don't" is one word, "rust/wasm", "1.88" and "a:b" are two.
    static string Hyphenated(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is not ('\'' or '’' or '‘'))
                words.Append(IsMark(rune) || Rune.IsLetterOrDigit(rune) ? rune.ToString() : "-");
        }
        return Name(words.ToString(), 4 * MaxLength);
    }

    static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>The slug of a topic's name. "C++" and "C#" are different topics.</summary>
    public static string FromTopic(string name) =>
        From(name.Replace("++", "pp", StringComparison.Ordinal).Replace("#", "-sharp-", StringComparison.Ordinal).Replace("+", "-plus-", StringComparison.Ordinal));

    /// <summary>The n-th slug to try for a base: base, base-2, base-3.</summary>
    public static string Numbered(string slug, int n) => n == 1 ? slug : string.Create(CultureInfo.InvariantCulture, $"{slug}-{n}");

    /// <summary>Whether a slug is the base or one of its numbered forms.</summary>
    public static bool IsFormOf(string slug, string @base) =>
        slug == @base || slug.StartsWith(@base + "-", StringComparison.Ordinal) && slug.AsSpan(@base.Length + 1) is { Length: > 0 and < 6 } rest && !rest.ContainsAnyExceptInRange('0', '9');

    static string Cut(string slug)
    {
        if (slug.Length <= MaxLength)
            return slug;
        var end = slug.LastIndexOf('-', MaxLength);
        if (end < MaxLength / 2)
            end = char.IsLowSurrogate(slug[MaxLength]) ? MaxLength - 1 : MaxLength;
        return slug[..end];
    }
}
