using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;
using ContentV1 = Blog.Content.V1;
using UsersV1 = Blog.Users.V1;

namespace Blog.Bff.Api;

// What the JSON API says, and how it follows from what the services say. Ids are UUIDv7 strings, times RFC 3339 in UTC.

public sealed record Author(string Id, string Handle, string Name, string Bio, string? AvatarUrl, bool Unclaimed)
{
    public static Author From(UsersV1.Profile profile) =>
        new(profile.Id, profile.Handle, profile.Name, profile.Bio, Addresses.Media(profile.AvatarMediaId), profile.Unclaimed);
}

public sealed record Link(string Label, string Url);

public sealed record Profile(
    string Id, string Handle, string Name, string Bio, string? AvatarUrl, bool Unclaimed,
    IReadOnlyList<Link> Links, DateTime CreatedAt, long Revision)
{
    public static Profile From(UsersV1.Profile profile) => new(
        profile.Id, profile.Handle, profile.Name, profile.Bio, Addresses.Media(profile.AvatarMediaId), profile.Unclaimed,
        [.. profile.Links.Select(link => new Link(link.Label, link.Url))], profile.CreateTime.Utc(), profile.Revision);
}

/// <summary>A profile as its public page shows it.</summary>
/// <param name="FollowerCount">People who follow this person.</param>
/// <param name="FollowingCount">People this person follows.</param>
public sealed record PersonPage(
    string Id, string Handle, string Name, string Bio, string? AvatarUrl, bool Unclaimed,
    IReadOnlyList<Link> Links, DateTime CreatedAt, long Revision, long FollowerCount, int FollowingCount)
{
    public static PersonPage From(UsersV1.Profile profile, UsersV1.FollowCounts counts)
    {
        var own = Profile.From(profile);
        return new(
            own.Id, own.Handle, own.Name, own.Bio, own.AvatarUrl, own.Unclaimed, own.Links, own.CreatedAt, own.Revision,
            counts.Followers, counts.FollowingPeople);
    }
}

public sealed record Image(string Url, int Width, int Height, string Alt)
{
    public static Image? From(ContentV1.Image? image) =>
        image is null or { MediaId: "" } ? null : new($"/media/{image.MediaId}", image.Width, image.Height, image.Alt);
}

public sealed record Topic(string Slug, string Name, int ArticleCount)
{
    public static Topic From(ContentV1.Topic topic) => new(topic.Slug, topic.Name, topic.ArticleCount);
}

public sealed record TopicList(IReadOnlyList<Topic> Items);

public sealed record Heading(int Level, string Anchor, string Text)
{
    public static Heading From(ContentV1.Heading heading) => new(heading.Level, heading.Anchor, heading.Text);
}

/// <param name="Author">The first author: it stands under their address.</param>
/// <param name="CoAuthors">Who wrote it with them, in the order of the byline.</param>
/// <param name="Publication">It appeared in; null: in none.</param>
/// <param name="CoAuthorNames">Who else wrote it on the site it was imported from: names of nobody here.</param>
public sealed record ArticleCard(
    string Id, string Slug, string Url, string Title, string Description, Author Author, IReadOnlyList<Author> CoAuthors, PublicationName? Publication, IReadOnlyList<Topic> Topics, Image? Cover,
    DateTime PublishedAt, DateTime? EditedAt, int ReadingMinutes, IReadOnlyList<string> CoAuthorNames)
{
    /// <param name="summary">As Content has it.</param>
    /// <param name="authors">By id: its first author, and whoever is known of the others.</param>
    /// <param name="publications">By id: the one it is in.</param>
    public static ArticleCard From(ContentV1.ArticleSummary summary, IReadOnlyDictionary<string, Author> authors, IReadOnlyDictionary<string, PublicationName> publications) => new(
        summary.Id, summary.Slug, Addresses.Article(authors[summary.AuthorId].Handle, summary.Slug), summary.Title, summary.Description, authors[summary.AuthorId],
        [.. summary.CoAuthorIds.Where(authors.ContainsKey).Select(id => authors[id])], publications.GetValueOrDefault(summary.PublicationId), [.. summary.Topics.Select(Topic.From)], Image.From(summary.Cover), summary.PublishTime.Utc(), summary.EditTime.UtcOrNull(),
        summary.ReadingMinutes, [.. summary.CoAuthorNames]);
}

public sealed record ArticleCardList(IReadOnlyList<ArticleCard> Items, string? NextPageToken);

public sealed record ArticlePage(
    string Id, string Slug, string Url, string Title, string Description, Author Author, IReadOnlyList<Author> CoAuthors, PublicationName? Publication, IReadOnlyList<Topic> Topics, Image? Cover,
    DateTime PublishedAt, DateTime? EditedAt, int ReadingMinutes,
    string Html, IReadOnlyList<Heading> Headings, string? CanonicalUrl, string? Language, int WordCount, Counts? Counts, SeriesNavigation? Series, Translations? Translations, IReadOnlyList<string> CoAuthorNames)
{
    /// <param name="article">As Content has it.</param>
    /// <param name="authors">As for a card.</param>
    /// <param name="publications">As for a card.</param>
    /// <param name="counts">As of when the page was made; null: not known.</param>
    public static ArticlePage From(ContentV1.PublishedArticle article, IReadOnlyDictionary<string, Author> authors, IReadOnlyDictionary<string, PublicationName> publications, Counts? counts)
    {
        var card = ArticleCard.From(article.Summary, authors, publications);
        return new(
            card.Id, card.Slug, card.Url, card.Title, card.Description, card.Author, card.CoAuthors, card.Publication, card.Topics, card.Cover,
            card.PublishedAt, card.EditedAt, card.ReadingMinutes,
            article.Html, [.. article.Headings.Select(Heading.From)], article.CanonicalUrl.OrNull(), article.Language.OrNull(), article.WordCount, counts, SeriesNavigation.From(article.Series, card.Id, authors), Translations.From(article, authors), card.CoAuthorNames);
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<ArticleStatus>))]
public enum ArticleStatus
{
    [JsonStringEnumMemberName("draft")] Draft,
    [JsonStringEnumMemberName("published")] Published,
    [JsonStringEnumMemberName("unpublished")] Unpublished,
}

