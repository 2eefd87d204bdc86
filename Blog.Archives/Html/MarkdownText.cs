using System.Text;
using System.Text.RegularExpressions;

namespace Blog.Archives.Html;

/// <summary>Text and addresses as Markdown that means just them.</summary>
static partial class MarkdownText
{
    /// <summary>Words that Markdown would read as markup are escaped; line starts are <see cref="LineStart"/>'s.</summary>
    public static string Escaped(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            var isMarkup = c switch
            {
                '\\' or '`' or '*' or '[' or ']' or '<' or '$' or '|' => true,
                '_' => !(at > 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1])),
                '~' => at + 1 < text.Length && text[at + 1] == '~' || at > 0 && text[at - 1] == '~',
                '&' => Entity().IsMatch(text.AsSpan(at, Math.Min(40, text.Length - at))),
                _ => false,
            };
            if (isMarkup) result.Append('\\');
            result.Append(c);
        }
        return result.ToString();
    }

    /// <summary>Escapes what would begin a heading, list, quote or rule where a line begins with it.</summary>
    public static string LineStart(string line)
    {
        if (line.Length == 0) return line;
        if (Number().Match(line) is { Success: true } number) return string.Concat(line.AsSpan(0, number.Groups[1].Length), "\\", line.AsSpan(number.Groups[1].Length));
        return line[0] is '#' or '>' or '=' or '~' or ':' || line[0] is '-' or '+' && (line.Length == 1 || line[1] is ' ' or '\t' || line[0] == '-' && line[1] == '-') ? "\\" + line : line;
    }

    /// <summary>A code span whose fence is longer than what is in it.</summary>
    public static string Code(string text)
    {
        text = text.ReplaceLineEndings(" ");
        if (text.Length == 0) return "";
        var fence = new string('`', LongestRun(text, '`') + 1);
        var space = text[0] == '`' || text[^1] == '`' || text[0] == ' ' && text[^1] == ' ' && text.Trim().Length > 0 ? " " : "";
        return $"{fence}{space}{text}{space}{fence}";
    }

    /// <summary>A fenced block, with the language when there is one.</summary>
    public static string Fenced(string text, string language)
    {
        var fence = new string('`', Math.Max(3, LongestRun(text, '`') + 1));
        return $"{fence}{language}\n{text.ReplaceLineEndings("\n").Trim('\n')}\n{fence}";
    }

    /// <summary>TeX in a line; as code where its own signs would end it.</summary>
    public static string Formula(string tex, bool isDisplayed)
    {
        var line = Collapsed(tex);
        var sign = isDisplayed ? "$$" : "$";
        return line.Length == 0 ? "" : line.Contains('$', StringComparison.Ordinal) ? Code(line) : $"{sign}{line}{sign}";
    }

    /// <summary>TeX on lines of its own.</summary>
    public static string DisplayedFormula(string tex) =>
        tex.Contains("$$", StringComparison.Ordinal) ? Fenced(tex, "math") : $"$$\n{string.Join('\n', tex.ReplaceLineEndings("\n").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))}\n$$";

    /// <summary>A link's or a picture's address.</summary>
    public static string Destination(string address)
    {
        var clean = new StringBuilder(address.Length);
        foreach (var c in address.Trim())
            clean.Append(c switch { '<' => "%3C", '>' => "%3E", '\\' => "%5C", '\n' or '\r' or '\t' => "", ' ' => "%20", _ when char.IsControl(c) => "", _ => c.ToString() });
        var whole = clean.ToString();
        return whole.Length == 0 || whole.AsSpan().ContainsAny('(', ')') ? $"<{whole}>" : whole;
    }

    /// <summary>The title of a link or picture, with the space before it; empty when there is none.</summary>
    public static string Title(string? title) =>
        string.IsNullOrWhiteSpace(title) ? "" : $" \"{Collapsed(title).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Single spaces, none at the ends. A no-break space is kept.</summary>
    public static string Collapsed(string text) => Blanks().Replace(text, " ").Trim(' ');

    static int LongestRun(string text, char of)
    {
        int longest = 0, run = 0;
        foreach (var c in text) longest = Math.Max(longest, run = c == of ? run + 1 : 0);
        return longest;
    }

    [GeneratedRegex(@"\A&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")]
    private static partial Regex Entity();

    [GeneratedRegex(@"\A([0-9]{1,9})[.)](?:\s|\z)")]
    private static partial Regex Number();

    [GeneratedRegex("[ \t\r\n\f]+")]
    private static partial Regex Blanks();
}
