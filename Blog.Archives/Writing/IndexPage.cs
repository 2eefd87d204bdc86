using System.Globalization;
using System.Net;
using System.Text;
using Blog.Archives.Own;
using Blog.Content.V1;

namespace Blog.Archives.Writing;

/// <summary>The page of an archive that somebody opens from disk: everything in it by name, each a link to its file. It needs nothing but itself. The same files give the same page.</summary>
/// <param name="title">Of the page.</param>
/// <param name="text">What it says of itself; may be empty.</param>
sealed class IndexPage(string title, string text = "")
{
    const string Style = """
        :root{--paper:#fff;--ink:#15171a;--ink-2:#4d535b;--ink-3:#646b74;--line:#e2e5e8;--accent:#1c4fb8;color-scheme:light dark}
        @media(prefers-color-scheme:dark){:root{--paper:#111315;--ink:#e7e9eb;--ink-2:#adb4bc;--ink-3:#9aa1aa;--line:#2c3136;--accent:#8db4f5}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 "Inter Variable",system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:42rem;margin:0 auto;padding:3rem 1.25rem 6rem}
        h1{font:620 2.125rem/2.375rem "Source Serif 4 Variable",Charter,Georgia,serif;letter-spacing:-.018em;margin:0}
        h2{font-size:1rem;font-weight:600;margin:3rem 0 0;padding-bottom:.5rem;border-bottom:1px solid var(--line)}
        h3{font:620 1.3125rem/1.625rem "Source Serif 4 Variable",Charter,Georgia,serif;letter-spacing:-.01em;margin:0}
        .sum,.what{color:var(--ink-2);margin:.5rem 0 0}
        ul,ol{list-style:none;margin:0;padding:0}
        li{padding:1rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
        li li{padding:.25rem 0;border:0}
        li>ol{margin-top:.5rem}
        a{color:inherit;text-decoration-color:var(--line);text-underline-offset:.2em}
        a:hover{color:var(--accent)}
        a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        h3 a{text-decoration:none}
        .meta{color:var(--ink-3);font-size:.8125rem;line-height:1.25rem;margin:.25rem 0 0}
        .meta>*+*::before{content:" · "}
        @media(min-width:48rem){main{padding-top:5rem}h1{font-size:2.875rem;line-height:3.125rem}}
        @media print{li{break-inside:avoid}}
        """;

    readonly List<(DateTime Date, string Path, string Html)> stories = [], drafts = [];
    readonly StringBuilder series = new(), lists = new(), own = new(), people = new();
    readonly Dictionary<string, string> titles = new(StringComparer.Ordinal);

    /// <param name="article">As it was written.</param>
    /// <param name="path">Its file.</param>
    /// <param name="responses">The file of its responses; null: it has none.</param>
    public void Add(ExportedArticle article, string path, string? responses)
    {
        var (content, isDraft) = (article.Content, article.Key.Status != ArticleStatus.Published);
        titles[path] = content.Title;
        var meta = new List<string>();
        if (article.PublishTime is { } published) meta.Add(Time(published.ToDateTime()));
        if (article.Key.Status == ArticleStatus.Unpublished) meta.Add("<span>not published any more</span>");
        if (article.Changes is not null) meta.Add($"<span><a href=\"{Link($"changes/{ArchiveLayout.NameOf(path)}.md")}\">newer draft</a></span>");
        if (responses is not null) meta.Add($"<span><a href=\"{Link(responses)}\">responses</a></span>");
        var html = $"<li><h3 dir=\"auto\"{Language(content.Language)}><a href=\"{Link(path)}\">{Text(Titled(content.Title))}</a></h3>"
            + (content.Description.Length > 0 ? $"<p class=\"sum\" dir=\"auto\"{Language(content.Language)}>{Text(content.Description)}</p>" : "")
            + (meta.Count > 0 ? $"<p class=\"meta\">{string.Concat(meta)}</p>" : "") + "</li>\n";
        (isDraft ? drafts : stories).Add((article.PublishTime?.ToDateTime() ?? DateTime.MinValue, path, html));
    }

    public void AddSeries(string name, string path, IEnumerable<string> parts) =>
        series.Append(CultureInfo.InvariantCulture, $"<li><h3 dir=\"auto\"><a href=\"{Link(path)}\">{Text(name)}</a></h3><ol>{string.Concat(parts.Select(part => $"<li dir=\"auto\"><a href=\"{Link(part)}\">{Text(Titled(titles.GetValueOrDefault(part, "")))}</a></li>"))}</ol></li>\n");

    /// <param name="path">The file of the publication.</param>
    /// <param name="members">Its people.</param>
    public void AddPeople(string path, IReadOnlyCollection<FactFiles.Member> members) =>
        people.Append(CultureInfo.InvariantCulture, $"<li><h3><a href=\"{Link(path)}\">{Counted(members.Count, "member", "members")}</a></h3><ul>{string.Concat(members.Select(member => $"<li><span dir=\"auto\">{Text(member.Name)}</span> <span class=\"meta\">{Text(member.Role ?? "writer")}</span></li>"))}</ul></li>\n");

    public void AddList(string name, string path, IReadOnlyCollection<FactFiles.ListItem> items) =>
        lists.Append(CultureInfo.InvariantCulture, $"<li><h3 dir=\"auto\"><a href=\"{Link(path)}\">{Text(name)}</a></h3><p class=\"meta\"><span>{Counted(items.Count, "story", "stories")}</span></p></li>\n");

    public void AddOwnResponses(string path, IReadOnlyCollection<FactFiles.OwnResponse> responses) =>
        own.Append(CultureInfo.InvariantCulture, $"<li><h3><a href=\"{Link(path)}\">{Counted(responses.Count, "response", "responses")}</a></h3></li>\n");

    public byte[] ToBytes()
    {
        var page = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Text(title)}</title><style>\n{Style}\n</style></head><body><main>\n<h1 dir=\"auto\">{Text(title)}</h1>\n")
            .Append(text.Length > 0 ? $"<p class=\"sum\" dir=\"auto\">{Text(text)}</p>\n" : "")
            .Append("<p class=\"what\">Each title opens its file. Stories are Markdown, the rest is JSON; pictures are in the folder <a href=\"media/\">media</a>. The whole can be imported again.</p>\n");
        Section(page, "Stories", Sorted(stories));
        Section(page, "Drafts", Sorted(drafts));
        Section(page, "People", people);
        Section(page, "Series", series);
        Section(page, "Reading lists", lists);
        Section(page, "Responses to stories of others", own);
        return Encoding.UTF8.GetBytes(page.Append("</main></body></html>\n").ToString());
    }

    static StringBuilder Sorted(IEnumerable<(DateTime Date, string Path, string Html)> entries) =>
        entries.OrderByDescending(entry => entry.Date).ThenBy(entry => entry.Path, StringComparer.Ordinal).Aggregate(new StringBuilder(), (all, entry) => all.Append(entry.Html));

    static void Section(StringBuilder page, string name, StringBuilder entries)
    {
        if (entries.Length > 0) page.Append("<h2>").Append(name).Append("</h2>\n<ul>\n").Append(entries).Append("</ul>\n");
    }

    static string Titled(string title) => title.Length > 0 ? title : "Untitled";

    static string Counted(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    static string Time(DateTime time) => string.Create(CultureInfo.InvariantCulture, $"<time datetime=\"{time:yyyy-MM-dd}\">{time:d MMMM yyyy}</time>");

    static string Language(string tag) => tag.Length > 0 ? $" lang=\"{Text(tag)}\"" : "";

    static string Link(string path) => Text(ArchiveLayout.Linked(path));

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
