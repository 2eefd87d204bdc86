using System.Collections.Concurrent;
using System.IO.Compression;

namespace Blog.Archives.Files;

/// <summary>
/// The files of a ZIP. Nothing is unpacked to the disk, so a name cannot lead anywhere; names that try are refused all the same. What comes out of
/// it is counted as it comes, file by file and all together.
/// </summary>
public sealed class ZipFiles : IArchiveFiles
{
    readonly string file;
    readonly ArchiveLimits limits;
    readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> byName = new(StringComparer.OrdinalIgnoreCase);
    // A ZIP reads at one place at a time; whoever reads beside another gets one of his own.
    readonly ConcurrentBag<ZipArchive> free = [];
    long total;

    /// <exception cref="ArchiveRefusedException">It cannot be read, or is meant to do harm.</exception>
    public ZipFiles(string file, string name, ArchiveLimits limits)
    {
        (this.file, this.limits) = (file, limits);
        Name = Path.GetFileNameWithoutExtension(name);
        using (var zip = File.OpenRead(file))
            ZipDirectory.Check(zip, limits.Files);
        var refused = new List<ArchiveRemark>();
        var archive = Open();
        free.Add(archive);
        foreach (var entry in archive.Entries)
        {
            var path = entry.FullName.Replace('\\', '/');
            // Folders, and what a Mac adds of its own.
            if (path.EndsWith('/') || path.StartsWith("__MACOSX/", StringComparison.Ordinal) || Path.GetFileName(path) is ".DS_Store" or "Thumbs.db") continue;
            if (Problem(entry, path) is { } problem) refused.Add(new(Shown(path), true, problem));
            else if (!entries.TryAdd(path, entry)) refused.Add(new(Shown(path), true, "there are two files of this name; the first was taken"));
            else byName.TryAdd(path, path);
        }
        Refused = refused;
        var folder = CommonFolder();
        Paths = [.. entries.Keys.Order(StringComparer.Ordinal)];
        Root = folder;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ArchiveRemark> Refused { get; }

    /// <summary>The folder that holds everything, with its slash; empty when there is none. Who zips a folder by hand makes one.</summary>
    public string Root { get; }

    /// <summary>Whether a file begins as a ZIP does.</summary>
    public static bool IsZip(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[4];
        return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && (start.SequenceEqual("PK\x03\x04"u8) || start.SequenceEqual("PK\x05\x06"u8));
    }

    /// <inheritdoc/>
    public Stream OpenRead(string path)
    {
        if (!free.TryTake(out var archive)) archive = Open();
        try
        {
            var entry = archive.GetEntry(entries[path].FullName) ?? throw new ArchiveRefusedException($"{path} is damaged");
            var most = Math.Min(limits.LargestFile, Math.Max(1 << 20, entry.CompressedLength * limits.Ratio));
            return new BoundedStream(entry.Open(), most, path, Count, () => free.Add(archive));
        }
        catch (Exception damaged) when (damaged is InvalidDataException or NotSupportedException)
        {
            free.Add(archive);
            throw new ArchiveRefusedException($"{path} is damaged, encrypted, or packed in a way that cannot be read", damaged);
        }
    }

    /// <inheritdoc/>
    public string? Resolve(string from, string address)
    {
        var path = Uri.UnescapeDataString(address.Split('?', '#')[0]).Replace('\\', '/');
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) return null;
        var rooted = path[0] == '/' || path.StartsWith("@/", StringComparison.Ordinal);
        var inner = rooted ? path.TrimStart('@').TrimStart('/') : path;
        string[] bases = rooted ? ["", "static/", "public/", "content/", "assets/"] : [from[..(from.LastIndexOf('/') + 1)], Root];
        var left = false;
        foreach (var folder in bases)
        {
            if (Joined(rooted ? Root + folder : folder, inner) is not { } whole) left = true;
            else if (byName.TryGetValue(whole, out var found)) return found;
        }
        return left ? throw new UnauthorizedAccessException($"{address} leads out of the archive") : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (free.TryTake(out var archive)) archive.Dispose();
    }

    ZipArchive Open()
    {
        try
        {
            return ZipFile.OpenRead(file);
        }
        catch (InvalidDataException damaged)
        {
            throw new ArchiveRefusedException("The ZIP is damaged, or not all of it has come.", damaged);
        }
    }

    string? Problem(ZipArchiveEntry entry, string path)
    {
        if (path.StartsWith('/') || path.Contains(':', StringComparison.Ordinal) || path.Any(char.IsControl) || path.Split('/').Contains("..")) return "its name leads out of the archive";
        if (entry.IsEncrypted) return "it is encrypted";
        if (entry.Length > limits.LargestFile) return "it is larger than what can be read";
        return entry.Length > 1 << 20 && entry.Length / Math.Max(1, entry.CompressedLength) > limits.Ratio ? $"it unpacks to more than {limits.Ratio} times its size" : null;
    }

    void Count(int bytes)
    {
        if (Interlocked.Add(ref total, bytes) > limits.Total) throw new ArchiveRefusedException("The ZIP unpacks to more than may be read.");
    }

    string CommonFolder()
    {
        var first = entries.Keys.FirstOrDefault() ?? "";
        var folder = first[..(first.IndexOf('/', StringComparison.Ordinal) + 1)];
        return folder.Length > 0 && entries.Keys.All(path => path.StartsWith(folder, StringComparison.Ordinal)) ? folder : "";
    }

    static string? Joined(string folder, string path)
    {
        var parts = new List<string>();
        foreach (var part in (folder + path).Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else return null;
        }
        return string.Join('/', parts);
    }

    static string Shown(string path) => new([.. path.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);
}
