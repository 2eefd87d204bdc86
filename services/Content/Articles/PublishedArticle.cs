using System.Text.Json;
using Blog.Content.Text;
using Blog.Content.Translations;

namespace Blog.Content.Articles;

/// <summary>What readers see of an article, rendered once when it was published.</summary>
sealed class PublishedArticle
{
    public required Guid AuthorId { get; init; }
    /// <summary>In the order of the byline.</summary>
    public Guid[] CoAuthorIds { get; set; } = [];

    /// <summary>As in <see cref="Article.CoAuthorNames"/>.</summary>
    public string[] CoAuthorNames { get; set; } = [];

    /// <summary>The publication it is in.</summary>
    public Guid? PublicationId { get; set; }

    public required Guid ArticleId { get; init; }
    public required string Slug { get; set; }

    /// <summary>Of the article when this was published, or when its authors or publication last changed.</summary>
    public long Revision { get; set; }

    public required string Title { get; set; }
    public required string Description { get; set; }
    public string Html { get; set; } = "";

    /// <summary>JSON of <see cref="RenderedHeading"/>s.</summary>
    public string Headings { get; set; } = "[]";

    public required string[] TopicSlugs { get; set; }
    public required string[] TopicNames { get; set; }
    public Guid? CoverMediaId { get; set; }
    public int CoverWidth { get; set; }
    public int CoverHeight { get; set; }
    public string CoverAlt { get; set; } = "";
    public string CanonicalUrl { get; set; } = "";
    public string Language { get; set; } = "";
    public int WordCount { get; set; }
    public int ReadingMinutes { get; set; }
    public required DateTimeOffset PublishTime { get; init; }
    public DateTimeOffset? EditTime { get; set; }

    public static PublishedArticle Of(Article article, RenderedArticle rendered, KnownPicture? cover) => new()
    {
        AuthorId = article.AuthorId,
        CoAuthorIds = article.CoAuthorIds,
        CoAuthorNames = article.CoAuthorNames,
        PublicationId = article.PublicationId,
        ArticleId = article.Id,
        Slug = article.Slug!,
        Revision = article.Revision,
        Title = article.Content.Title,
        Description = article.Content.Description,
        Html = rendered.Html,
        Headings = JsonSerializer.Serialize(rendered.Headings),
        TopicSlugs = [.. article.Content.Topics.Select(ServiceDefaults.Text.Slug.FromTopic)],
        TopicNames = article.Content.Topics,
        CoverMediaId = cover?.Id,
        CoverWidth = cover?.Width ?? 0,
        CoverHeight = cover?.Height ?? 0,
        CoverAlt = article.Content.CoverAlt,
        CanonicalUrl = article.Content.CanonicalUrl,
        Language = LanguageTag.Canonical(article.Content.Language),
        WordCount = rendered.Words.Total,
        ReadingMinutes = rendered.Words.ReadingMinutes,
        PublishTime = article.FirstPublishTime!.Value,
        EditTime = article.EditTime,
    };
}

/// <summary>A slug that leads, or led, to an article of this author.</summary>
sealed class TakenSlug
{
    public required Guid AuthorId { get; init; }
    public required string Slug { get; init; }

    /// <summary>Null when the article was deleted.</summary>
    public Guid? ArticleId { get; set; }

    public required DateTimeOffset TakenTime { get; set; }
}

/// <summary>A published article under one of its topics.</summary>
sealed class TopicArticle
{
    public required string TopicSlug { get; init; }
    public required Guid ArticleId { get; init; }
    public required string TopicName { get; init; }
    public required Guid AuthorId { get; init; }
    public required DateTimeOffset PublishTime { get; init; }
}

sealed class Topic
{
    public required string Slug { get; init; }
    public required string Name { get; init; }

    /// <summary>Published articles; kept by the database.</summary>
    public int ArticleCount { get; init; }
}
