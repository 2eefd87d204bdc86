namespace Blog.Search.Engines;

/// <summary>What can be found.</summary>
public enum DocumentKind
{
    Article = 1,
    Person = 2,
    Publication = 3,
    Topic = 4,
    Draft = 5,
}

/// <summary>
/// Something that can be found. Of two documents with the same kind and id the one with the higher revision stays, in whatever order they come; the same revision again replaces
/// (a name or a counter changed, the text did not).
/// </summary>
/// <param name="Id">A UUID in canonical text form; of a topic, its slug.</param>
/// <param name="Revision">Grows with each change of the thing itself.</param>
public abstract record SearchDocument(string Id, long Revision)
{
    public abstract DocumentKind Kind { get; }
}

/// <summary>A published article.</summary>
public sealed record ArticleDocument(string Id, long Revision) : SearchDocument(Id, Revision)
{
    public override DocumentKind Kind => DocumentKind.Article;

    public required Guid AuthorId { get; init; }
    public string AuthorName { get; init; } = "";
    public string AuthorHandle { get; init; } = "";

    /// <summary>Who wrote it with the author: it is found by their names, too.</summary>
    public IReadOnlyList<CoAuthor> CoAuthors { get; init; } = [];
    public Guid? PublicationId { get; init; }
    public string Slug { get; init; } = "";
    public required string Title { get; init; }
    public string Description { get; init; } = "";

    /// <summary>Plain text, paragraphs separated by line breaks.</summary>
    public string Body { get; init; } = "";
    public IReadOnlyList<TopicName> Topics { get; init; } = [];

    /// <summary>BCP 47; empty: unknown, then only exact words are found.</summary>
    public string Language { get; init; } = "";
    public required DateTimeOffset PublishTime { get; init; }

    /// <summary>Signals of quality, as they are known: claps and responses.</summary>
    public long Claps { get; init; }
    public int Responses { get; init; }

    /// <summary>Only members read the body: it is found by its words, but no passage of it is shown.</summary>
    public bool MembersOnly { get; init; }
}

public sealed record CoAuthor(Guid Id, string Handle, string Name);

/// <param name="Slug">The id of the topic.</param>
/// <param name="Name">As people write it.</param>
public sealed record TopicName(string Slug, string Name);

/// <summary>A person who has a profile. The quality signal orders people of the same name.</summary>
public sealed record PersonDocument(string Id, long Revision) : SearchDocument(Id, Revision)
{
    public override DocumentKind Kind => DocumentKind.Person;

    public required string Name { get; init; }
    public required string Handle { get; init; }
    public string Bio { get; init; } = "";
    public long Followers { get; init; }
}

public sealed record PublicationDocument(string Id, long Revision) : SearchDocument(Id, Revision)
{
    public override DocumentKind Kind => DocumentKind.Publication;

    public required string Name { get; init; }
    public string Handle { get; init; } = "";
    public string Description { get; init; } = "";
    public long Followers { get; init; }
}

/// <summary>A topic that at least one published article carries; its id is the slug.</summary>
public sealed record TopicDocument(string Id, long Revision) : SearchDocument(Id, Revision)
{
    public override DocumentKind Kind => DocumentKind.Topic;

    public required string Name { get; init; }
    public int ArticleCount { get; init; }
}

/// <summary>The working copy of an article that is not published, or differs from what is. Only its owners find it.</summary>
public sealed record DraftDocument(string Id, long Revision) : SearchDocument(Id, Revision)
{
    public override DocumentKind Kind => DocumentKind.Draft;

    public required Guid OwnerId { get; init; }

    /// <summary>Those who write it with its owner.</summary>
    public IReadOnlyList<Guid> CoOwnerIds { get; init; } = [];

    public string Title { get; init; } = "";
    public string Description { get; init; } = "";

    /// <summary>Plain text, paragraphs separated by line breaks.</summary>
    public string Body { get; init; } = "";
    public string Language { get; init; } = "";
    public required DateTimeOffset UpdateTime { get; init; }
}

/// <summary>Something that is not to be found any more. It keeps documents with a lower or the same revision out that come later.</summary>
public sealed record Removal(DocumentKind Kind, string Id, long Revision);
