using System.Text;

namespace Blog.ServiceDefaults.Text;

/// <summary>Text as people and programs send it, fit for <see cref="string.Normalize(NormalizationForm)"/>.</summary>
public static class Normalizable
{
    /// <summary>
    /// The text without what is no character and what normalisation throws at: U+FFFE and U+FFFF (Unicode §23.7, "not intended for open interchange") go, a lone surrogate
    /// becomes U+FFFD (Unicode §3.9, "substitution of maximal subparts").
    /// </summary>
    public static string Characters(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uFFFF')) return text;
        var kept = new StringBuilder(text.Length);
        // Enumerating replaces lone surrogates.
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is not (0xFFFE or 0xFFFF)) kept.Append(rune.ToString());
        return kept.ToString();
    }
}
