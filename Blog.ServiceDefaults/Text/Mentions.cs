using System.Text.RegularExpressions;

namespace Blog.ServiceDefaults.Text;

/// <summary>People named in a text by @handle.</summary>
public static partial class Mentions
{
    /// <summary>One place in a text that looks as if it named somebody.</summary>
    /// <param name="Index">Of the @.</param>
    /// <param name="Length">With the @.</param>
    /// <param name="Handle">Without the @, in lower case.</param>
    public readonly record struct Mention(int Index, int Length, string Handle);

    // An address of mail or of a page names nobody.
    [GeneratedRegex(@"(?<![\w@/.-])@([a-z0-9]+(?:[-_][a-z0-9]+)*)(?![\w@])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    /// <summary>All of them, in order; whether anybody has the handle is another question.</summary>
    public static IEnumerable<Mention> In(string text) =>
        Form.Matches(text).Select(match => new Mention(match.Index, match.Length, match.Groups[1].Value.ToLowerInvariant()));
}
