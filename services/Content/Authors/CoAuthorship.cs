namespace Blog.Content.Authors;

/// <summary>What a person wrote with others: the other side of <c>Article.CoAuthorIds</c>.</summary>
sealed class CoAuthorship
{
    public required Guid PersonId { get; init; }
    public required Guid ArticleId { get; init; }

    /// <summary>Of the article's first publication; null while readers do not have it.</summary>
    public DateTimeOffset? PublishTime { get; set; }
}
