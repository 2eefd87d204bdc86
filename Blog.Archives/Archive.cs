using Blog.Archives.Files;
using Blog.Archives.Ghost;
using Blog.Archives.Markdown;
using Blog.Archives.Medium;
using Blog.Archives.Substack;
using Blog.Archives.WordPress;

namespace Blog.Archives;

/// <summary>An opened archive whose kind is known.</summary>
public sealed class Archive : IDisposable
{
    // The last takes every folder with Markdown in it.
    static readonly IArchiveReader[] Readers = [new WordPressReader(), new GhostReader(), new SubstackReader(), new MediumReader(), new MarkdownReader()];

    readonly ArchiveLimits limits;

    Archive(IArchiveFiles files, IArchiveReader reader, ArchiveLimits limits) => (Files, Reader, this.limits) = (files, reader, limits);

    public IArchiveFiles Files { get; }

    public IArchiveReader Reader { get; }

    /// <summary>Opens a folder, a ZIP or a single file, and finds out by its content what it is.</summary>
    /// <param name="path">On this machine.</param>
    /// <param name="name">What it was called where it comes from; null: the path's own name.</param>
    /// <param name="limits">How large it may be.</param>
    /// <exception cref="ArchiveRefusedException">It is none of the kinds that can be read, or harmful.</exception>
    public static Archive Open(string path, string? name = null, ArchiveLimits? limits = null)
    {
        limits ??= new ArchiveLimits();
        IArchiveFiles files = Directory.Exists(path) ? new FolderFiles(path) : ZipFiles.IsZip(path) ? new ZipFiles(path, name ?? Path.GetFileName(path), limits) : new SingleFile(path, name ?? Path.GetFileName(path), limits);
        try
        {
            return new Archive(files, Readers.FirstOrDefault(reader => reader.Recognises(files)) ?? throw new ArchiveRefusedException(files.Refused.Count > 0
                ? $"Nothing in it can be read. {files.Refused[0].Path}: {files.Refused[0].Reason}."
                : "This is none of the archives that can be read: a Medium or Substack archive (ZIP), a Ghost export (JSON or ZIP), a WordPress export (XML), Markdown files (a folder or ZIP)."), limits);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Everything in it, fitted to what articles may have here; files that are refused come first. Of remarks beyond what is listed the last says how many there are.</summary>
    /// <exception cref="ArchiveRefusedException">The whole cannot be read, or holds more than may be.</exception>
    public IEnumerable<ArchiveItem> Read()
    {
        var (items, remarks, failures) = (0, 0, 0);
        foreach (var item in Files.Refused.Concat(Reader.Read(Files)))
        {
            if (item is ArchiveRemark remark)
            {
                if (++remarks <= limits.Remarks) yield return item;
                else if (remark.IsFailure) failures++;
                continue;
            }
            if (++items > limits.Items) throw new ArchiveRefusedException($"It holds more than {limits.Items} stories. Bring it in in parts.");
            yield return item is ArchiveArticle article ? article.Fitted() : item;
        }
        if (remarks > limits.Remarks) yield return new ArchiveRemark(Files.Name, failures > 0, $"{remarks - limits.Remarks} more are not imported and not listed here, {failures} of them because they cannot be read");
    }

    /// <inheritdoc/>
    public void Dispose() => Files.Dispose();
}