/// <summary>The working copy of an article; an empty string means "none".</summary>
public sealed record ArticleContent(
    string Title, string Description, string Markdown, IReadOnlyList<string> Topics, string CoverMediaId, string CoverAlt,
    string Slug, string CanonicalUrl, string Language)
{
    public static ArticleContent From(ContentV1.ArticleContent content) => new(
        content.Title, content.Description, content.Markdown, [.. content.Topics], content.CoverMediaId, content.CoverAlt,
        content.Slug, content.CanonicalUrl, content.Language);
}

/// <summary>The whole working copy as the author wants it; what is left out becomes empty.</summary>
public sealed record ArticleContentInput(
    string Title, string Markdown, string Description = "", IReadOnlyList<string>? Topics = null, string CoverMediaId = "",
    string CoverAlt = "", string Slug = "", string CanonicalUrl = "", string Language = "")
{
    public ContentV1.ArticleContent ToContent() => new()
    {
        Title = Title,
        Description = Description,
        Markdown = Markdown,
        Topics = { Topics ?? [] },
        CoverMediaId = CoverMediaId,
        CoverAlt = CoverAlt,
        Slug = Slug,
        CanonicalUrl = CanonicalUrl,
        Language = Language,
    };
}

/// <param name="Url">Where readers find it: under the handle of its first author.</param>
/// <param name="AuthorIds">In the order of the byline; I am one of them.</param>
/// <param name="PublicationId">It is in, or is going to be when it is published.</param>
/// <param name="ScheduledFor">When it is published by itself; null: never.</param>
/// <param name="SeriesId">The series it is in.</param>
/// <param name="TranslationGroupId">Of those that say the same in other languages; null: none.</param>
/// <param name="ScheduleProblem">Why it could not be published at the time that was chosen last.</param>
public sealed record MyArticle(
    string Id, IReadOnlyList<string> AuthorIds, string? PublicationId, ArticleStatus Status, ArticleContent Content, long Revision, string? Url, DateTime CreatedAt, DateTime UpdatedAt,
    DateTime? FirstPublishedAt, bool HasUnpublishedChanges, int WordCount, DateTime? ScheduledFor, string? ScheduleProblem, string? SeriesId, string? TranslationGroupId)
{
    /// <param name="article">As Content has it.</param>
    /// <param name="handle">Of its first author, for the address readers use; unknown: no address.</param>
    public static MyArticle From(ContentV1.Article article, string? handle) => new(
        article.Id, [article.AuthorId, .. article.CoAuthorIds], article.PublicationId.OrNull(),
        StatusFrom(article.Status),
        ArticleContent.From(article.Content ?? new()), article.Revision,
        handle is not null && article.Status == ContentV1.ArticleStatus.Published ? Addresses.Article(handle, article.PublishedSlug) : null,
        article.CreateTime.Utc(), article.UpdateTime.Utc(), article.FirstPublishTime.UtcOrNull(),
        article.HasUnpublishedChanges, article.WordCount, article.ScheduleTime.UtcOrNull(), article.ScheduleProblem.OrNull(), article.SeriesId.OrNull(), article.TranslationGroupId.OrNull());

    public static ArticleStatus StatusFrom(ContentV1.ArticleStatus status) => status switch
    {
        ContentV1.ArticleStatus.Published => ArticleStatus.Published,
        ContentV1.ArticleStatus.Unpublished => ArticleStatus.Unpublished,
        _ => ArticleStatus.Draft,
    };
}

public sealed record MyArticleList(IReadOnlyList<MyArticle> Items, string? NextPageToken);

/// <summary>Public addresses, relative to the public origin.</summary>
static class Addresses
{
    public static string Article(string handle, string slug) => $"/@{handle}/{Uri.EscapeDataString(slug)}";

    public static string Person(string handle) => $"/@{handle}";

    public static string Publication(string slug) => $"/p/{slug}";

    public static string Topic(string slug) => $"/topics/{Uri.EscapeDataString(slug)}";

    public static string List(string handle, string slug) => $"/@{handle}/lists/{Uri.EscapeDataString(slug)}";

    public static string ListLink(string token) => $"/lists/{token}";

    public static string Series(string handle, string slug) => $"/@{handle}/series/{Uri.EscapeDataString(slug)}";

    public static string Draft(string token) => $"/drafts/{token}";

    public static string? Media(string mediaId) => mediaId.Length == 0 ? null : $"/media/{mediaId}";
}

static class ProtobufValues
{
    /// <summary>Everybody in the byline.</summary>
    public static IEnumerable<string> AuthorIds(this ContentV1.ArticleSummary summary) => [summary.AuthorId, .. summary.CoAuthorIds];

    public static DateTime Utc(this Timestamp? time) => time?.ToDateTime() ?? DateTime.UnixEpoch;

    public static DateTime? UtcOrNull(this Timestamp? time) => time?.ToDateTime();

    /// <summary>proto3 says "absent" with an empty string; JSON says it with null.</summary>
    public static string? OrNull(this string text) => text.Length == 0 ? null : text;
}
