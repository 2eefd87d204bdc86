using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Highlights;

partial class HighlightsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UpdateHighlightResponse> UpdateHighlight(V1.UpdateHighlightRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var mask = request.UpdateMask?.Paths.ToHashSet() ?? [];
        if (mask.Count == 0 || !mask.IsSubsetOf(["note", "public"]))
            throw RpcErrors.InvalidArgument(("update_mask", "Name what to change: note, public."));
        var note = request.Note.Trim().ReplaceLineEndings("\n");
        if (ProblemsOfNote(note).ToArray() is { Length: > 0 } problems)
            throw RpcErrors.InvalidArgument(problems);

        var highlight = await MineAsync(request.Id, context);
        if (highlight.RemoveTime is not null)
            throw NoSuchHighlight();
        if (highlight.Revision != request.ExpectedRevision)
            throw RpcErrors.StaleRevision(highlight.ToMessage());
        var author = await AuthorAsync(highlight.ArticleId, cancel);
        var wasShown = highlight.IsShown;
        if (mask.Contains("note"))
            highlight.Note = note;
        if (mask.Contains("public") && request.Public != highlight.Public)
        {
            if (request.Public)
                await MayBePublicAsync(highlight.PersonId, author, cancel);
            highlight.Public = request.Public;
        }
        highlight.Revision++;
        if (wasShown || highlight.IsShown)
            Tell(highlight, author, highlight.IsShown);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            throw RpcErrors.StaleRevision((await MineAsync(request.Id, context)).ToMessage());
        }
        return new V1.UpdateHighlightResponse { Highlight = highlight.ToMessage() };
    }
}
