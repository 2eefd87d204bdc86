using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Content.Revisions;

/// <summary>blog.content.v1.Revisions. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class RevisionsService(ContentDbContext db, RevisionLog revisions, TimeProvider time) : V1.Revisions.RevisionsBase
{
    static Guid Person(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    // PostgreSQL keeps microseconds; what is answered must be what is stored.
    DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>A command on an article: answered from the store when it was carried out before, else carried out and committed in one transaction.</summary>
    async Task<TResponse> OnceAsync<TResponse>(IMessage request, string articleId, ServerCallContext context, Func<Article, Guid, Task<TResponse>> command)
        where TResponse : class, IMessage<TResponse>, new()
    {
        var (person, cancel) = (Person(context), context.CancellationToken);
        if (await db.FindStoredAnswerAsync<TResponse>(person, request, context) is { } before)
            return before;
        var article = await db.MineAsync(person, articleId, cancel);
        var response = await command(article, person);
        db.StoreAnswer(person, request, response, context, time);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException problem) when (problem is DbUpdateConcurrencyException or { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } })
        {
            db.ChangeTracker.Clear();
            throw Stale(await db.MineAsync(person, articleId, cancel));
        }
        return response;
    }

    static void MustBeCurrent(Article article, long expectedRevision)
    {
        if (article.Revision != expectedRevision)
            throw Stale(article);
    }

    // The text does not always fit into a status; who needs it asks for it.
    static RpcException Stale(Article article) => RpcErrors.StaleRevision(new V1.Article { Id = article.Id.ToString(), AuthorId = article.AuthorId.ToString(), Revision = article.Revision, Status = (V1.ArticleStatus)article.Status });

    static RpcException NoSuchRevision() => RpcErrors.NotFound("There is no such version any more.");

    static string CheckedName(string name)
    {
        var line = ArticleContent.Line(name);
        return line.EnumerateRunes().Count() <= Revision.MaxName ? line : throw RpcErrors.InvalidArgument(("name", $"A name has at most {Revision.MaxName} characters."));
    }

    Task<Revision?> KeptAsync(Article article, long number, CancellationToken cancel) =>
        db.Revisions.SingleOrDefaultAsync(r => r.AuthorId == article.AuthorId && r.ArticleId == article.Id && r.Number == number, cancel);

    /// <summary>The number of the revision that readers have; 0: they have none.</summary>
    Task<long> LiveAsync(Article article, CancellationToken cancel) =>
        db.PublishedArticles.Where(p => p.AuthorId == article.AuthorId && p.ArticleId == article.Id).Select(p => p.Revision).SingleOrDefaultAsync(cancel);

    static V1.Revision ToMessage(Revision revision, Article article, long live) => new()
    {
        Number = revision.Number,
        Reason = (V1.RevisionReason)revision.Reason,
        Name = revision.Name,
        PersonId = revision.PersonId.ToString(),
        CreateTime = Timestamp.FromDateTimeOffset(revision.CreateTime),
        WordCount = revision.WordCount,
        Title = revision.Title,
        RestoredNumber = revision.RestoredNumber ?? 0,
        Current = revision.Number == article.Revision,
        Live = revision.Number == live,
    };

    /// <summary>The working copy, which is not kept yet.</summary>
    static V1.Revision ToMessage(Article article, long live) => new()
    {
        Number = article.Revision,
        PersonId = article.EditorId.ToString(),
        CreateTime = Timestamp.FromDateTimeOffset(article.UpdateTime),
        WordCount = article.WordCount,
        Title = article.Content.Title,
        Current = true,
        Live = article.Revision == live && !article.HasUnpublishedChanges,
    };
}
