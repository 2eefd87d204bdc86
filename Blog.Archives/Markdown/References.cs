using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Blog.Archives.Markdown;

/// <summary>An address in a Markdown text: where it stands and whether it shows a picture.</summary>
/// <param name="Start">First character.</param>
/// <param name="Length">Characters, without angle brackets or quotes.</param>
/// <param name="Address">As written.</param>
/// <param name="IsPicture">A picture; otherwise a link.</param>
public readonly record struct Reference(int Start, int Length, string Address, bool IsPicture);

/// <summary>
/// Finds the addresses of a Markdown text, in Markdown and in HTML within it, and replaces them without touching any
/// other character. What stands in code is left alone.
/// </summary>
public static partial class References
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePreciseSourceLocation().UsePipeTables().UseFootnotes().Build();

    /// <param name="markdown">The text.</param>
    /// <param name="absolute">Web addresses, too; otherwise relative ones alone.</param>
    public static IReadOnlyList<Reference> Find(string markdown, bool absolute = false)
    {
        var document = Markdig.Markdown.Parse(markdown, Pipeline);
        var found = new List<Reference>();
        var pictureLabels = document.Descendants<LinkInline>().Where(l => l.IsImage && l.Reference is not null).Select(l => l.Reference!).ToHashSet();
        foreach (var node in document.Descendants())
        {
            switch (node)
            {
                case LinkInline { Reference: null, Url: { } url } link when link.UrlSpan.Length > 0:
                    Add(markdown, found, absolute, link.UrlSpan, url, link.IsImage);
                    break;
                case LinkReferenceDefinition { Url: { } url } definition when definition.UrlSpan.Length > 0:
                    Add(markdown, found, absolute, definition.UrlSpan, url, pictureLabels.Contains(definition));
                    break;
                case HtmlBlock block:
                    AddHtml(markdown, found, absolute, block.Span);
                    break;
                case HtmlInline inline:
                    AddHtml(markdown, found, absolute, inline.Span);
                    break;
            }
        }
        return [.. found.DistinctBy(r => r.Start).OrderBy(r => r.Start)];
    }

    /// <summary>The text with each address that has a new one replaced.</summary>
    public static string Replace(string markdown, IEnumerable<(Reference Reference, string Address)> changes)
    {
        var result = new StringBuilder(markdown);
        foreach (var (reference, address) in changes.OrderByDescending(c => c.Reference.Start))
            result.Remove(reference.Start, reference.Length).Insert(reference.Start, address);
        return result.ToString();
    }

    static void Add(string markdown, List<Reference> found, bool absolute, SourceSpan span, string url, bool isPicture)
    {
        var written = markdown.AsSpan(span.Start, span.Length);
        var start = span.Start;
        if (written is ['<', .., '>'])
        {
            start++;
            written = written[1..^1];
        }
        if (IsWanted(absolute, url)) found.Add(new(start, written.Length, url, isPicture));
    }

    static void AddHtml(string markdown, List<Reference> found, bool absolute, SourceSpan span)
    {
        if (span.Length <= 0) return;
        foreach (Match match in HtmlAddress().Matches(markdown.Substring(span.Start, span.Length)))
        {
            var address = match.Groups["address"];
            var written = System.Net.WebUtility.HtmlDecode(address.Value);
            if (IsWanted(absolute, written)) found.Add(new(span.Start + address.Index, address.Length, written, match.Groups["tag"].Value.Equals("img", StringComparison.OrdinalIgnoreCase)));
        }
    }

    static bool IsWanted(bool absolute, string url) => absolute && (url.StartsWith("http", StringComparison.OrdinalIgnoreCase) || url.StartsWith("//", StringComparison.Ordinal)) || IsRelative(url);

    static bool IsRelative(string url) => url.Length > 0 && url[0] != '#' && !url.StartsWith("//", StringComparison.Ordinal) && !HasScheme().IsMatch(url);

    [GeneratedRegex("""<(?<tag>img|a)\b[^>]*?\s(?:src|href)\s*=\s*["']?(?<address>[^"'\s>]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex HtmlAddress();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9+.-]*:")]
    private static partial Regex HasScheme();
}
