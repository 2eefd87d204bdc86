namespace Blog.Bff.Cache;

/// <summary>Which tags a change concerns.</summary>
static class ChangeTags
{
    /// <summary>Concerned by every change: missing pages, and pages without tags.</summary>
    public const string Any = "any";

    /// <summary>An article appeared or changed.</summary>
    /// <param name="cache">Where it is kept.</param>
    /// <param name="articleId">Which.</param>
    /// <param name="authorIds">Everybody in its byline, also before the change.</param>
    /// <param name="slugs">Its present one and those before.</param>
    /// <param name="topicSlugs">Null: not known here, so every topic.</param>
    public static void ArticleChanged(this PageCache cache, string articleId, IReadOnlyCollection<string> authorIds, IEnumerable<string?> slugs, IEnumerable<string>? topicSlugs = null)
    {
        cache.Evict([$"article:{articleId}", .. Around(authorIds, slugs), .. (topicSlugs ?? []).Select(slug => $"topic:{slug}")]);
        if (topicSlugs is null) cache.EvictAllOf("topic:");
    }

    /// <summary>An article is not for readers any more: nothing that shows it is kept, not even for bad times.</summary>
    public static void ArticleRemoved(this PageCache cache, string articleId, IReadOnlyCollection<string> authorIds, IEnumerable<string?>? slugs = null, IEnumerable<string>? topicSlugs = null)
    {
        cache.Remove($"article:{articleId}");
        cache.ArticleChanged(articleId, authorIds, slugs ?? [], topicSlugs);
    }

    /// <summary>Somebody clapped, or the number of responses changed.</summary>
    public static void CountsChanged(this PageCache cache, string subjectId) => cache.Evict($"counts:{subjectId}");

    /// <summary>What everybody sees of the responses to an article.</summary>
    public static string ResponsesOf(string articleId) => $"responses:{articleId}";

    /// <summary>Somebody responded, edited, deleted, hid or locked.</summary>
    /// <param name="cache">Where it is kept.</param>
    /// <param name="articleId">What was responded to.</param>
    /// <param name="isGone">Words are not for readers any more: what shows them is not kept, not even for bad times.</param>
    public static void ResponsesChanged(this PageCache cache, string articleId, bool isGone = false)
    {
        if (isGone) cache.Remove(ResponsesOf(articleId));
        else cache.Evict(ResponsesOf(articleId));
        cache.CountsChanged(articleId);
    }

    /// <summary>What everybody sees of a person's reading lists: a few pages, so they share a tag.</summary>
    public static string ListsOf(string ownerId) => $"lists:{ownerId}";

    /// <summary>A list was changed, or is not for others any more: what showed it is forgotten, and not kept for bad times.</summary>
    public static void ListsChanged(this PageCache cache, string ownerId) => cache.Remove(ListsOf(ownerId));

    /// <summary>A public highlight appeared, went, or stands elsewhere.</summary>
    public static void HighlightsChanged(this PageCache cache, string articleId) => cache.Evict($"highlights:{articleId}");

    public static void ProfileChanged(this PageCache cache, string profileId, IEnumerable<string?> handles) =>
        cache.Evict([$"author:{profileId}", Any, .. handles.OfType<string>().Where(h => h.Length > 0).Select(handle => $"handle:{handle}")]);

    /// <summary>What a publication says of itself, its people or its stories changed.</summary>
    public static void PublicationChanged(this PageCache cache, string publicationId, IEnumerable<string> slugs) =>
        cache.Evict([$"publication:{publicationId}", Any, .. slugs.Where(slug => slug.Length > 0).Select(slug => $"publication-slug:{slug}")]);

    /// <summary>Which of a person's addresses of series lead where.</summary>
    public static string SeriesOf(string ownerId) => $"series-of:{ownerId}";

    /// <summary>A series was renamed or put in another order, or these articles entered or left it.</summary>
    public static void SeriesChanged(this PageCache cache, string seriesId, string ownerId, IEnumerable<string> articleIds) =>
        cache.Evict([$"series:{seriesId}", SeriesOf(ownerId), Any, .. articleIds.Select(id => $"article:{id}")]);

    /// <summary>Pages that name all languages of a story.</summary>
    public static string TranslationsOf(string groupId) => $"translations:{groupId}";

    /// <summary>Which languages a story is there in, and where, changed; these stories came together, or were together. Sitemaps say it, too.</summary>
    public static void TranslationsChanged(this PageCache cache, string groupId, IEnumerable<string> articleIds) =>
        cache.Evict([TranslationsOf(groupId), "list", Any, .. articleIds.Select(id => $"article:{id}")]);

    /// <summary>Others follow these people now, or they follow others.</summary>
    public static void FollowsChanged(this PageCache cache, params IEnumerable<string> ids) => cache.Evict(ids.Select(id => $"follows:{id}"));

    static IEnumerable<string> Around(IReadOnlyCollection<string> authorIds, IEnumerable<string?> slugs) =>
    [
        "list", Any, .. authorIds.Select(id => $"author:{id}"),
        .. from slug in slugs.OfType<string>() where slug.Length > 0 from author in authorIds select $"slug:{author}:{slug}",
    ];
}
