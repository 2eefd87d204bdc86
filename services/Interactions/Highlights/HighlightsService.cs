using Blog.Events.V1;
using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.ServiceDefaults.ReadModels;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Highlights;

/// <summary>blog.interactions.v1.Highlights. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class HighlightsService(InteractionsDbContext db, ArticleTexts texts, TimeProvider time) : V1.Highlights.HighlightsBase
{
    const int LongestExcerpt = 200;

    static Guid Caller(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty;

    // PostgreSQL keeps microseconds; what is answered must be what is stored.
    DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    static RpcException NoSuchHighlight() => RpcErrors.NotFound("There is no such highlight of yours.");

    /// <summary>One of the caller's, removed or not.</summary>
    async Task<Highlight> MineAsync(string id, ServerCallContext context)
    {
        var (highlightId, person) = (Id(id), Caller(context));
        return await db.Set<Highlight>().SingleOrDefaultAsync(h => h.Id == highlightId && h.PersonId == person, context.CancellationToken) ?? throw NoSuchHighlight();
    }

    async Task<Guid> AuthorAsync(Guid articleId, CancellationToken cancel) =>
        await db.Set<HighlightedText>().Where(t => t.ArticleId == articleId).Select(t => (Guid?)t.AuthorId).SingleOrDefaultAsync(cancel)
        ?? await db.Set<KnownArticle>().Where(a => a.ArticleId == articleId).Select(a => (Guid?)a.AuthorId).SingleOrDefaultAsync(cancel)
        ?? Guid.Empty;

    async Task MayBePublicAsync(Guid person, Guid author, CancellationToken cancel)
    {
        if (await db.AreApartAsync(person, author, cancel))
            throw RpcErrors.Create(StatusCode.PermissionDenied, "You cannot highlight publicly here. Keep it private.", "APART");
    }

    static IEnumerable<(string, string)> ProblemsOfNote(string note)
    {
        if (Characters(note) > Highlight.LongestNote)
            yield return ("note", $"A note has at most {Highlight.LongestNote:N0} characters.");
        else if (note.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            yield return ("note", "A note is plain text; this one has control characters in it.");
    }

    static int Characters(string text) => Anchoring.ArticleText.ToCodePoints(text, text.Length);

    /// <summary>Tells others that a public highlight appeared, or went.</summary>
    void Tell(Highlight highlight, Guid author, bool present) => db.Publish(Topics.Highlights, highlight.ArticleId, new HighlightChanged
    {
        HighlightId = highlight.Id.ToString(),
        ArticleId = highlight.ArticleId.ToString(),
        ArticleAuthorId = author.ToString(),
        PersonId = highlight.PersonId.ToString(),
        Present = present,
        Quote = highlight.Quote.Length <= LongestExcerpt ? highlight.Quote : highlight.Quote[..(char.IsHighSurrogate(highlight.Quote[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt)],
        HasNote = highlight.Note.Length > 0,
    }, time);
}
