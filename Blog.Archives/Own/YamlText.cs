using System.Globalization;
using System.Text;

namespace Blog.Archives.Own;

/// <summary>Text between double quotes as YAML has it (YAML 1.2 section 5.7), readable in any script.</summary>
static class YamlText
{
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var rune in text.EnumerateRunes())
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                // Joiners are part of words and of emoji.
                0x200C or 0x200D => rune.ToString(),
                // Controls, separators and what nobody sees: said by number.
                _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
                    => rune.Value > 0xFFFF ? string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}") : string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => rune.ToString(),
            });
        return quoted.Append('"').ToString();
    }

    public static string Listed(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";
}
