using Blog.Content.Revisions;
using Blog.Content.Text;
using Blog.Content.Translations;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.PublishArticleResponse> PublishArticle(V1.PublishArticleRequest request, ServerCallContext context) =>
        OnceAsync(request, context, async (author, cancel) =>
        {
            var article = await MineAsync(author, request.Id, cancel);
            MustBeCurrent(article, request.ExpectedRevision);
            await PublishAsync(article, null, cancel);
            if (article.Revision != request.ExpectedRevision)
                await revisions.KeepAsync(article, RevisionReason.Published, author, Now(), cancel);
            PublishDraftChange(article);
            return new V1.PublishArticleResponse { Article = ToMessage(article) };
        });

    /// <summary>Adds to the change being made: what readers get, its slug, its topics, the event.</summary>
    internal async Task PublishAsync(Article article, DateTimeOffset? firstPublishTime, CancellationToken cancel)
    {
        var (rendered, cover) = await RenderedAsync(article, cancel);
        await db.MustHaveLanguageOfItsOwnAsync(article, cancel);
        var slug = await SlugForAsync(article, cancel);

        var (formerSlug, wasPublished) = (article.Slug, article.Status == ArticleStatus.Published);
        if (article.Publish(slug, rendered, cover, Now(), firstPublishTime) is not { } published)
            return;
        var formerTopics = wasPublished
            ? await db.PublishedArticles.Where(p => p.AuthorId == article.AuthorId && p.ArticleId == article.Id).Select(p => p.TopicSlugs).SingleAsync(cancel)
            : [];
        db.Entry(published).State = wasPublished ? EntityState.Modified : EntityState.Added;
        await links.AwaitAsync(article.Id, rendered.Links, cancel);
        await ListUnderTopicsAsync(published, cancel);
        await ListUnderCoAuthorsAsync(article, published.PublishTime, cancel);
        PublishChange(article, wasPublished ? Change.Updated : Change.Published, formerSlug is not null && formerSlug != slug ? formerSlug : "", formerTopics, published);
    }

    /// <summary>What readers would get of the working copy.</summary>
    /// <exception cref="RpcException">It cannot be published; says what its author is to change.</exception>
    async Task<(RenderedArticle Rendered, KnownPicture? Cover)> RenderedAsync(Article article, CancellationToken cancel)
    {
        if (article.Missing() is { Count: > 0 } missing)
            throw RpcErrors.InvalidArgument([.. missing]);
        var rendered = await rendering.RenderAsync(article.Content.Markdown, cancel);
        var cover = await rendering.PictureAsync(article.Content.CoverMediaId, cancel);
        return cover is not null || article.Content.CoverMediaId is null
            ? (rendered, cover)
            : throw RpcErrors.InvalidArgument(("content.cover_media_id", "The picture chosen as cover is not there any more. Upload it again."));
    }

    // The site's own pages below a person's address.
    static readonly HashSet<string> PagesOfPeople = new(StringComparer.Ordinal) { "followers", "following" };

    /// <summary>
    /// The wished slug, or one from the title; an article keeps its slug while that still fits its title. A slug that another article
    /// of the author has or had stays with that one, since links lead there, until it is deleted.
    /// </summary>
    async Task<string> SlugForAsync(Article article, CancellationToken cancel)
    {
        var isWished = article.Content.Slug.Length > 0;
        var wanted = isWished ? article.Content.Slug : Slug.From(article.Content.Title) is { Length: > 0 } fromTitle ? fromTitle : "article";
        if (article.Slug is not null && (isWished ? article.Slug == wanted : Slug.IsFormOf(article.Slug, wanted)))
            return article.Slug;

        return await TakeSlugAsync(article, wanted, isWished, cancel);
    }

    /// <summary>The wanted slug, or a numbered one when another article of the author has it and the author did not choose it.</summary>
    internal async Task<string> TakeSlugAsync(Article article, string wanted, bool isWished, CancellationToken cancel)
    {
        var like = wanted + "-";
        var taken = await db.Slugs.Where(s => s.AuthorId == article.AuthorId && (s.Slug == wanted || s.Slug.StartsWith(like))).ToDictionaryAsync(s => s.Slug, cancel);
        bool IsFree(string slug) => !PagesOfPeople.Contains(slug) && (!taken.TryGetValue(slug, out var other) || other.ArticleId is null || other.ArticleId == article.Id);
        if (isWished && PagesOfPeople.Contains(wanted))
            throw RpcErrors.InvalidArgument(("content.slug", $"“{wanted}” is the address of another page of yours. Choose a different one."));
        if (isWished && !IsFree(wanted))
            throw RpcErrors.InvalidArgument(("content.slug", $"Another article of yours has, or had, the address “{wanted}”. Choose a different one."));

        var slug = Enumerable.Range(1, taken.Count + 2).Select(n => Slug.Numbered(wanted, n)).First(IsFree);
        Take(slug, taken.GetValueOrDefault(slug), article);
        return slug;
    }

    void Take(string slug, TakenSlug? row, Article article)
    {
        if (row is null)
            db.Add(new TakenSlug { AuthorId = article.AuthorId, Slug = slug, ArticleId = article.Id, TakenTime = Now() });
        else
            (row.ArticleId, row.TakenTime) = (article.Id, Now());
    }

    /// <summary>Since when readers find it with those who wrote it with the first author; null: they do not.</summary>
    async Task ListUnderCoAuthorsAsync(Article article, DateTimeOffset? publishTime, CancellationToken cancel)
    {
        if (article.CoAuthorIds.Length > 0)
            foreach (var row in await db.CoAuthorships.Where(c => c.ArticleId == article.Id).ToListAsync(cancel))
                row.PublishTime = publishTime;
    }

    async Task ListUnderTopicsAsync(PublishedArticle published, CancellationToken cancel)
    {
        var listed = await db.TopicArticles.Where(t => t.ArticleId == published.ArticleId).ToListAsync(cancel);
        db.RemoveRange(listed.Where(row => !published.TopicSlugs.Contains(row.TopicSlug)));
        foreach (var (slug, name) in published.TopicSlugs.Zip(published.TopicNames).ExceptBy(listed.Select(row => row.TopicSlug), topic => topic.First))
            db.Add(new TopicArticle { TopicSlug = slug, ArticleId = published.ArticleId, TopicName = name, AuthorId = published.AuthorId, PublishTime = published.PublishTime });
    }
}
