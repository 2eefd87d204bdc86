using Blog.Anchoring;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Highlights;

partial class HighlightsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.CreateHighlightResponse> CreateHighlight(V1.CreateHighlightRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Caller(context), context.CancellationToken);
        if (await db.FindStoredAnswerAsync<V1.CreateHighlightResponse>(person, request, context) is { } before)
            return before;
        var note = request.Note.Trim().ReplaceLineEndings("\n");
        var problems = ProblemsOfSelector(request.Selector).Concat(ProblemsOfNote(note)).ToArray();
        if (problems.Length > 0)
            throw RpcErrors.InvalidArgument(problems);

        // The network before the transaction. The kept text may be older than the page the reader has: then Content is asked.
        var selector = new TextSelector(request.Selector.Exact, request.Selector.Prefix, request.Selector.Suffix, Math.Max(0, request.Selector.Start));
        var articleId = Id(request.ArticleId);
        var published = await texts.KeptAsync(articleId, cancel);
        if (published is null || selector.Find(published.Text) is null)
            published = await texts.FetchAsync(articleId, cancel);
        if (published is null)
            throw RpcErrors.NotFound("There is no such article for readers.");
        if (request.Public)
            await MayBePublicAsync(person, published.AuthorId, cancel);

        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var text = await texts.LockAsync(published, cancel);
            var passage = selector.Find(text.Text) ?? throw RpcErrors.Create(
                StatusCode.FailedPrecondition, "The article does not say that any more, or not only there. Load it again and select the words anew.", "QUOTE_NOT_FOUND");
            var response = new V1.CreateHighlightResponse { Highlight = (await MarkAsync(text, passage, person, note, request.Public, cancel)).ToMessage() };
            db.StoreAnswer(person, request, response, context, time);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return response;
        });
    }

    async Task<Highlight> MarkAsync(HighlightedText text, Passage passage, Guid person, string note, bool isPublic, CancellationToken cancel)
    {
        var mine = await db.Set<Highlight>().Where(h => h.ArticleId == text.ArticleId && h.PersonId == person && h.RemoveTime == null).ToListAsync(cancel);
        var now = Now();
        var highlight = new Highlight
        {
            ArticleId = text.ArticleId,
            Id = Guid.CreateVersion7(now),
            PersonId = person,
            Quote = text.Text[passage.Start..passage.End],
            Note = note,
            Public = isPublic,
            CreateTime = now,
        };
        highlight.Place(text.Text, passage);
        if (mine.Find(h => h.State != AnchorState.Detached && h.StartAt == highlight.StartAt && h.EndAt == highlight.EndAt) is { } same)
            return same;
        if (mine.Count >= Highlight.MostPerArticle)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, $"You have {Highlight.MostPerArticle} highlights in this article, which is all it takes. Remove some first.", "TOO_MANY_HIGHLIGHTS");
        db.Add(highlight);
        if (isPublic)
            Tell(highlight, text.AuthorId, present: true);
        return highlight;
    }

    static IEnumerable<(string, string)> ProblemsOfSelector(V1.TextSelector? selector)
    {
        if (selector is null || string.IsNullOrWhiteSpace(selector.Exact))
            yield return ("selector.exact", "Select some words to highlight.");
        else if (Characters(selector.Exact) > Highlight.LongestQuote)
            yield return ("selector.exact", $"A highlight has at most {Highlight.LongestQuote:N0} characters. Select less.");
        else if (Characters(selector.Prefix) > Highlight.LongestContext || Characters(selector.Suffix) > Highlight.LongestContext)
            yield return ("selector.prefix", $"Prefix and suffix have at most {Highlight.LongestContext} characters.");
    }
}
