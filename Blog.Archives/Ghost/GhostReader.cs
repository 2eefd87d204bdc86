using System.Globalization;
using System.Text.Json;
using Blog.Archives.Files;
using Blog.Archives.Html;

namespace Blog.Archives.Ghost;

/// <summary>
/// A Ghost export: JSON with the tables of its database, alone or in a ZIP with <c>content/images</c>. Texts are Lexical, Mobiledoc or HTML, in that order of
/// preference. Pages, scheduled posts and posts for members become drafts.
/// </summary>
public sealed class GhostReader : IArchiveReader
{
    const string Site = "__GHOST_URL__";
    const int MostRows = 1_000_000;

    public string Format => "ghost";

    public bool FetchesPictures => true;

    public bool Recognises(IArchiveFiles files) => Exports(files).Any();

    public IEnumerable<ArchiveItem> Read(IArchiveFiles files)
    {
        foreach (var path in Exports(files))
            foreach (var item in ReadOne(files, path)) yield return item;
    }

    static IEnumerable<string> Exports(IArchiveFiles files) => files.Paths.Where(path => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !path.Contains("content/", StringComparison.Ordinal) && IsExport(files, path));

    static bool IsExport(IArchiveFiles files, string path)
    {
        try
        {
            foreach (var (table, row, _) in Rows(files, path))
            {
                using (row)
                    if (table == "posts" && row is not null) return row.RootElement.TryGetProperty("mobiledoc", out _) || row.RootElement.TryGetProperty("lexical", out _) || row.RootElement.TryGetProperty("html", out _);
            }
        }
        catch (ArchiveRefusedException)
        {
            // Too large to be one.
        }
        return false;
    }

    // What belongs to a post stands in tables after it.
    sealed class Related
    {
        public Dictionary<string, string> Tags { get; } = [];
        public Dictionary<string, string> Users { get; } = [];
        public Dictionary<string, List<(int Order, string Id)>> PostTags { get; } = [];
        public Dictionary<string, List<(int Order, string Id)>> PostAuthors { get; } = [];
        public Dictionary<string, (string Alt, string Caption, bool IsMailOnly)> Meta { get; } = [];
        public string Language { get; set; } = "";
    }

