using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Grpc;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Translations;

/// <summary>An article that readers have, as one of those that say the same.</summary>
sealed record PublishedTranslation(Guid GroupId, Guid ArticleId, Guid AuthorId, string Slug, string Title, string Language, string CanonicalUrl, DateTimeOffset PublishTime)
{
    public V1.Translation ToMessage() => new()
    {
        ArticleId = ArticleId.ToString(),
        AuthorId = AuthorId.ToString(),
        Slug = Slug,
        Title = Title,
        Language = Language,
        CanonicalUrl = CanonicalUrl,
    };
}

static class PublishedTranslations
{
    /// <summary>
    /// What readers have of the groups of these articles, by article: the original first, each language once. An article that belongs to none, or of which nobody said the
    /// language, is left out.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Guid, PublishedTranslation[]>> PublishedTranslationsAsync(this ContentDbContext db, Guid[] articles, CancellationToken cancel)
    {
        var rows = await db.Database.SqlQuery<PublishedTranslation>($"""
            select a.translation_group as "GroupId", p.article_id as "ArticleId", p.author_id as "AuthorId", p.slug as "Slug", p.title as "Title", p.language as "Language",
                p.canonical_url as "CanonicalUrl", p.publish_time as "PublishTime"
            from articles a join publications p on p.article_id = a.id
            where a.translation_group in (select translation_group from articles where id = any({articles}) and translation_group is not null) and p.language <> ''
            """).ToListAsync(cancel);
        var members = new Dictionary<Guid, PublishedTranslation[]>();
        foreach (var group in rows.GroupBy(row => row.GroupId))
        {
            PublishedTranslation[] inOrder = [.. group.OrderByDescending(row => row.ArticleId == row.GroupId).ThenBy(row => row.PublishTime).ThenBy(row => row.ArticleId).DistinctBy(row => row.Language, StringComparer.OrdinalIgnoreCase)];
            foreach (var member in inOrder)
                members.Add(member.ArticleId, inOrder);
        }
        return members;
    }

    /// <summary>Among its translations, readers find each language once.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT, content.language: nobody said which it is, or another one is published in it.</exception>
    public static async Task MustHaveLanguageOfItsOwnAsync(this ContentDbContext db, Article article, CancellationToken cancel)
    {
        if (article.TranslationGroup is not { } group)
            return;
        if (article.Content.Language.Length == 0)
            throw RpcErrors.InvalidArgument(("content.language", "Say in which language this story is: it has translations."));
        var others = await db.Articles.AsNoTracking().Where(a => a.TranslationGroup == group && a.Id != article.Id)
            .Join(db.PublishedArticles, a => a.Id, p => p.ArticleId, (_, p) => new { p.Language, p.Title }).ToListAsync(cancel);
        if (others.Find(other => LanguageTag.Same(other.Language, article.Content.Language)) is { } taken)
            throw RpcErrors.InvalidArgument(("content.language", $"Its translation “{taken.Title}” is in this language already. Choose another one, or take that out of the translations."));
    }
}
