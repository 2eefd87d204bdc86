using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Blog.Archives.Html;

namespace Blog.Archives.WordPress;

/// <summary>
/// A WordPress export (WXR 1.0 to 1.2): RSS with namespaces of its own. Posts become articles; pages, private and protected posts become drafts; revisions, menus and
/// the like are passed over. Pictures are addresses, or files beside it in a ZIP.
/// </summary>
public sealed class WordPressReader : IArchiveReader
{
    // Texts of these are settings of the site, copies, or what visitors sent in.
    static readonly HashSet<string> Technical = ["attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_block", "wp_template", "wp_template_part", "wp_global_styles",
        "wp_navigation", "wp_font_family", "wp_font_face", "feedback", "acf-field", "acf-field-group", "elementor_library", "elementor_snippet", "amp_validated_url", "wpcf7_contact_form", "wpforms", "shop_order", "shop_coupon", "shop_order_refund",
        "product_variation", "scheduled-action", "jp_pay_order", "jp_pay_product", "jetpack_migration", "mc4wp-form", "popup", "et_pb_layout", "vc_grid_item", "custom-post-type", "tablepress_table"];

    public string Format => "wordpress";

    public bool FetchesPictures => true;

    public bool Recognises(IArchiveFiles files) => Exports(files).Any();

    public IEnumerable<ArchiveItem> Read(IArchiveFiles files)
    {
        foreach (var path in Exports(files))
            foreach (var item in ReadOne(files, path)) yield return item;
    }

    static IEnumerable<string> Exports(IArchiveFiles files) => files.Paths.Where(path => Path.GetExtension(path).ToLowerInvariant() is ".xml" or ".wxr" or ".rss" or "" && IsExport(files, path));

    static bool IsExport(IArchiveFiles files, string path)
    {
        try
        {
            using var xml = Wxr.Open(files.OpenRead(path));
            xml.MoveToContent();
            if (xml.LocalName != "rss") return false;
            for (var attribute = 0; attribute < xml.AttributeCount; attribute++)
                if (xml.GetAttribute(attribute).StartsWith("http://wordpress.org/export/", StringComparison.Ordinal)) return true;
            return false;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    static IEnumerable<ArchiveItem> ReadOne(IArchiveFiles files, string path)
    {
        // Pictures may come after the posts that show them, so they are looked for first.
        var parts = new SiteParts();
        var channel = new Wxr.Channel();
        foreach (var (item, _) in Items(files, path, channel))
            if (item is not null) parts.Add(item);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, problem) in Items(files, path, new Wxr.Channel()))
        {
            if (item is null)
            {
                yield return new ArchiveRemark(path, true, problem!);
            }
            else if (!Technical.Contains(item.Type))
            {
                var where = $"{path}: {(item.Title.Trim().Length > 0 ? $"“{ArchiveArticle.Shortened(MarkdownText.Collapsed(item.Title), 80)}”" : $"post {item.Id}")}";
                if (item.Status is "trash" or "auto-draft" or "inherit") yield return new ArchiveRemark(where, false, item.Status == "trash" ? "is in the bin" : "was never written");
                else if (item.TooLong is { } part) yield return new ArchiveRemark(where, true, $"its {(part == "encoded" ? "text" : part)} is longer than can be read");
                else if (item.Id.Length > 0 && !seen.Add(item.Id)) yield return new ArchiveRemark(where, false, $"has the id {item.Id} of another; the first was taken");
                else yield return Post(item, where, channel, parts);
            }
        }
    }

