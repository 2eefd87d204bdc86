using System.Globalization;
using System.Text;

namespace Blog.Search.Words;

/// <summary>
/// The form in which words are compared: compatibility forms unified (NFKC), lower case, and without the marks that people leave out when they type: accents of Latin, Greek and Cyrillic,
/// vowel signs of Arabic and Hebrew. Marks of other scripts are letters to their readers (Devanagari vowels, Thai tones, kana voicing) and stay.
/// </summary>
static class Folding
{
    // Letters that Unicode does not decompose, or that are written one for another.
    static readonly Dictionary<int, string> Letters = new()
    {
        ['ß'] = "ss", ['ẞ'] = "ss", ['æ'] = "ae", ['Æ'] = "ae", ['œ'] = "oe", ['Œ'] = "oe", ['ø'] = "o", ['Ø'] = "o", ['đ'] = "d", ['Đ'] = "d", ['ð'] = "d", ['Ð'] = "d",
        ['þ'] = "th", ['Þ'] = "th", ['ł'] = "l", ['Ł'] = "l", ['ħ'] = "h", ['Ħ'] = "h", ['ı'] = "i", ['ς'] = "σ",
        // Arabic: alef wasla, alef maqsura, ta marbuta, the Persian forms of kaf and ya, and the line that stretches a word.
        ['\u0671'] = "\u0627", ['\u0649'] = "\u064A", ['\u0629'] = "\u0647", ['\u06A9'] = "\u0643", ['\u06CC'] = "\u064A", ['\u0640'] = "",
        // What is not seen: soft hyphen, joiners.
        ['\u00AD'] = "", ['\u200B'] = "", ['\u200C'] = "", ['\u200D'] = "",
    };

    public static string Fold(ReadOnlySpan<char> word)
    {
        word = Whole(word);
        if (Ascii.IsValid(word))
            return string.Create(word.Length, word, static (folded, source) => Ascii.ToLower(source, folded, out _));
        var folded = new StringBuilder(word.Length + 4);
        var stripped = false;
        foreach (var rune in word.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark)
            {
                if (!stripped)
                    folded.Append(rune.ToString());
                continue;
            }
            stripped = LosesMarks(rune.Value);
            if (Letters.TryGetValue(rune.Value, out var letters))
                folded.Append(letters);
            else if (category is UnicodeCategory.DecimalDigitNumber)
                folded.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
        }
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    // A word that was cut may end in half a sign.
    static ReadOnlySpan<char> Whole(ReadOnlySpan<char> word) => word.Length > 0 && char.IsHighSurrogate(word[^1]) ? word[..^1] : word;

    // Latin, Greek, Cyrillic, Hebrew, Arabic.
    static bool LosesMarks(int rune) => rune is < 0x0600 or (>= 0x0600 and < 0x0780) or (>= 0x08A0 and < 0x0900) or (>= 0x1E00 and < 0x2000) or (>= 0x2C60 and < 0x2C80) or (>= 0xA720 and < 0xA800);

    /// <summary>As the word is written in its language, in lower case: what a stemmer expects.</summary>
    public static string Lower(ReadOnlySpan<char> word, string language)
    {
        word = Whole(word);
        if (language is not ("tr" or "az"))
            return Ascii.IsValid(word) ? Fold(word) : word.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        return word.ToString().Normalize(NormalizationForm.FormKC).Replace('I', 'ı').Replace('İ', 'i').ToLowerInvariant();
    }
}
