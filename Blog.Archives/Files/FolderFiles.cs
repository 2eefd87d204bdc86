namespace Blog.Archives.Files;

/// <summary>
/// The folder that is imported. Nothing outside it is ever read, whatever a file says: paths are resolved, links followed,
/// and the result must lie inside.
/// </summary>
public sealed class FolderFiles : IArchiveFiles
{
    readonly string root;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public FolderFiles(string path)
    {
        root = Path.GetFullPath(path);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"There is no folder {root}.");
        Name = new DirectoryInfo(root).Name;
        // A folder called "content" says little; the one above it names the site.
        if (Name is "content" or "posts" or "_posts" or "src" && Directory.GetParent(root) is { } parent) Name = parent.Name;
    }

    /// <summary>The folder's name: the first part of each article's source, so that a second run knows the articles again.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths => field ??=
        [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part.StartsWith('.') || part is "node_modules"))
            .Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IReadOnlyList<ArchiveRemark> Refused => [];

    /// <inheritdoc/>
    public Stream OpenRead(string path) => File.OpenRead(Path.Combine(root, path));

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held open.
    }

    /// <summary>
    /// The file that <paramref name="address"/>, written in <paramref name="from"/>, means: beside the file, or from the root of the folder (also of its
    /// <c>static</c>, <c>public</c> and <c>content</c> folders, as site generators do).
    /// </summary>
    /// <returns>Relative path, or null when there is no such file.</returns>
    /// <exception cref="UnauthorizedAccessException">The address leads out of the folder.</exception>
    public string? Resolve(string from, string address)
    {
        var path = Uri.UnescapeDataString(address.Split('?', '#')[0]);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) return null;
        var rooted = path[0] == '/' || path.StartsWith("@/", StringComparison.Ordinal);
        var inner = rooted ? path.TrimStart('@').TrimStart('/') : path;
        string[] bases = rooted ? ["", "static", "public", "content", "assets"] : [Path.GetDirectoryName(from) ?? "", ""];
        var leftFolder = false;
        foreach (var folder in bases)
        {
            var full = Path.GetFullPath(Path.Combine(root, folder, inner));
            if (!IsInside(full))
            {
                leftFolder = true;
                continue;
            }
            var file = new FileInfo(full);
            if (!file.Exists) continue;
            if (!IsInside(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full)) throw Outside(address);
            return Path.GetRelativePath(root, full).Replace('\\', '/');
        }
        return leftFolder ? throw Outside(address) : null;
    }

    bool IsInside(string full) => full.StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal);

    static UnauthorizedAccessException Outside(string address) => new($"{address} leads out of the folder");
}
