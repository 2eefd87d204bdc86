namespace Blog.Content.Articles;

/// <summary>Where an imported article stood on its former site.</summary>
sealed class FormerPath
{
    public required Guid AuthorId { get; init; }

    /// <summary>Readable, without the last slash.</summary>
    public required string Path { get; init; }

    public required Guid ArticleId { get; init; }
}
