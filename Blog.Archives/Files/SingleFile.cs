namespace Blog.Archives.Files;

/// <summary>An archive that is one file: a WordPress export, a Ghost export without pictures, one Markdown text.</summary>
sealed class SingleFile(string path, string name, ArchiveLimits limits) : IArchiveFiles
{
    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(name);

    public IReadOnlyList<string> Paths { get; } = [name];

    public IReadOnlyList<ArchiveRemark> Refused => [];

    public Stream OpenRead(string _) => new BoundedStream(File.OpenRead(path), limits.LargestFile, name);

    public string? Resolve(string from, string address) => null;

    public void Dispose()
    {
        // Nothing is held open.
    }
}
