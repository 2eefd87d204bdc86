namespace Blog.Archives;

/// <summary>Understands one kind of archive. Reading twice gives the same items in the same order.</summary>
public interface IArchiveReader
{
    /// <summary>For programs: <c>medium</c>.</summary>
    string Format { get; }

    /// <summary>Whether the content, not the name, is of this kind.</summary>
    bool Recognises(IArchiveFiles files);

    /// <summary>Pictures that the archive only names are fetched from the web.</summary>
    bool FetchesPictures { get; }

    /// <summary>Everything in it. One broken item is a remark, not an end.</summary>
    /// <exception cref="ArchiveRefusedException">The whole cannot be read.</exception>
    IEnumerable<ArchiveItem> Read(IArchiveFiles files);
}

/// <summary>The files that an archive is made of. Nothing outside of it is ever read.</summary>
public interface IArchiveFiles : IDisposable
{
    /// <summary>Names what is imported when its content does not.</summary>
    string Name { get; }

    /// <summary>Every file, relative, with '/', in a stable order.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>Files that are there and are not offered, with the reason.</summary>
    IReadOnlyList<ArchiveRemark> Refused { get; }

    /// <summary>One file; reading throws <see cref="ArchiveRefusedException"/> when it turns out larger than what may be. May be called from several threads.</summary>
    Stream OpenRead(string path);

    /// <summary>The file that <paramref name="address"/>, written in <paramref name="from"/>, means; null when there is none.</summary>
    /// <exception cref="UnauthorizedAccessException">The address leads out of the archive.</exception>
    string? Resolve(string from, string address);
}

/// <summary>An archive, or a file in it, that is not read; the message is for the person who imports.</summary>
public sealed class ArchiveRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How large what is imported may be. An archive that says little and unpacks to much is stopped while it is read.</summary>
public sealed record ArchiveLimits
{
    /// <summary>Files in a ZIP.</summary>
    public int Files { get; init; } = 100_000;

    /// <summary>Bytes of one file of text: a whole WordPress site is one.</summary>
    public long LargestFile { get; init; } = 4L << 30;

    /// <summary>Bytes of everything unpacked.</summary>
    public long Total { get; init; } = 16L << 30;

    /// <summary>How many times larger a file may be unpacked, once it has more than a megabyte.</summary>
    public int Ratio { get; init; } = 200;

    /// <summary>Stories and what else is brought in.</summary>
    public int Items { get; init; } = 200_000;

    /// <summary>Remarks that are listed; of more only their number is said.</summary>
    public int Remarks { get; init; } = 10_000;
}
