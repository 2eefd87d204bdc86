using System.Text.RegularExpressions;

namespace Blog.Archives.WordPress;

/// <summary>A picture or file of a WordPress site.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Alt">For those who do not see it.</param>
/// <param name="Caption">Plain text; may be empty.</param>
/// <param name="Title">Its name.</param>
readonly record struct Attachment(string Address, string Alt, string Caption, string Title);

/// <summary>What posts of an export only name, found before the first post is read: attachments, and blocks that several posts share.</summary>
sealed partial class SiteParts
{
    const int MostAttachments = 500_000, MostPatterns = 2_000, LongestPatterns = 16 * 1024 * 1024, Deepest = 5;

    readonly Dictionary<string, Attachment> attachments = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<(int Order, string Id)>> byParent = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> patterns = new(StringComparer.Ordinal);
    int patternLength;

    public void Add(WxrItem item)
    {
        if (!Shortcodes.IsId(item.Id)) return;
        if (item.Type == "attachment" && item.AttachmentUrl.Length is > 0 and < 2000 && attachments.Count < MostAttachments)
        {
            var shown = new Attachment(item.AttachmentUrl, item.Meta.GetValueOrDefault("_wp_attachment_image_alt", ""), ArchiveArticle.Shortened(Shortcodes.Plain(item.Excerpt), 400), ArchiveArticle.Shortened(item.Title.Trim(), 200));
            if (!attachments.TryAdd(item.Id, shown) || !Shortcodes.IsId(item.Parent) || item.Parent == "0") return;
            if (!byParent.TryGetValue(item.Parent, out var siblings)) byParent[item.Parent] = siblings = [];
            siblings.Add((item.Order, item.Id));
        }
        else if (item.Type == "wp_block" && patterns.Count < MostPatterns && (patternLength += item.Content.Length) < LongestPatterns)
        {
            patterns.TryAdd(item.Id, item.Content);
        }
    }

    public Attachment? Find(string id) => attachments.TryGetValue(id, out var found) ? found : null;

    /// <summary>The pictures that were put in while writing a post, as a gallery without names shows them.</summary>
    public IEnumerable<string> PicturesOf(string post) =>
        byParent.TryGetValue(post, out var siblings) ? siblings.OrderBy(picture => picture.Order).Select(picture => picture.Id).Where(id => IsPicture(attachments[id].Address)) : [];

    /// <summary>Shared blocks stand where they are named; one that is not in the export is said.</summary>
    public string WithPatterns(string html, ICollection<string> notes, int depth = 0) => !html.Contains("<!-- wp:block", StringComparison.Ordinal) ? html : Shared().Replace(html, match =>
    {
        if (depth < Deepest && patterns.TryGetValue(match.Groups["id"].Value, out var content)) return WithPatterns(content, notes, depth + 1);
        notes.Add($"a block that it shares with other posts ({match.Groups["id"].Value}) is not in the export and was left out");
        return "";
    });

    static bool IsPicture(string address) => Path.GetExtension(address.Split('?', '#')[0]).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".gif" or ".webp" or ".avif" or ".heic" or ".bmp" or ".tif" or ".tiff" or ".svg";

    [GeneratedRegex("""<!-- wp:block \{[^{}]{0,200}?"ref":(?<id>[0-9]{1,18})[^>]{0,2000}?/?-->""", RegexOptions.None, 1000)]
    private static partial Regex Shared();
}