    // A file that breaks off gives what stands before the break, and says so.
    static IEnumerable<(WxrItem? Item, string? Problem)> Items(IArchiveFiles files, string path, Wxr.Channel channel)
    {
        using var xml = Wxr.Open(files.OpenRead(path));
        using var items = Wxr.Items(xml, channel).GetEnumerator();
        while (true)
        {
            string? problem = null;
            var more = false;
            try
            {
                more = items.MoveNext();
            }
            catch (XmlException broken)
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"cannot be read from line {broken.LineNumber} on; what stands before it was");
            }
            catch (ArchiveRefusedException refused)
            {
                problem = refused.Message;
            }
            if (problem is not null) yield return (null, problem);
            if (!more) yield break;
            yield return (items.Current, null);
        }
    }

    static ArchiveItem Post(WxrItem item, string where, Wxr.Channel channel, SiteParts parts)
    {
        var notes = new List<string>();
        var html = item.Content;
        var blocks = html.Contains("<!-- wp:", StringComparison.Ordinal);
        try
        {
            html = Shortcodes.Replaced(parts.WithPatterns(html, notes), parts, item.Id, notes);
        }
        catch (RegexMatchTimeoutException)
        {
            notes.Add("its shortcodes could not be read and stay as text");
        }
        if (item.Meta.GetValueOrDefault("footnotes") is { Length: > 2 } footnotes) html += FootnoteList(footnotes, notes);
        var converted = HtmlToMarkdown.Convert(html, new HtmlReading { LinesMatter = !blocks });
        notes.AddRange(converted.Notes);
        var draft = item.Status is not ("publish" or "");
        if (item.Status == "private") notes.Add("was private, so it became a draft");
        if (item.Status is "future" or "pending") notes.Add($"was {(item.Status == "future" ? "scheduled" : "waiting for review")}, so it became a draft");
        if (item.Password.Length > 0)
        {
            draft = true;
            notes.Add("was protected by a password, so it became a draft");
        }
        if (item.Type is not ("post" or ""))
        {
            draft = true;
            notes.Add($"was a {ArchiveArticle.Shortened(item.Type, 40)}, not a post, so it became a draft");
        }
        if (item.Comments > 0) notes.Add(item.Comments == 1 ? "a comment of a reader was not taken" : string.Create(CultureInfo.InvariantCulture, $"{item.Comments} comments of readers were not taken"));
        if (converted.Markdown.Length == 0 && (!draft || item.Type is not ("post" or "page" or ""))) return new ArchiveRemark(where, false, "has no text");
        if (converted.Markdown.Length == 0 && item.Title.Trim().Length == 0) return new ArchiveRemark(where, false, "is an empty draft");
        var cover = item.Meta.TryGetValue("_thumbnail_id", out var thumbnail) ? parts.Find(thumbnail.Trim()) : null;
        if (thumbnail is { Length: > 0 } && cover is null) notes.Add("its cover is not in the export");
        var title = MarkdownText.Collapsed(WebUtility.HtmlDecode(item.Title));
        var date = DateOf(item);
        if (!draft && date is null) notes.Add($"its date, {(item.DateUtc.Length > 0 ? item.DateUtc : "missing")}, cannot be read");
        return new ArchiveArticle(where, $"wordpress:{Host(channel.Address)}:{(item.Id.Length > 0 ? item.Id : item.Link)}")
        {
            Title = title.Length > 0 ? title : "Untitled",
            Slug = ArchiveArticle.SlugOf(Uri.UnescapeDataString(item.Name)),
            Description = Description(item),
            Body = converted.Markdown,
            Draft = draft,
            Date = draft ? null : date,
            Authors = item.Creator.Length > 0 ? [channel.Authors.GetValueOrDefault(item.Creator, item.Creator)] : [],
            // Tags say what a post is about more closely than categories do.
            Topics = [.. item.Categories.Where(c => c.Domain is "post_tag" or "tag").Concat(item.Categories.Where(c => c.Domain is "category" or "")).Select(c => WebUtility.HtmlDecode(c.Name)).Where(name => name is not ("Uncategorized" or "Uncategorised"))],
            CanonicalUrl = item.Meta.GetValueOrDefault("_yoast_wpseo_canonical", "").Trim(),
            FormerAddresses = Addresses(item, channel, draft),
            Language = channel.Language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && channel.Language.Length <= 35 ? channel.Language : "",
            Cover = cover?.Address,
            CoverAlt = cover?.Alt ?? "",
            Notes = notes,
        };
    }

    static string Description(WxrItem item)
    {
        var excerpt = item.Excerpt.Trim() is { Length: > 0 } own ? own : item.Meta.GetValueOrDefault("_yoast_wpseo_metadesc", "");
        return Shortcodes.Plain(excerpt);
    }

    static List<string> Addresses(WxrItem item, Wxr.Channel channel, bool draft)
    {
        if (draft) return [];
        var addresses = new List<string>();
        if (item.Link.Length is > 0 and < 2000) addresses.Add(item.Link);
        // WordPress leads on from what a post was called before.
        if (item.Name.Length > 0 && item.Link.TrimEnd('/').EndsWith("/" + item.Name, StringComparison.Ordinal))
            addresses.AddRange(item.FormerNames.Select(name => item.Link[..(item.Link.TrimEnd('/').Length - item.Name.Length)] + name + (item.Link.EndsWith('/') ? "/" : "")));
        if (channel.Address.Length > 0 && Shortcodes.IsId(item.Id)) addresses.Add($"{channel.Address.TrimEnd('/')}/?p={item.Id}");
        return addresses;
    }

    static string FootnoteList(string json, List<string> remarks)
    {
        try
        {
            using var notes = JsonDocument.Parse(json);
            return $"<ol>{string.Concat(notes.RootElement.EnumerateArray().Select(note => $"<li id=\"{WebUtility.HtmlEncode(note.GetProperty("id").GetString())}\">{note.GetProperty("content").GetString()} <a href=\"#{WebUtility.HtmlEncode(note.GetProperty("id").GetString())}-link\">↩</a></li>"))}</ol>";
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            remarks.Add("its footnotes cannot be read and were left out");
            return "";
        }
    }

    // WordPress writes 0000-00-00 for a draft's.
    static DateTimeOffset? DateOf(WxrItem item)
    {
        foreach (var (text, zone) in new[] { (item.DateUtc, "Z"), (item.PublishDate, ""), (item.Date, "Z") })
            if (DateTimeOffset.TryParse(text + zone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && date.Year > 1) return date;
        return null;
    }

    static string Host(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Authority : "";
}
