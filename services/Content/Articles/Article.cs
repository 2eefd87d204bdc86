using Blog.Content.Text;
using Blog.Content.Translations;

namespace Blog.Content.Articles;

enum ArticleStatus : short
{
    Draft = 1,
    Published = 2,
    Unpublished = 3,
}

/// <summary>An article as its author has it: the working copy, and where it stands with readers.</summary>
sealed class Article
{
    /// <summary>The first author: the article stands under their address.</summary>
    public required Guid AuthorId { get; init; }

    /// <summary>Those who write it with the first author, in the order of the byline.</summary>
    public Guid[] CoAuthorIds { get; private set; } = [];

    public required Guid Id { get; init; }

    /// <summary>Who else wrote it where it was imported from: names, of nobody here.</summary>
    public string[] CoAuthorNames { get; set; } = [];

    /// <summary>The publication it is in, or is going to be when it is published.</summary>
    public Guid? PublicationId { get; private set; }

    /// <summary>The series it is in. That is no change of the article: it is written beside it, without a new revision.</summary>
    public Guid? SeriesId { get; private set; }

    /// <summary>Its place in that.</summary>
    public int? SeriesPosition { get; private set; }

    /// <summary>What says the same in other languages has the same group. As <see cref="SeriesId"/> it is written beside the article.</summary>
    public Guid? TranslationGroup { get; private set; }

    public ArticleStatus Status { get; private set; } = ArticleStatus.Draft;
    public long Revision { get; private set; } = 1;
    public required ArticleContent Content { get; set; }
    public required byte[] ContentHash { get; set; }
    public int WordCount { get; set; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; set; }

    /// <summary>The slug readers use, or last used.</summary>
    public string? Slug { get; private set; }

    public byte[]? PublishedHash { get; private set; }
    public DateTimeOffset? FirstPublishTime { get; private set; }
    public DateTimeOffset? EditTime { get; private set; }
    public string? Source { get; init; }
    public byte[]? SourceHash { get; set; }

    /// <summary>When it is published by itself; null: never.</summary>
    public DateTimeOffset? ScheduleTime { get; private set; }

    /// <summary>Who chose that time.</summary>
    public Guid? ScheduledBy { get; private set; }

    /// <summary>Why it could not be published at the time that was chosen last, for its authors; empty: it could, or none was chosen.</summary>
    public string ScheduleProblem { get; private set; } = "";

    /// <summary>In the order of the byline.</summary>
    public IEnumerable<Guid> AuthorIds => [AuthorId, .. CoAuthorIds];

    /// <summary>All authors have the same rights over the text.</summary>
    public bool IsBy(Guid person) => AuthorId == person || CoAuthorIds.Contains(person);

    /// <summary>Who made the last change; null: it was made before this was kept, by the author.</summary>
    public Guid? EditedBy { get; private set; }

    public Guid EditorId => EditedBy ?? AuthorId;

    /// <summary>The newest revision that was kept, and when it was; 0: none.</summary>
    public long KeptRevision { get; private set; }

    public DateTimeOffset? KeptTime { get; private set; }

    /// <summary>When some of its revisions are next old enough to be thinned out; null: there are none.</summary>
    public DateTimeOffset? ThinTime { get; set; }

    /// <summary>Nobody has written anything yet.</summary>
    public bool IsBlank => Content.Title.Length == 0 && Content.Description.Length == 0 && string.IsNullOrWhiteSpace(Content.Markdown);

    public bool HasUnpublishedChanges => Status == ArticleStatus.Published && !IsAsPublished;

    /// <summary>The working copy is not what readers have: nobody but the author knows it.</summary>
    public bool IsDraft => Status != ArticleStatus.Published || !IsAsPublished;

    bool IsAsPublished => PublishedHash is not null && ContentHash.AsSpan().SequenceEqual(PublishedHash);

    public static Article Draft(Guid authorId, ArticleContent content, DateTimeOffset now, string? source = null, DateTimeOffset? begun = null) => new()
    {
        AuthorId = authorId,
        Id = Guid.CreateVersion7(now),
        Content = content,
        ContentHash = content.Hash(),
        WordCount = Text.WordCount.Of(content.Markdown).Total,
        CreateTime = begun ?? now,
        UpdateTime = now,
        EditedBy = authorId,
        Source = source,
    };

    /// <summary>Whether this is the working copy.</summary>
    public bool Has(ArticleContent content) => content.Hash().AsSpan().SequenceEqual(ContentHash);

