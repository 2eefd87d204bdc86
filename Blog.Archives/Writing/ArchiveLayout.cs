using System.Text;
using Blog.Content.V1;

namespace Blog.Archives.Writing;

/// <summary>Where each story lies in an archive, known before the first is written, since stories name one another.</summary>
public sealed class ArchiveLayout
{
    const int LongestName = 200;

    readonly Dictionary<string, string> byId = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> byAddress = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, string> translations = new(StringComparer.Ordinal);
    readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <param name="articles">Everything that is exported; <see cref="Keys"/> has it in the order of the archive.</param>
    /// <param name="addressOf">The path on this site of a published one; null: links to it stay as they are.</param>
    public ArchiveLayout(IEnumerable<ExportedArticleKey> articles, Func<ExportedArticleKey, string?> addressOf)
    {
        Keys = [.. articles.OrderBy(key => $"{Folder(key)}/{Name(key)}\n{key.Title}", StringComparer.Ordinal)];
        foreach (var key in Keys)
        {
            byId[key.Id] = Free(Folder(key), Name(key), "md");
            if (key.Status == ArticleStatus.Published && addressOf(key) is { } address) byAddress[address] = byId[key.Id];
        }
        // Who is the only one in the archive has nobody to be named with.
        foreach (var group in Keys.Where(key => key.TranslationGroupId.Length > 0).GroupBy(key => key.TranslationGroupId).Where(group => group.Count() > 1))
            foreach (var key in group) translations[key.Id] = Path.ChangeExtension(byId[group.First().Id], null);
    }

    public IReadOnlyList<ExportedArticleKey> Keys { get; }

    /// <summary>What a file is called without its folder and ending: the last part of a story's address.</summary>
    public static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    /// <summary>Null: it is not in the archive.</summary>
    public string? PathOf(string articleId) => byId.GetValueOrDefault(articleId);

    /// <summary>What is the same for all stories that say the same in several languages: the path of the first of them. Empty: none does.</summary>
    public string TranslationKeyOf(string articleId) => translations.GetValueOrDefault(articleId, "");

    /// <summary>Where a link on this site leads in the archive, as a link; null: out of it.</summary>
    public string? PathAt(string address)
    {
        var end = address.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? at : address.Length;
        return address.StartsWith("/@", StringComparison.Ordinal) && byAddress.TryGetValue(Uri.UnescapeDataString(address[..end]), out var path) ? $"{Linked(path)}{address[end..]}" : null;
    }

    /// <summary>A path as links name it.</summary>
    public static string Linked(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A path that no other file has.</summary>
    public string Free(string folder, string name, string ending)
    {
        var path = $"{folder}/{name}.{ending}";
        for (var n = 2; !taken.Add(path); n++) path = $"{folder}/{name}-{n}.{ending}";
        return path;
    }

    static string Folder(ExportedArticleKey key) => key.Status == ArticleStatus.Published ? "stories" : "drafts";

    static string Name(ExportedArticleKey key) => Shortened(key.Slug.Length > 0 ? key.Slug : ArchiveArticle.SlugOf(key.Title) is { Length: > 0 } made ? made : "untitled");

    // File systems take 255 bytes of a name.
    static string Shortened(string slug) => Encoding.UTF8.GetByteCount(slug) <= LongestName ? slug : slug[..(char.IsHighSurrogate(slug[59]) ? 59 : 60)].TrimEnd('-');
}
