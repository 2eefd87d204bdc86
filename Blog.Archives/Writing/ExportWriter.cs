using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Blog.Archives.Markdown;

namespace Blog.Archives.Writing;

/// <summary>A story or draft as it is taken along.</summary>
/// <param name="Slug">What its address ends in; empty for a draft that has none.</param>
/// <param name="Markdown">The working copy.</param>
/// <param name="Date">First publication; null for a draft.</param>
/// <param name="CoverMediaId">A stored picture, or empty.</param>
public sealed record ExportedArticle(
    string Title, string Slug, string Description, string Markdown, DateTimeOffset? Date, IReadOnlyList<string> Topics, string CoverMediaId, string CoverAlt, string CanonicalUrl, string Language);

/// <summary>
/// Writes a person's stories as a ZIP that any static site generator reads and that imports here again: Markdown with front matter, pictures named by their content, a page that lists it all. The
/// same stories give the same bytes, in whatever system they are: nothing of it depends on an id or a clock.
/// </summary>
/// <param name="zip">Written from beginning to end, so it may be the body of a response.</param>
/// <param name="handle">Whose stories: links among them become relative.</param>
/// <param name="picture">The bytes and the type of a stored picture; null when it is not there any more.</param>
public sealed class ExportWriter(Stream zip, string handle, Func<Guid, CancellationToken, Task<(string ContentType, byte[] Bytes)?>> picture)
{
    static readonly DateTimeOffset Always = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n" };

    readonly Dictionary<Guid, string> pictures = [];
    readonly HashSet<string> files = new(StringComparer.Ordinal);

    /// <summary>Everything, in an order of its own.</summary>
    /// <param name="slugs">Of the published stories.</param>
    /// <param name="articles">Sorted by <see cref="Order"/>.</param>
    /// <param name="others">Further files, by name: what is no story, written as JSON.</param>
    /// <param name="cancel">Stops.</param>
    public async Task WriteAsync(IReadOnlySet<string> slugs, IAsyncEnumerable<ExportedArticle> articles, IReadOnlyDictionary<string, Func<CancellationToken, Task<object>>> others, CancellationToken cancel)
    {
        await using var archive = await ZipArchive.CreateAsync(zip, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
        var index = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Stories</title></head><body><h1>Stories</h1>\n<ul>\n");
        await foreach (var article in articles.WithCancellation(cancel))
        {
            var path = Path(article);
            await AddAsync(archive, path, Encoding.UTF8.GetBytes(await TextAsync(archive, path, article, slugs, cancel)), cancel);
            index.Append(CultureInfo.InvariantCulture, $"<li><a href=\"{WebUtility.HtmlEncode(path)}\">{WebUtility.HtmlEncode(article.Title.Length > 0 ? article.Title : "Untitled")}</a>{(article.Date is { } date ? string.Create(CultureInfo.InvariantCulture, $" <time>{date:yyyy-MM-dd}</time>") : " (draft)")}</li>\n");
        }
        foreach (var (name, content) in others.OrderBy(other => other.Key, StringComparer.Ordinal))
            await AddAsync(archive, name, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(await content(cancel), Json) + "\n"), cancel);
        await AddAsync(archive, "index.html", Encoding.UTF8.GetBytes(index.Append("</ul></body></html>\n").ToString()), cancel);
    }

    /// <summary>What stories are sorted by: published ones first, by address.</summary>
    public static string Order(bool isDraft, string slug, string title) => $"{Folder(isDraft)}/{Name(slug, title)}\n{title}";

    static string Folder(bool isDraft) => isDraft ? "drafts" : "stories";

    static string Name(string slug, string title) => slug.Length > 0 ? slug : ArchiveArticle.SlugOf(title) is { Length: > 0 } made ? made : "untitled";

    string Path(ExportedArticle article)
    {
        var (folder, name) = (Folder(article.Date is null), Name(article.Slug, article.Title));
        var path = $"{folder}/{name}.md";
        for (var n = 2; !files.Add(path); n++) path = $"{folder}/{name}-{n}.md";
        return path;
    }

    async Task<string> TextAsync(ZipArchive archive, string path, ExportedArticle article, IReadOnlySet<string> slugs, CancellationToken cancel)
    {
        var text = new StringBuilder("---\n");
        void Line(string name, object value) => text.Append(name).Append(": ").Append(JsonSerializer.Serialize(value, JsonSerializerOptions.Web)).Append('\n');
        Line("title", article.Title);
        Line("slug", System.IO.Path.GetFileNameWithoutExtension(path));
        if (article.Date is { } date) Line("date", date.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        else text.Append("draft: true\n");
        if (article.Description.Length > 0) Line("description", article.Description);
        if (article.Topics.Count > 0) Line("topics", article.Topics);
        if (Guid.TryParse(article.CoverMediaId, out var cover) && await PictureAsync(archive, cover, cancel) is { } shown)
        {
            Line("cover", "../" + shown);
            if (article.CoverAlt.Length > 0) Line("cover_alt", article.CoverAlt);
        }
        if (article.CanonicalUrl.Length > 0) Line("canonical_url", article.CanonicalUrl);
        if (article.Language.Length > 0) Line("language", article.Language);
        return text.Append("---\n\n").Append(await BodyAsync(archive, article, slugs, cancel)).ToString();
    }

    async Task<string> BodyAsync(ZipArchive archive, ExportedArticle article, IReadOnlySet<string> slugs, CancellationToken cancel)
    {
        var body = article.Markdown.TrimStart('\r', '\n');
        var changes = new List<(Reference, string)>();
        foreach (var reference in References.Find(body))
        {
            var (address, size) = PictureSize.Split(reference.Address);
            if (reference.IsPicture && address.StartsWith("/media/", StringComparison.Ordinal) && Guid.TryParseExact(address["/media/".Length..], "D", out var id) && await PictureAsync(archive, id, cancel) is { } shown)
                changes.Add((reference, $"../{shown}{size}"));
            else if (!reference.IsPicture && OwnStory(reference.Address, slugs) is { } story)
                changes.Add((reference, (article.Date is null ? "../stories/" : "") + story));
        }
        return References.Replace(body, changes);
    }

    string? OwnStory(string address, IReadOnlySet<string> slugs)
    {
        var own = $"/@{handle}/";
        if (!address.StartsWith(own, StringComparison.OrdinalIgnoreCase)) return null;
        var end = address.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? at : address.Length;
        var slug = Uri.UnescapeDataString(address[own.Length..end]);
        return slugs.Contains(slug) ? $"{Uri.EscapeDataString(slug)}.md{address[end..]}" : null;
    }

    async Task<string?> PictureAsync(ZipArchive archive, Guid id, CancellationToken cancel)
    {
        if (pictures.TryGetValue(id, out var known)) return known;
        if (await picture(id, cancel) is not { } found) return null;
        var path = $"media/{Convert.ToHexStringLower(SHA256.HashData(found.Bytes))[..24]}.{found.ContentType.Split('/')[^1].Replace("jpeg", "jpg", StringComparison.Ordinal)}";
        if (files.Add(path)) await AddAsync(archive, path, found.Bytes, cancel);
        return pictures[id] = path;
    }

    static async Task AddAsync(ZipArchive archive, string path, byte[] bytes, CancellationToken cancel)
    {
        // A picture is packed as it is.
        var entry = archive.CreateEntry(path, path.StartsWith("media/", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
        entry.LastWriteTime = Always;
        await using var stream = await entry.OpenAsync(cancel);
        await stream.WriteAsync(bytes, cancel);
    }
}