    /// <summary>Replaces the working copy; false when it was the same, which is no change.</summary>
    public bool Change(ArticleContent content, Guid person, DateTimeOffset now)
    {
        var hash = content.Hash();
        if (hash.AsSpan().SequenceEqual(ContentHash))
            return false;
        EditedBy = person;
        (Content, ContentHash, WordCount) = (content, hash, Text.WordCount.Of(content.Markdown).Total);
        Changed(now);
        return true;
    }

    /// <summary>The working copy, as it is now, was kept as a revision.</summary>
    public void Kept(DateTimeOffset now) => (KeptRevision, KeptTime) = (Revision, now);

    /// <summary>What keeps the working copy from being published, by field.</summary>
    public IReadOnlyList<(string Field, string Description)> Missing()
    {
        var missing = new List<(string, string)>();
        if (Content.Title.Length == 0)
            missing.Add(("content.title", "Give the article a title before publishing it."));
        if (string.IsNullOrWhiteSpace(Content.Markdown))
            missing.Add(("content.markdown", "Write something before publishing."));
        if (Content.Language.Length > 0 && !LanguageTag.IsWellFormed(Content.Language))
            missing.Add(("content.language", $"“{Content.Language}” is not a language. Choose one of the list, or enter a tag like en or pt-BR."));
        return missing;
    }

    /// <summary>Makes the working copy what readers see; null when it is so already.</summary>
    public PublishedArticle? Publish(string slug, RenderedArticle rendered, KnownPicture? cover, DateTimeOffset now, DateTimeOffset? firstPublishTime = null)
    {
        if (Status == ArticleStatus.Published && IsAsPublished && Slug == slug)
            return null;
        if (FirstPublishTime is not null && !IsAsPublished)
            EditTime = now;
        FirstPublishTime ??= firstPublishTime ?? now;
        (Status, Slug, PublishedHash) = (ArticleStatus.Published, slug, ContentHash);
        (ScheduleTime, ScheduledBy, ScheduleProblem) = (null, null, "");
        Changed(now);
        return PublishedArticle.Of(this, rendered, cover);
    }

    /// <summary>Where it comes from its published text was last changed then.</summary>
    public void WasEdited(DateTimeOffset? time) => EditTime = time;

    /// <summary>Where it comes from it was published, and readers have it no more.</summary>
    public void WasWithdrawn(string slug, DateTimeOffset firstPublishTime, DateTimeOffset now)
    {
        (Status, Slug, FirstPublishTime) = (ArticleStatus.Unpublished, slug, firstPublishTime);
        Changed(now);
    }

    /// <summary>Takes the article away from readers; false when they do not have it.</summary>
    public bool Unpublish(DateTimeOffset now)
    {
        if (Status != ArticleStatus.Published)
            return false;
        Status = ArticleStatus.Unpublished;
        Changed(now);
        return true;
    }

    /// <summary>It is published at this time, or (null) not by itself; false when that was so already.</summary>
    public bool Schedule(DateTimeOffset? at, Guid person, DateTimeOffset now)
    {
        if (ScheduleTime == at && ScheduleProblem.Length == 0)
            return false;
        (ScheduleTime, ScheduledBy, ScheduleProblem) = (at, at is null ? null : person, "");
        Changed(now);
        return true;
    }

    /// <summary>Its time came and it could not be published: it stays what it is.</summary>
    public void MissSchedule(string problem, DateTimeOffset now)
    {
        (ScheduleTime, ScheduledBy, ScheduleProblem) = (null, null, problem);
        Changed(now);
    }

    /// <summary>Somebody who agreed to it writes it, too; they come last in the byline.</summary>
    public void Join(Guid person, DateTimeOffset now)
    {
        CoAuthorIds = [.. CoAuthorIds, person];
        Changed(now);
    }

    /// <summary>It has another first author now, and so another address.</summary>
    public void MoveTo(string slug) => Slug = slug;

    /// <summary>A co-author writes it no more.</summary>
    public void Part(Guid person, DateTimeOffset now)
    {
        CoAuthorIds = [.. CoAuthorIds.Where(id => id != person)];
        Changed(now);
    }

    /// <summary>It is in this publication from now on, or in none; false when it was so already.</summary>
    public bool Put(Guid? publication, DateTimeOffset now)
    {
        if (PublicationId == publication)
            return false;
        PublicationId = publication;
        Changed(now);
        return true;
    }

    /// <summary>It came with others that say the same; false: it belongs to such already.</summary>
    public bool Translates(Guid group)
    {
        if (TranslationGroup is not null)
            return false;
        TranslationGroup = group;
        return true;
    }

    void Changed(DateTimeOffset now)
    {
        Revision++;
        UpdateTime = now;
    }
}
