using System.Globalization;
using System.Text.RegularExpressions;
using Blog.ServiceDefaults.Text;

namespace Blog.Archives.Markdown;

/// <summary>One Markdown file with front matter, as Jekyll, Hugo, Zola, Eleventy and Astro write it, and as the export does.</summary>
public static partial class MarkdownFile
{
    /// <summary>Understands a file.</summary>
    /// <param name="path">Relative, with '/'.</param>
    /// <param name="text">All of it.</param>
    /// <param name="source">First part of what names it; see <see cref="ArchiveArticle.Source"/>.</param>
    /// <exception cref="FormatException">The front matter is broken; the message says where.</exception>
    public static ArchiveArticle Read(string path, string text, string source = "")
    {
        var front = FrontMatter.Read(text);
        var notes = new List<string>();
        var name = NameOf(path);
        var (title, body) = TitleAndBody(front, name);
        var address = front.Text("path", "permalink", "url");
        var slug = front.Text("slug") is { } given && Slug.Chosen(given) == given ? given : ArchiveArticle.SlugOf(front.Text("slug") ?? LastSegment(address) ?? FileDate().Replace(name, ""));
        var authors = front.Texts("authors", "author", "extra.authors", "extra.author", "taxonomies.authors").Select(a => MailPart().Replace(a, "").Trim()).ToList();
        // The byline of a publication: whoever imports it wrote none of it.
        var ofPublication = front.Text("publication") is not null;
        if (authors.Count > 1 && !ofPublication) notes.Add($"by {string.Join(", ", authors)}; it stands under the first");
        var former = front.Texts("aliases", "redirect_from").ToList();

        return new ArchiveArticle(path, $"{source}:{path}")
        {
            Title = title,
            Slug = slug,
            Description = front.Text("description", "summary", "excerpt", "subtitle") ?? "",
            Body = body,
            Draft = front.Flag("draft") || front.Values.TryGetValue("published", out var published) && published is false,
            Date = front.Date("date", "pubDate", "published", "published_at", "publishDate", "created", "created_at") ?? DateIn(name) ?? DateIn(address),
            Authors = authors,
            Topics = [.. front.Texts("tags", "categories", "topics", "taxonomies.tags", "taxonomies.categories", "keywords")],
            FormerSlugs = [.. former.Select(a => ArchiveArticle.SlugOf(LastSegment(a) ?? "")).Concat(front.Texts("former_slugs")).Where(a => a.Length > 0 && a != slug).Distinct()],
            FormerAddresses = [.. former.Concat(front.Texts("former_paths")).Append(address ?? "").Where(a => a.Contains('/', StringComparison.Ordinal)).Select(Rooted).Distinct()],
            CanonicalUrl = front.Text("canonical_url", "canonicalUrl", "canonical") ?? "",
            Language = front.Text("lang", "language") ?? "",
            TranslationKey = front.Text("translation_key", "translationKey") ?? "",
            Cover = front.Text("cover", "image", "cover.image", "thumbnail", "hero", "feature_image"),
            CoverAlt = front.Text("cover_alt", "image_alt", "coverAlt") ?? "",
            Created = front.Date("created"),
            Edited = front.Date("updated"),
            Changed = front.Date("changed"),
            Withdrawn = front.Flag("withdrawn"),
            CoAuthors = ofPublication ? authors : [.. front.Texts("co_authors")],
            Notes = notes,
        };
    }

    static string Rooted(string address) => address.Contains("://", StringComparison.Ordinal) || address.StartsWith('/') ? address : "/" + address;

    static (string Title, string Body) TitleAndBody(FrontMatter front, string name)
    {
        if (front.Text("title") is { } given) return (given, front.Body);
        // A draft may have no title yet; its file says so.
        if (front.Values.TryGetValue("title", out var none) && none is "") return ("", front.Body);
        var heading = FirstHeading().Match(front.Body);
        return heading.Success
            ? (heading.Groups[1].Value.Trim(), front.Body.Remove(heading.Index, heading.Length).TrimStart('\r', '\n'))
            : (FileDate().Replace(name, "").Replace('-', ' ').Replace('_', ' ').Trim(), front.Body);
    }

    /// <summary>The file's name, or the folder's for a page bundle (<c>name/index.md</c>).</summary>
    static string NameOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var folder = Path.GetFileName(Path.GetDirectoryName(path));
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

    [GeneratedRegex(@"\A\s*#[ \t]+(.+?)[ \t#]*(?:\r?\n|\z)")]
    private static partial Regex FirstHeading();

    [GeneratedRegex(@"\A\d{4}-\d{1,2}-\d{1,2}[-_ ]")]
    private static partial Regex FileDate();

    [GeneratedRegex(@"(?:\A|/)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=\D|\z)")]
    private static partial Regex AnyDate();

    [GeneratedRegex(@"\s*<[^<>]*@[^<>]*>")]
    private static partial Regex MailPart();
}
