using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Reviews;

/// <summary>blog.content.v1.Reviews. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class ReviewsService(ContentDbContext db, ArticlesService articles, ArticleRendering rendering, ReviewTexts texts, TimeProvider time) : V1.Reviews.ReviewsBase
{
    const int LongestExcerpt = 200;

    static Guid Me(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty;

    /// <summary>The link with this token, if it opens anything.</summary>
    async Task<ReviewLink> OpenLinkAsync(string token, CancellationToken cancel)
    {
        var hash = ReviewSecret.HashOf(token);
        var link = hash is null ? null : await db.ReviewLinks.AsNoTracking().SingleOrDefaultAsync(l => l.TokenHash == hash, cancel);
        if (link is null)
            throw RpcErrors.NotFound("There is no such draft link.");
        return link.IsOpen(time.GetUtcNow()) ? link : throw RpcErrors.Create(StatusCode.FailedPrecondition, "This link was taken back, or its time is over. Ask whoever sent it for a new one.", "GONE");
    }

    Task<Article> ArticleOfAsync(ReviewLink link, CancellationToken cancel) => db.Articles.AsNoTracking().SingleAsync(a => a.Id == link.ArticleId, cancel);

    /// <summary>Nothing else is said of this draft, or taken back, until the transaction ends.</summary>
    async Task LockAsync(Guid article, CancellationToken cancel) => await db.Database.ExecuteSqlAsync($"select 1 from review_links where article_id = {article} order by id for update", cancel);

    async Task<ReviewComment> CommentAsync(Article article, string commentId, CancellationToken cancel)
    {
        var id = Id(commentId);
        return await db.ReviewComments.SingleOrDefaultAsync(c => c.ArticleId == article.Id && c.Id == id, cancel) ?? throw NoSuchComment();
    }

    /// <summary>A comment on one of the caller's articles.</summary>
    async Task<(Article Article, ReviewComment Comment)> CommentAsync(Guid person, string articleId, string commentId, CancellationToken cancel)
    {
        var article = await articles.MineAsync(person, articleId, cancel);
        return (article, await CommentAsync(article, commentId, cancel));
    }

    static RpcException NoSuchComment() => RpcErrors.NotFound("This comment is not there any more.");

    /// <summary>Plain text as it is kept.</summary>
    static string CheckedText(string sent)
    {
        var text = sent.ReplaceLineEndings("\n").Trim();
        if (text.Length == 0)
            throw RpcErrors.InvalidArgument(("text", "Write something first."));
        if (text.EnumerateRunes().Count() > ReviewComment.MaxText)
            throw RpcErrors.InvalidArgument(("text", $"A comment has at most {ReviewComment.MaxText:N0} characters."));
        return text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? throw RpcErrors.InvalidArgument(("text", "A comment is plain text; this one has control characters in it.")) : text;
    }

    /// <summary>Adds to the change being made: those who write the draft learn of it.</summary>
    void Tell(ReviewComment comment, Article article, bool present = true) => db.Publish(Topics.Reviews, article.Id, new ReviewCommented
    {
        CommentId = comment.Id.ToString(),
        ArticleId = article.Id.ToString(),
        AuthorIds = { article.AuthorIds.Select(id => id.ToString()) },
        LinkId = comment.LinkId.ToString(),
        PersonId = comment.PersonId?.ToString() ?? "",
        GuestName = comment.GuestName,
        Excerpt = comment.Text.Length <= LongestExcerpt ? comment.Text : comment.Text[..(char.IsHighSurrogate(comment.Text[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt)],
        Title = article.Content.Title,
        Present = present,
    }, time);
}
