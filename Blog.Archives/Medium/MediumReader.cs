using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Blog.Archives.Files;
using Blog.Archives.Html;

namespace Blog.Archives.Medium;

/// <summary>
/// The archive that Medium sends on request: a ZIP with one HTML file a story in <c>posts/</c>, marked up as microformats (h-entry). Drafts' names begin with
/// <c>draft_</c>. Topics are not in it, pictures are addresses.
/// </summary>
public sealed partial class MediumReader : IArchiveReader
{
    const int LongestText = 20 * 1024 * 1024;

    public string Format => "medium";

    public bool FetchesPictures => true;

    public bool Recognises(IArchiveFiles files) => files.Paths.Where(IsPost).Take(20).Any(path =>
    {
        using var stream = files.OpenRead(path);
        var start = new char[16 * 1024];
        using var reader = LenientText.Open(stream);
        var text = new string(start, 0, reader.ReadBlock(start, 0, start.Length));
        return text.Contains("h-entry", StringComparison.Ordinal) && text.Contains("p-name", StringComparison.Ordinal);
    });

    public IEnumerable<ArchiveItem> Read(IArchiveFiles files)
    {
        foreach (var path in files.Paths.Where(IsPost))
            yield return ReadOne(files, path);
    }

    static bool IsPost(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) && (path.StartsWith("posts/", StringComparison.Ordinal) || path.Contains("/posts/", StringComparison.Ordinal) || !path.Contains('/', StringComparison.Ordinal) && path != "README.html");

    static ArchiveItem ReadOne(IArchiveFiles files, string path)
    {
        try
        {
            using var stream = files.OpenRead(path);
            var text = LenientText.ReadAll(stream, LongestText, path);
            if (Nesting.IsTooDeep(text)) return new ArchiveRemark(path, true, "nests deeper than a text does");
            using var page = new HtmlParser().ParseDocument(text);
            return page.QuerySelector(".e-content, [data-field=body]") is { } body ? Story(page, body, path) : new ArchiveRemark(path, false, "is a page of Medium's own, not a story");
        }
        catch (ArchiveRefusedException refused)
        {
            return new ArchiveRemark(path, true, refused.Message);
        }
    }

    static ArchiveItem Story(IDocument page, IElement body, string path)
    {
        var notes = new List<string>();
        var name = Path.GetFileNameWithoutExtension(path);
        var id = Id().Match(name) is { Success: true } found ? found.Value : name;
        var title = MarkdownText.Collapsed(page.QuerySelector(".p-name")?.TextContent ?? "");
        if (title.Length == 0) title = MarkdownText.Collapsed(page.Title ?? "");
        var subtitle = MarkdownText.Collapsed(page.QuerySelector(".p-summary")?.TextContent ?? "");
        var isResponse = IsResponse(body, title);
        RemoveOpening(body, title, subtitle);
        var address = page.QuerySelector("a.p-canonical")?.GetAttribute("href") ?? "";
        var converted = HtmlToMarkdown.Convert(body);
        if (converted.Markdown.Length == 0) return new ArchiveRemark(path, false, "has no text");
        var draft = Path.GetFileName(path).StartsWith("draft_", StringComparison.OrdinalIgnoreCase);
        if (isResponse && !draft)
        {
            draft = true;
            notes.Add("has no title, as responses to stories of others have none, so it became a draft");
        }
        var published = page.QuerySelector("time.dt-published")?.GetAttribute("datetime");
        DateTimeOffset? date = DateTimeOffset.TryParse(published, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateIn(name);
        if (published is not null && date is null) notes.Add($"its date, {published}, cannot be read");
        return new ArchiveArticle(path, $"medium:{id}")
        {
            Title = title.Length > 0 ? title : "Untitled",
            Slug = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? SlugOf(uri, id) : "",
            // Medium fills the subtitle with the first words when there is none.
            Description = converted.Markdown.StartsWith(subtitle.TrimEnd('…', '.'), StringComparison.Ordinal) ? "" : subtitle,
            Body = converted.Markdown,
            Draft = draft,
            Date = draft ? null : date,
            Authors = page.QuerySelector(".p-author") is { } author ? [MarkdownText.Collapsed(author.TextContent)] : [],
            Topics = [.. page.QuerySelectorAll(".p-category").Select(c => MarkdownText.Collapsed(c.TextContent))],
            CanonicalUrl = draft && !isResponse ? "" : address,
            FormerAddresses = draft ? [] : [.. new[] { address, $"https://medium.com/p/{id}" }.Where(a => a.Length > 0)],
            Notes = [.. notes, .. converted.Notes],
        };
    }

    // The body repeats title and subtitle.
    static void RemoveOpening(IElement body, string title, string subtitle)
    {
        foreach (var rule in body.QuerySelectorAll("section:first-of-type > .section-divider")) rule.Remove();
        foreach (var (opening, words) in new[] { (body.QuerySelector(".graf--title") ?? body.QuerySelector("h1, h2, h3"), title), (body.QuerySelector(".graf--subtitle"), subtitle) })
            if (opening is not null && words.Length > 0 && Letters(opening.TextContent) == Letters(words)) opening.Remove();
    }

    // Medium calls what has no title by its first words: what people said below stories of others, in nearly all cases.
    static bool IsResponse(IElement body, string title) =>
        body.QuerySelector(".graf--title, h1, h2, h3, h4") is null && Letters(title).TrimEnd('…') is { Length: > 0 } words && body.QuerySelector(".graf, p, blockquote") is { } first && Letters(first.TextContent).StartsWith(words, StringComparison.Ordinal);

    // Blanks that break, or do not, and their number differ between a title and the heading that repeats it.
    static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    static string SlugOf(Uri address, string id)
    {
        var last = Uri.UnescapeDataString(address.AbsolutePath.TrimEnd('/').Split('/')[^1]);
        return ArchiveArticle.SlugOf(last.EndsWith("-" + id, StringComparison.Ordinal) ? last[..^(id.Length + 1)] : last == id ? "" : last);
    }

    static DateTimeOffset? DateIn(string name) =>
        name.Length >= 10 && DateOnly.TryParseExact(name.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    [GeneratedRegex("[0-9a-f]{8,12}$")]
    private static partial Regex Id();
}
