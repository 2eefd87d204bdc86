using Blog.Archives.Files;
using Blog.Archives.Own;

namespace Blog.Archives.Markdown;

/// <summary>A folder (or ZIP) of Markdown files: a static site's content, or what this site exports.</summary>
public sealed class MarkdownReader : IArchiveReader
{
    const int LongestText = 20 * 1024 * 1024;

    public string Format => "markdown";

    public bool FetchesPictures => false;

    public bool Recognises(IArchiveFiles files) => files.Paths.Any(IsMarkdown);

    public IEnumerable<ArchiveItem> Read(IArchiveFiles files)
    {
        var present = files.Paths.ToHashSet(StringComparer.Ordinal);
        return files.Paths.Where(path => IsMarkdown(path) && !IsNewerTextOfAnother(files, present, path)).Select(path => Read(files, present, path))
            .Concat(files.Paths.Where(IsFact).OrderByDescending(IsPublication).Select(path => FactFiles.Read(files, path)).OfType<ArchiveItem>());
    }

    /// <summary>By the name, since Markdown looks like any text.</summary>
    public static bool IsMarkdown(string path) => Path.GetExtension(path).ToLowerInvariant() is ".md" or ".markdown" or ".mdown" or ".mkd";

    /// <summary>By its place in what this platform exports; its content says whether it is one.</summary>
    static bool IsFact(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && (Path.GetFileName(Path.GetDirectoryName(path)) is "series" or "lists" or "responses" || Path.GetFileName(path) == "my-responses.json" || IsPublication(path));

    // Whose it is says whose the rest is.
    static bool IsPublication(string path) => Path.GetFileName(path) == "publication.json";

    /// <summary>What this platform exports beside a published story that has been changed since: <c>changes/name.md</c> beside <c>stories/name.md</c>.</summary>
    static bool IsNewerTextOfAnother(IArchiveFiles files, HashSet<string> present, string path) =>
        Path.GetFileName(Path.GetDirectoryName(path)) == "changes" && Sibling(present, path, "stories") is not null && FrontMatterOf(files, path)?.Values.ContainsKey("changes_to") == true;

    static string? Sibling(HashSet<string> present, string path, string folder) =>
        Path.GetDirectoryName(Path.GetDirectoryName(path)) is { } parent && present.TryGetValue($"{parent}{(parent.Length > 0 ? "/" : "")}{folder}/{Path.GetFileName(path)}", out var found) ? found : null;

    static FrontMatter? FrontMatterOf(IArchiveFiles files, string path)
    {
        try
        {
            return FrontMatter.Read(TextOf(files, path));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArchiveRefusedException)
        {
            return null;
        }
    }

    static string TextOf(IArchiveFiles files, string path)
    {
        using var stream = files.OpenRead(path);
        return LenientText.ReadAll(stream, LongestText, path);
    }

    static ArchiveArticle WithNewerText(ArchiveArticle article, IArchiveFiles files, HashSet<string> present)
    {
        if (Path.GetFileName(Path.GetDirectoryName(article.Path)) != "stories" || Sibling(present, article.Path, "changes") is not { } path || !IsNewerTextOfAnother(files, present, path)) return article;
        var text = TextOf(files, path);
        return article with { Changes = MarkdownFile.Read(path, text, files.Name) with { Slug = FrontMatter.Read(text).Text("slug") ?? "" } };
    }

    static ArchiveItem Read(IArchiveFiles files, HashSet<string> present, string path)
    {
        if (Path.GetFileName(path) is "_index.md" or "README.md") return new ArchiveRemark(path, false, "describes a folder, is not an article");
        try
        {
            var article = WithNewerText(MarkdownFile.Read(path, TextOf(files, path), files.Name), files, present);
            return string.IsNullOrWhiteSpace(article.Body) && !article.Draft ? new ArchiveRemark(path, false, "has no text") : article;
        }
        catch (FormatException wrong)
        {
            return new ArchiveRemark(path, true, $"its front matter cannot be read: {wrong.Message}");
        }
        catch (ArchiveRefusedException refused)
        {
            return new ArchiveRemark(path, true, refused.Message);
        }
    }
}
