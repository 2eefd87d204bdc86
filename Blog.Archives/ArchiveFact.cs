namespace Blog.Archives;

/// <summary>What an archive of this platform holds beside stories. Facts come after the stories they name.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">For the person who imports.</param>
/// <param name="Entries">How many things it holds.</param>
public abstract record ArchiveFact(string Path, string Title, int Entries) : ArchiveItem(Path);

/// <summary>Stories that are read one after the other.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">Its name.</param>
/// <param name="Slug">What its address ended in.</param>
/// <param name="FormerSlugs">What it ended in before.</param>
/// <param name="Description">May be empty.</param>
/// <param name="Parts">Addresses of stories in the archive, in order.</param>
public sealed record ArchiveSeries(string Path, string Title, string Slug, IReadOnlyList<string> FormerSlugs, string Description, IReadOnlyList<string> Parts) : ArchiveFact(Path, Title, Parts.Count);

/// <summary>What a member of a publication may do.</summary>
public enum ArchiveRole { Writer, Editor, Owner }

/// <summary>A publication: what it says of itself, its people, and the stories that appeared in it.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">Its name.</param>
/// <param name="Stories">Addresses of stories in the archive.</param>
public sealed record ArchivePublication(string Path, string Title, IReadOnlyList<string> Stories) : ArchiveFact(Path, Title, Stories.Count)
{
    public string Slug { get; init; } = "";
    public IReadOnlyList<string> FormerSlugs { get; init; } = [];
    public string Description { get; init; } = "";

    /// <summary>Address of its picture in the archive; null: none.</summary>
    public string? Picture { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>Owners first.</summary>
    public IReadOnlyList<ArchiveMember> Members { get; init; } = [];
}

/// <param name="Name">What the person is called.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Since">When they joined.</param>
public sealed record ArchiveMember(string Name, ArchiveRole Role, DateTimeOffset? Since);

/// <summary>Who may read a list.</summary>
public enum ArchiveVisibility { Private, Link, Public }

/// <summary>A reading list.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">Its name.</param>
/// <param name="Items">In order.</param>
public sealed record ArchiveList(string Path, string Title, IReadOnlyList<ArchiveListItem> Items) : ArchiveFact(Path, Title, Items.Count)
{
    public string Slug { get; init; } = "";
    public IReadOnlyList<string> FormerSlugs { get; init; } = [];
    public string Description { get; init; } = "";
    public ArchiveVisibility Visibility { get; init; }

    /// <summary>The one that everybody has.</summary>
    public bool IsDefault { get; init; }
}

/// <param name="Story">Address of a story in the archive; null: it is elsewhere.</param>
/// <param name="Title">Of a story elsewhere; may be empty.</param>
/// <param name="Address">Of a story elsewhere; may be empty.</param>
/// <param name="Note">The owner's words.</param>
/// <param name="Added">When it was put on the list.</param>
public sealed record ArchiveListItem(string? Story, string Title, string Address, string Note, DateTimeOffset? Added);

/// <summary>What was said under a story of the archive.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">For the report.</param>
/// <param name="Story">Address of the story in the archive.</param>
/// <param name="Locked">No more responses were taken.</param>
/// <param name="Responses">Each after what it answers.</param>
public sealed record ArchiveThread(string Path, string Title, string Story, bool Locked, IReadOnlyList<ArchiveResponse> Responses) : ArchiveFact(Path, Title, Responses.Count);

public enum ArchiveResponseState { Visible, Deleted, Hidden }

/// <param name="Number">Names it in its file.</param>
/// <param name="Answers">The number of what it answers; 0: the story.</param>
/// <param name="Own">By the person whose archive it is.</param>
/// <param name="By">Otherwise what its author was called; may be empty.</param>
/// <param name="State">Whether its words were seen.</param>
/// <param name="Date">When it was written.</param>
/// <param name="Edited">When it was last changed.</param>
/// <param name="Text">Markdown; empty when deleted.</param>
public sealed record ArchiveResponse(int Number, int Answers, bool Own, string By, ArchiveResponseState State, DateTimeOffset Date, DateTimeOffset? Edited, string Text);

/// <summary>What the person wrote under stories of others.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">For the report.</param>
/// <param name="Responses">Oldest first.</param>
public sealed record ArchiveOwnResponses(string Path, string Title, IReadOnlyList<ArchiveOwnResponse> Responses) : ArchiveFact(Path, Title, Responses.Count);

/// <param name="StoryTitle">May be empty.</param>
/// <param name="StoryAddress">May be empty.</param>
/// <param name="Date">When it was written.</param>
/// <param name="Edited">When it was last changed.</param>
/// <param name="Text">Markdown.</param>
public sealed record ArchiveOwnResponse(string StoryTitle, string StoryAddress, DateTimeOffset Date, DateTimeOffset? Edited, string Text);
