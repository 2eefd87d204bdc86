using System.Globalization;
using Blog.Archives.Files;
using Blog.Archives.Html;

namespace Blog.Archives.Substack;

/// <summary>
/// The export of Substack: a ZIP with <c>posts.csv</c>, a line a post, and the text of each in <c>posts/{post_id}.html</c>, where post_id is a number, a dot and
/// the slug. Authors, topics and the site's own address are not in it; pictures are addresses.
/// </summary>
public sealed class SubstackReader : IArchiveReader
{
    const int LongestText = 20 * 1024 * 1024;

    public string Format => "substack";

    public bool FetchesPictures => true;

    public bool Recognises(IArchiveFiles files) => Table(files) is { } table && Records(files, table, names: true).FirstOrDefault()?.ContainsKey("post_id") == true;

    public IEnumerable<ArchiveItem> Read(IArchiveFiles files)
    {
        var table = Table(files)!;
        var folder = table[..(table.LastIndexOf('/') + 1)] + "posts/";
        var texts = files.Paths.Where(path => path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (record, problem) in Lines(files, table))
        {
            if (record is null)
            {
                yield return new ArchiveRemark(table, true, problem!);
                continue;
            }
            var id = record.GetValueOrDefault("post_id", "").Trim();
            var path = $"{folder}{id}.html";
            if (id.Length == 0)
            {
                yield return new ArchiveRemark(table, true, "a line names no post");
            }
            else if (!seen.Add(id))
            {
                yield return new ArchiveRemark(path, false, "is listed twice; the first was taken");
            }
            else if (!texts.Remove(path))
            {
                yield return record.GetValueOrDefault("title", "").Trim().Length == 0
                    ? new ArchiveRemark(path, false, "is an empty draft")
                    : new ArchiveRemark(path, true, $"“{record["title"].Trim()}” has no text in the archive");
            }
            else
            {
                yield return Post(files, path, id, record);
            }
        }
        // What the table does not list is there all the same.
        foreach (var path in texts.Order(StringComparer.Ordinal))
            yield return Post(files, path, Path.GetFileNameWithoutExtension(path), new Dictionary<string, string>());
    }

    static ArchiveItem Post(IArchiveFiles files, string path, string id, IReadOnlyDictionary<string, string> record)
    {
        string Field(string name) => MarkdownText.Collapsed(record.GetValueOrDefault(name, ""));
        try
        {
            using var stream = files.OpenRead(path);
            var converted = HtmlToMarkdown.Convert(LenientText.ReadAll(stream, LongestText, path));
            var body = converted.Markdown;
            var notes = new List<string>(converted.Notes);
            if (Uri.TryCreate(Field("podcast_url"), UriKind.Absolute, out var recording) && recording.Scheme is "http" or "https")
            {
                notes.Add($"its recording stays at {recording.AbsoluteUri}");
                if (!body.Contains(recording.AbsoluteUri, StringComparison.Ordinal)) body = $"{recording.AbsoluteUri}\n\n{body}".TrimEnd('\n') + "\n";
            }
            if (body.Length == 0) return new ArchiveRemark(path, false, "has no text");
            var slug = id.Contains('.', StringComparison.Ordinal) ? id[(id.IndexOf('.', StringComparison.Ordinal) + 1)..] : "";
            var isPublished = Field("is_published").Equals("true", StringComparison.OrdinalIgnoreCase);
            if (record.Count == 0) notes.Add("is not listed in posts.csv, so it became a draft");
            if (isPublished && Field("audience") is not ("" or "everyone"))
            {
                isPublished = false;
                notes.Add("was for paying readers only, so it became a draft");
            }
            if (Field("type") == "page")
            {
                isPublished = false;
                notes.Add("was a page, not a post, so it became a draft");
            }
            DateTimeOffset? date = DateTimeOffset.TryParse(Field("post_date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
            if (date is null && Field("post_date").Length > 0) notes.Add($"its date, {Field("post_date")}, cannot be read");
            var title = Field("title");
            return new ArchiveArticle(path, $"substack:{id}")
            {
                Title = title.Length > 0 ? title : slug.Replace('-', ' ') is { Length: > 0 } words ? words : "Untitled",
                Slug = ArchiveArticle.SlugOf(slug),
                Description = Field("subtitle"),
                Body = body,
                Draft = !isPublished,
                Date = isPublished ? date : null,
                FormerAddresses = isPublished && slug.Length > 0 ? [$"/p/{slug}"] : [],
                Notes = notes,
            };
        }
        catch (ArchiveRefusedException refused)
        {
            return new ArchiveRemark(path, true, refused.Message);
        }
    }

    // A table that breaks off gives what stands before the break; the texts of the rest come as those it does not list.
    static IEnumerable<(IReadOnlyDictionary<string, string>? Record, string? Problem)> Lines(IArchiveFiles files, string table)
    {
        using var records = Records(files, table).GetEnumerator();
        while (true)
        {
            string? problem = null;
            var more = false;
            try
            {
                more = records.MoveNext();
            }
            catch (ArchiveRefusedException refused)
            {
                problem = refused.Message;
            }
            if (problem is not null) yield return (null, problem);
            if (!more) yield break;
            yield return (records.Current, null);
        }
    }

    static string? Table(IArchiveFiles files) => files.Paths.Where(path => path == "posts.csv" || path.EndsWith("/posts.csv", StringComparison.Ordinal)).MinBy(path => path.Length);

    static IEnumerable<IReadOnlyDictionary<string, string>> Records(IArchiveFiles files, string table, bool names = false)
    {
        using var stream = files.OpenRead(table);
        using var text = LenientText.Open(stream);
        if (!names)
        {
            foreach (var record in Csv.Read(text)) yield return record;
            yield break;
        }
        // The names of the columns alone, since a table may have no line yet.
        if (text.ReadLine() is { Length: < 10_000 } line)
            foreach (var record in Csv.Read(new StringReader($"{line}\n{line}"))) yield return record;
    }
}
