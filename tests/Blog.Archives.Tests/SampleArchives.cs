using System.IO.Compression;
using System.Text;

namespace Blog.Archives.Tests;

/// <summary>Archives made for a test and gone after it.</summary>
public sealed class SampleArchives : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("blog-archives-");

    public string Folder => folder.FullName;

    public string Zip(string name, params (string Path, string Text)[] files) => ZipOf(name, [.. files.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))]);

    public string ZipOf(string name, params (string Path, byte[] Bytes)[] files)
    {
        var path = Path.Combine(Folder, name);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (entry, bytes) in files)
        {
            using var stream = zip.CreateEntry(entry).Open();
            stream.Write(bytes);
        }
        return path;
    }

    public string File(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }

    public static (List<ArchiveArticle> Articles, List<ArchiveRemark> Remarks) Read(string path, ArchiveLimits? limits = null)
    {
        using var archive = Archive.Open(path, limits: limits);
        var items = archive.Read().ToList();
        return ([.. items.OfType<ArchiveArticle>()], [.. items.OfType<ArchiveRemark>()]);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
