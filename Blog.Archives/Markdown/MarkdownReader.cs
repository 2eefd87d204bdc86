using Blog.Archives.Files;

namespace Blog.Archives.Markdown;

/// <summary>A folder (or ZIP) of Markdown files: a static site's content, or what this site exports.</summary>
public sealed class MarkdownReader : IArchiveReader
{
    const int LongestText = 20 * 1024 * 1024;

    public string Format => "markdown";

    public bool FetchesPictures => false;

    public bool Recognises(IArchiveFiles files) => files.Paths.Any(IsMarkdown);

    public IEnumerable<ArchiveItem> Read(IArchiveFiles files) => files.Paths.Where(IsMarkdown).Select(path => Read(files, path));

    /// <summary>By the name, since Markdown looks like any text.</summary>
    public static bool IsMarkdown(string path) => Path.GetExtension(path).ToLowerInvariant() is ".md" or ".markdown" or ".mdown" or ".mkd";

    static ArchiveItem Read(IArchiveFiles files, string path)
    {
        if (Path.GetFileName(path) is "_index.md" or "README.md") return new ArchiveRemark(path, false, "describes a folder, is not an article");
        try
        {
            using var stream = files.OpenRead(path);
            var article = MarkdownFile.Read(path, LenientText.ReadAll(stream, LongestText, path), files.Name);
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
