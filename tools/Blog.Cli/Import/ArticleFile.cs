using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Blog.Cli.Import;

/// <summary>One Markdown file of the folder, read and understood.</summary>
/// <param name="Path">Relative to the folder, with '/'.</param>
/// <param name="Title">From the front matter, else the first heading, else the file's name.</param>
/// <param name="Slug">What the address should end in.</param>
/// <param name="Body">Markdown after the front matter, pictures and links still as written.</param>
/// <param name="Notes">What was changed or left out, for the report.</param>
sealed partial record ArticleFile(
    string Path, string Title, string Slug, string Description, string Body, bool Draft, DateTimeOffset? Date,
    IReadOnlyList<string> Authors, IReadOnlyList<string> Topics, IReadOnlyList<string> FormerSlugs,
    string CanonicalUrl, string Language, string? Cover, IReadOnlyList<string> Notes)
{
    const int LongestTitle = 200, LongestDescription = 400, MostTopics = 5, LongestTopic = 50;

    /// <summary>Understands a file.</summary>
    /// <exception cref="FormatException">The front matter is broken; the message says where.</exception>
    public static ArticleFile Read(string path, string text)
    {
        var front = FrontMatter.Read(text);
        var notes = new List<string>();
        var name = NameOf(path);
        var (title, body) = TitleAndBody(front, name);
        var address = front.Text("path", "permalink", "url");
        var slug = SlugOf(front.Text("slug") ?? LastSegment(address) ?? FileDate().Replace(name, ""));
        var topics = front.Texts("tags", "categories", "topics", "taxonomies.tags", "taxonomies.categories", "keywords")
            .Select(t => Shortened(t, LongestTopic)).ToList();
        if (topics.Count > MostTopics) notes.Add($"only the first {MostTopics} of {topics.Count} topics were kept");
        var authors = front.Texts("authors", "author", "extra.authors", "extra.author", "taxonomies.authors").Select(a => MailPart().Replace(a, "").Trim()).ToList();
        if (authors.Count > 1) notes.Add($"by {string.Join(", ", authors)}; it stands under the first");
        if (title.Length > LongestTitle) notes.Add($"the title was cut to {LongestTitle} characters");
        var description = front.Text("description", "summary", "excerpt", "subtitle") ?? "";
        if (description.Length > LongestDescription) notes.Add($"the description was cut to {LongestDescription} characters");
        var date = front.Date("date", "pubDate", "published", "published_at", "publishDate", "created", "created_at") ?? DateIn(name) ?? DateIn(address);
        var canonical = front.Text("canonical_url", "canonicalUrl", "canonical") ?? "";

        return new(path, Shortened(title, LongestTitle), slug, Shortened(description, LongestDescription), body,
            front.Flag("draft") || front.Values.TryGetValue("published", out var published) && published is false,
            date, authors, [.. topics.Take(MostTopics)],
            [.. front.Texts("aliases", "redirect_from").Select(a => SlugOf(LastSegment(a) ?? "")).Where(a => a.Length > 0 && a != slug).Distinct()],
            Uri.TryCreate(canonical, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? canonical : "",
            front.Text("lang", "language") ?? "",
            front.Text("cover", "image", "cover.image", "thumbnail", "hero", "feature_image"), notes);
    }

    /// <summary>Lower case letters and digits of any script, joined by single hyphens.</summary>
    public static string SlugOf(string text)
    {
        var slug = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) slug.Append(Rune.ToLowerInvariant(rune));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        return slug.ToString().Trim('-');
    }

    static (string Title, string Body) TitleAndBody(FrontMatter front, string name)
    {
        if (front.Text("title") is { } given) return (given, front.Body);
        var heading = FirstHeading().Match(front.Body);
        return heading.Success
            ? (heading.Groups[1].Value.Trim(), front.Body.Remove(heading.Index, heading.Length).TrimStart('\r', '\n'))
            : (FileDate().Replace(name, "").Replace('-', ' ').Replace('_', ' ').Trim(), front.Body);
    }

    /// <summary>The file's name, or the folder's for a page bundle (<c>name/index.md</c>).</summary>
    static string NameOf(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        var folder = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path));
        return name.Equals("index", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(folder) ? folder : name;
    }

    static string? LastSegment(string? address)
    {
        if (string.IsNullOrEmpty(address)) return null;
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme.StartsWith("http", StringComparison.Ordinal) ? uri.AbsolutePath : address;
        var last = path.TrimEnd('/').Split('/')[^1];
        foreach (var ending in (string[])["index.html", ".html", ".htm"])
            if (last.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) last = last[..^ending.Length];
        return last.Length > 0 ? last : null;
    }

    static DateTimeOffset? DateIn(string? text)
    {
        if (text is null || AnyDate().Match(text) is not { Success: true } found) return null;
        return DateOnly.TryParse($"{found.Groups[1]}-{found.Groups[2]}-{found.Groups[3]}", CultureInfo.InvariantCulture, out var day)
            ? new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : null;
    }

    static string Shortened(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end].TrimEnd() + "…";
    }

    [GeneratedRegex(@"\A\s*#[ \t]+(.+?)[ \t#]*(?:\r?\n|\z)")]
    private static partial Regex FirstHeading();

    [GeneratedRegex(@"\A\d{4}-\d{1,2}-\d{1,2}[-_ ]")]
    private static partial Regex FileDate();

    [GeneratedRegex(@"(?:\A|/)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=\D|\z)")]
    private static partial Regex AnyDate();

    [GeneratedRegex(@"\s*<[^<>]*@[^<>]*>")]
    private static partial Regex MailPart();
}
