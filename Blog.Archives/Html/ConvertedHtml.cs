namespace Blog.Archives.Html;

/// <summary>What became of HTML.</summary>
/// <param name="Markdown">CommonMark with tables, footnotes, task lists and strikethrough, as the site's renderer reads it.</param>
/// <param name="Notes">What could not be kept as it was.</param>
public sealed record ConvertedHtml(string Markdown, IReadOnlyList<string> Notes);

/// <summary>How HTML is to be read.</summary>
public sealed record HtmlReading
{
    /// <summary>Blank lines part paragraphs and line ends break lines, as WordPress reads texts of before its block editor.</summary>
    public bool LinesMatter { get; init; }
}
