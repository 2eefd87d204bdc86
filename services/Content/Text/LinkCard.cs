namespace Blog.Content.Text;

/// <summary>What an address leads to, as far as readers are shown it.</summary>
public enum LinkKind
{
    /// <summary>A page: title, description, picture.</summary>
    Page,

    /// <summary>Something to watch, hear or try out, in a frame of its provider that waits to be pressed.</summary>
    Player,

    /// <summary>A short post, whose words are quoted.</summary>
    Post,

    /// <summary>A gist, whose files are shown.</summary>
    Code,
}

/// <summary>A file of a gist.</summary>
/// <param name="Name">With its extension, which tells the language.</param>
/// <param name="Text">Its lines.</param>
public sealed record LinkedFile(string Name, string Text);

/// <summary>A frame in which a provider shows something.</summary>
/// <param name="Address">https, of a host of <see cref="ServiceDefaults.Net.FrameHosts"/>.</param>
/// <param name="Width">Of its shape, in pixels.</param>
/// <param name="Height">Of its shape, in pixels.</param>
public sealed record LinkFrame(string Address, int Width, int Height);

/// <summary>What stands in an article in place of an address that is a paragraph of its own. Plain text throughout.</summary>
public sealed record LinkCard(LinkKind Kind, string Title)
{
    public string Description { get; init; } = "";

    /// <summary>Of the site, or its host.</summary>
    public string Site { get; init; } = "";

    public string Author { get; init; } = "";

    /// <summary>Our own copy, so that no other server learns who reads what.</summary>
    public KnownPicture? Picture { get; init; }

    public LinkFrame? Frame { get; init; }

    public IReadOnlyList<LinkedFile> Files { get; init; } = [];
}