    static IEnumerable<ArchiveItem> ReadOne(IArchiveFiles files, string path)
    {
        var related = Read(files, path);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (table, row, problem) in Rows(files, path))
        {
            if (problem is not null)
            {
                yield return new ArchiveRemark(path, true, problem);
            }
            else if (row is not null)
            {
                using (row)
                {
                    if (table != "posts") continue;
                    var post = row.RootElement;
                    var id = Card.Text(post, "id");
                    var where = $"{path}: “{ArchiveArticle.Shortened(MarkdownText.Collapsed(Card.Text(post, "title")), 80)}”";
                    yield return seen.Add(id) ? Post(files, post, id, where, related) : new ArchiveRemark(where, false, $"has the id {id} of another; the first was taken");
                }
            }
        }
    }

    static Related Read(IArchiveFiles files, string path)
    {
        var related = new Related();
        foreach (var (table, row, _) in Rows(files, path))
        {
            using (row)
            {
                if (row is null || table is "posts") continue;
                var one = row.RootElement;
                var post = Card.Text(one, "post_id");
                switch (table)
                {
                    // Internal tags, whose names begin with #, are for the theme.
                    case "tags" when Card.Text(one, "visibility") != "internal" && !Card.Text(one, "name").StartsWith('#'): related.Tags.TryAdd(Card.Text(one, "id"), Card.Text(one, "name")); break;
                    case "users": related.Users.TryAdd(Card.Text(one, "id"), Card.Text(one, "name")); break;
                    case "posts_tags": Join(related.PostTags, post, one, "tag_id"); break;
                    case "posts_authors": Join(related.PostAuthors, post, one, "author_id"); break;
                    case "posts_meta": related.Meta.TryAdd(post, (Card.Text(one, "feature_image_alt"), Card.Text(one, "feature_image_caption"), IsTrue(one, "email_only"))); break;
                    case "settings" when Card.Text(one, "key") is "locale" or "lang" or "default_locale": related.Language = Card.Text(one, "value"); break;
                }
            }
        }
        return related;
    }

    static void Join(Dictionary<string, List<(int, string)>> table, string post, JsonElement row, string column)
    {
        if (!table.TryGetValue(post, out var list)) table[post] = list = [];
        list.Add((int.TryParse(Card.Text(row, "sort_order"), CultureInfo.InvariantCulture, out var order) ? order : 0, Card.Text(row, column)));
    }

    static ArchiveItem Post(IArchiveFiles files, JsonElement post, string id, string where, Related related)
    {
        var notes = new List<string>();
        var html = Html(post, notes);
        // Addresses of the site itself are written with a word in the place of its host.
        html = html.Replace(Site, "", StringComparison.Ordinal);
        var converted = HtmlToMarkdown.Convert(html);
        notes.AddRange(converted.Notes);
        var status = Card.Text(post, "status");
        var (coverAlt, coverCaption, isMailOnly) = related.Meta.GetValueOrDefault(id, ("", "", false));
        var draft = status != "published";
        if (status == "scheduled") notes.Add("was scheduled, so it became a draft");
        if (status == "sent" || isMailOnly)
        {
            draft = true;
            notes.Add("was sent by mail only, so it became a draft");
        }
        // The cover has no caption here: its words are in the report.
        if (HtmlToMarkdown.Convert(coverCaption).Markdown.Trim() is { Length: > 0 } words) notes.Add($"the caption of its cover was left out: {words}");
        if (Card.Text(post, "visibility") is not ("" or "public"))
        {
            draft = true;
            notes.Add("was for members only, so it became a draft");
        }
        if (Card.Text(post, "type") == "page" || IsTrue(post, "page"))
        {
            draft = true;
            notes.Add("was a page, not a post, so it became a draft");
        }
        if (converted.Markdown.Length == 0 && !draft) return new ArchiveRemark(where, false, "has no text");
        var slug = Card.Text(post, "slug");
        var date = DateOf(post, "published_at");
        if (!draft && date is null) notes.Add("its date cannot be read");
        var title = MarkdownText.Collapsed(Card.Text(post, "title"));
        var language = Card.Text(post, "locale") is { Length: > 0 } own ? own : related.Language;
        return new ArchiveArticle(where, $"ghost:{(Card.Text(post, "uuid") is { Length: > 0 } uuid ? uuid : id)}")
        {
            Title = title is "" or "(Untitled)" ? "Untitled" : title,
            Slug = ArchiveArticle.SlugOf(slug),
            Description = MarkdownText.Collapsed(Card.Text(post, "custom_excerpt")),
            Body = converted.Markdown,
            Draft = draft,
            Date = draft ? null : date,
            Authors = [.. Names(related.PostAuthors, id, related.Users).Concat(related.Users.TryGetValue(Card.Text(post, "author_id"), out var old) ? [old] : []).Distinct()],
            Topics = [.. Names(related.PostTags, id, related.Tags)],
            CanonicalUrl = Card.Text(post, "canonical_url"),
            FormerAddresses = draft || slug.Length == 0 ? [] : [$"/{slug}/"],
            Language = language.Length <= 35 && language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? language : "",
            Cover = (Card.Text(post, "feature_image") is { Length: > 0 } cover ? cover : Card.Text(post, "image")) is { Length: > 0 } picture ? picture.Replace(Site, "", StringComparison.Ordinal) : null,
            CoverAlt = coverAlt ?? "",
            Notes = notes,
        };
    }

    // Databases without booleans count.
    static bool IsTrue(JsonElement row, string name) => row.TryGetProperty(name, out var value) && (value.ValueKind is JsonValueKind.True || value.ValueKind is JsonValueKind.Number && value.GetRawText() == "1");

    static string Html(JsonElement post, List<string> notes)
    {
        foreach (var (form, read) in new (string, Func<string, ICollection<string>, string>)[] { ("lexical", Lexical.Html), ("mobiledoc", Mobiledoc.Html) })
        {
            if (Card.Text(post, form) is not { Length: > 0 } document) continue;
            try
            {
                return read(document, notes);
            }
            catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or ArgumentOutOfRangeException)
            {
                notes.Add($"its {form} document is broken; its HTML was taken");
            }
        }
        return Card.Text(post, "html");
    }

    static IEnumerable<string> Names(Dictionary<string, List<(int Order, string Id)>> joins, string post, Dictionary<string, string> names) =>
        joins.TryGetValue(post, out var list) ? list.OrderBy(join => join.Order).Select(join => names.GetValueOrDefault(join.Id)).OfType<string>() : [];

    // Old exports count milliseconds.
    static DateTimeOffset? DateOf(JsonElement post, string name)
    {
        var text = Card.Text(post, name);
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is > -62_000_000_000_000 and < 250_000_000_000_000) return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
    }

    // A file that breaks off gives what stands before the break, and says so.
    static IEnumerable<(string Table, JsonDocument? Row, string? Problem)> Rows(IArchiveFiles files, string path)
    {
        using var stream = LenientText.OpenUtf8(files.OpenRead(path));
        var tables = new JsonTables(stream);
        for (var rows = 0; rows < MostRows; rows++)
        {
            string table;
            JsonDocument row;
            string? problem = null;
            try
            {
                if (!tables.TryRead(out table, out row)) yield break;
            }
            catch (Exception broken) when (broken is JsonException or ArchiveRefusedException)
            {
                (table, row, problem) = ("", null!, broken is JsonException ? "is no JSON from some place on; what stands before it was read" : broken.Message);
            }
            yield return (table, row, problem);
            if (problem is not null) yield break;
        }
    }
}
