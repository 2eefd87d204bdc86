using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blog.Archives.Markdown;
using Blog.Archives.Own;
using Blog.Content.V1;
using Google.Protobuf.WellKnownTypes;

namespace Blog.Archives.Writing;

/// <summary>
/// Writes stories as Markdown with front matter that any static site generator reads and that imports here again, and the pictures that they show, named by their content. The same stories give
/// the same bytes, in whatever system they are: nothing of it depends on an id, a clock or an address of the site.
/// </summary>
/// <param name="sink">Takes the files.</param>
/// <param name="layout">Where each story lies.</param>
/// <param name="picture">The bytes and the type of a stored picture; null when it is not there any more.</param>
public sealed class StoryWriter(IArchiveSink sink, ArchiveLayout layout, Func<Guid, CancellationToken, Task<(string ContentType, byte[] Bytes)?>> picture)
{
    readonly Dictionary<Guid, string> pictures = [];
    readonly HashSet<string> written = new(StringComparer.Ordinal);

    /// <summary>Writes a story, and beside it what its author has written since it was published.</summary>
    /// <param name="article">All of it.</param>
    /// <param name="people">What the byline is called: names of co-authors; or (of a publication) of everybody, and the publication.</param>
    /// <param name="cancel">Stops.</param>
    public async Task WriteAsync(ExportedArticle article, Byline people, CancellationToken cancel)
    {
        var path = layout.PathOf(article.Key.Id)!;
        var front = new StringBuilder("---\n");
        Line(front, "title", article.Content.Title);
        // A draft without an address of its own takes that of its file, so that it has one file wherever it goes.
        Line(front, "slug", article.Key.Status == ArticleStatus.Published ? article.Key.Slug : ArchiveLayout.NameOf(path));
        Line(front, "date", article.PublishTime);
        Line(front, "updated", article.EditTime);
        Line(front, "created", article.CreateTime);
        var isDraft = article.Key.Status != ArticleStatus.Published;
        if (isDraft) front.Append("draft: true\n");
        if (article.Key.Status == ArticleStatus.Unpublished && article.PublishTime is not null) front.Append("withdrawn: true\n");
        if (isDraft) Line(front, "changed", article.UpdateTime);
        if (people.Publication.Length > 0) Line(front, "publication", people.Publication);
        Line(front, people.Publication.Length > 0 ? "authors" : "co_authors", people.Names);
        await ContentAsync(front, article.Content, cancel);
        Line(front, "translation_key", layout.TranslationKeyOf(article.Key.Id));
        Line(front, "former_slugs", article.FormerSlugs);
        Line(front, "former_paths", [.. article.FormerPaths.Select(Escaped)]);
        await AddAsync(path, front, article.Content, cancel);
        if (article.Changes is null) return;

        var newer = new StringBuilder("---\n");
        Line(newer, "title", article.Changes.Title);
        Line(newer, "slug", article.Changes.Slug);
        Line(newer, "changes_to", $"../{path}");
        newer.Append("draft: true\n");
        Line(newer, "changed", article.UpdateTime);
        await ContentAsync(newer, article.Changes, cancel);
        await AddAsync($"changes/{ArchiveLayout.NameOf(path)}.md", newer, article.Changes, cancel);
    }

    /// <summary>What both texts of a story have in front of them.</summary>
    async Task ContentAsync(StringBuilder front, ArticleContent content, CancellationToken cancel)
    {
        Line(front, "description", content.Description);
        Line(front, "topics", content.Topics);
        if (Guid.TryParse(content.CoverMediaId, out var cover) && await PictureAsync(cover, cancel) is { } shown)
        {
            Line(front, "cover", "../" + shown);
            Line(front, "cover_alt", content.CoverAlt);
        }
        Line(front, "canonical_url", content.CanonicalUrl);
        Line(front, "language", content.Language);
    }

    static void Line(StringBuilder front, string name, string value)
    {
        if (value.Length > 0 || name == "title") front.Append(name).Append(": ").Append(YamlText.Quoted(value)).Append('\n');
    }

    static void Line(StringBuilder front, string name, IReadOnlyCollection<string> values)
    {
        if (values.Count > 0) front.Append(name).Append(": ").Append(YamlText.Listed(values)).Append('\n');
    }

    static void Line(StringBuilder front, string name, Timestamp? time)
    {
        if (time is not null) front.Append(name).Append(": \"").Append(time.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)).Append("\"\n");
    }

    // As an address has it, so that what is readable as an escape comes back as it is. The query is that of WordPress.
    static string Escaped(string path)
    {
        var query = path.IndexOf("?p=", StringComparison.Ordinal) is >= 0 and var at ? path[at..] : "";
        return string.Join('/', path[..^query.Length].Split('/').Select(Uri.EscapeDataString)) + query;
    }

    async Task AddAsync(string path, StringBuilder front, ArticleContent content, CancellationToken cancel) =>
        await sink.AddAsync(path, Encoding.UTF8.GetBytes(front.Append("---\n\n").Append(await BodyAsync(content.Markdown, cancel)).ToString()), cancel);

    async Task<string> BodyAsync(string markdown, CancellationToken cancel)
    {
        var body = markdown.TrimStart('\r', '\n');
        var changes = new List<(Reference, string)>();
        foreach (var reference in References.Find(body))
        {
            var (address, size) = PictureSize.Split(reference.Address);
            if (reference.IsPicture && address.StartsWith("/media/", StringComparison.Ordinal) && Guid.TryParseExact(address["/media/".Length..], "D", out var id) && await PictureAsync(id, cancel) is { } shown)
                changes.Add((reference, $"../{shown}{size}"));
            else if (!reference.IsPicture && layout.PathAt(reference.Address) is { } story)
                changes.Add((reference, $"../{story}"));
        }
        return References.Replace(body, changes);
    }

    /// <summary>Writes a picture once, and says where; null: it is not there any more.</summary>
    internal async Task<string?> PictureAsync(Guid id, CancellationToken cancel)
    {
        if (pictures.TryGetValue(id, out var known)) return known;
        if (await picture(id, cancel) is not { } found) return null;
        var path = $"media/{Convert.ToHexStringLower(SHA256.HashData(found.Bytes))[..24]}.{found.ContentType.Split('/')[^1].Replace("jpeg", "jpg", StringComparison.Ordinal)}";
        if (written.Add(path)) await sink.AddAsync(path, found.Bytes, cancel);
        return pictures[id] = path;
    }
}

/// <summary>Who is named with a story.</summary>
/// <param name="Names">Of those who wrote it with the person; of a publication everybody, in the order of the byline.</param>
/// <param name="Publication">Its name; empty for what a person takes along.</param>
public sealed record Byline(IReadOnlyList<string> Names, string Publication = "");
