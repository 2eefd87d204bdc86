using Blog.Anchoring;
using Blog.Interactions.Articles;
using Blog.ServiceDefaults.ReadModels;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Highlights;

partial class HighlightsService
{
    // The latest; what thousands marked does not change with each of them.
    const int MostCounted = 2000;

    public override async Task<V1.ListPassagesResponse> ListPassages(V1.ListPassagesRequest request, ServerCallContext context)
    {
        var articleId = Id(request.ArticleId);
        return new V1.ListPassagesResponse { Passages = { await PassagesAsync(articleId, await MarkedAsync(articleId, context.CancellationToken), context.CancellationToken) } };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetReaderHighlightsResponse> GetReaderHighlights(V1.GetReaderHighlightsRequest request, ServerCallContext context)
    {
        var (articleId, person, cancel) = (Id(request.ArticleId), Caller(context), context.CancellationToken);
        var mine = await db.Set<Highlight>().AsNoTracking().Where(h => h.PersonId == person && h.ArticleId == articleId && h.RemoveTime == null)
            .OrderBy(h => h.StartAt).ThenBy(h => h.Id).ToListAsync(cancel);
        var response = new V1.GetReaderHighlightsResponse { Highlights = { mine.Select(h => h.ToMessage()) } };
        var unseen = (await db.HiddenFrom(person).ToListAsync(cancel)).ToHashSet();
        if (unseen.Count == 0)
            return response;
        var marked = await MarkedAsync(articleId, cancel);
        response.PassagesDiffer = marked.Exists(h => unseen.Contains(h.PersonId));
        if (response.PassagesDiffer)
            response.Passages.AddRange(await PassagesAsync(articleId, marked.FindAll(h => !unseen.Contains(h.PersonId)), cancel));
        return response;
    }

    async Task<List<Marked>> MarkedAsync(Guid articleId, CancellationToken cancel) =>
        await db.Set<KnownArticle>().AnyAsync(a => a.ArticleId == articleId && !a.Published, cancel)
            ? []
            : await db.Set<Highlight>().AsNoTracking()
                .Where(h => h.ArticleId == articleId && h.Public && !h.Hidden && h.State != AnchorState.Detached && h.RemoveTime == null)
                .OrderByDescending(h => h.Id).Take(MostCounted).Select(h => new Marked(h.Id, h.PersonId, h.StartAt, h.EndAt, h.Note)).ToListAsync(cancel);

    async Task<IReadOnlyList<V1.Passage>> PassagesAsync(Guid articleId, List<Marked> marked, CancellationToken cancel)
    {
        if (marked.Count == 0)
            return [];
        var text = await db.Set<HighlightedText>().Where(t => t.ArticleId == articleId).Select(t => t.Text).SingleOrDefaultAsync(cancel);
        return text is null ? [] : [.. Passages.Of(marked).Select(passage => Passages.ToMessage(passage, text))];
    }
}
