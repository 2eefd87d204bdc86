using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using static Blog.Events.V1.ResponseChanged.Types;

namespace Blog.Interactions.Responses;

partial class ResponsesService
{
    // Longer texts do not fit into the trailer that carries the details of a status.
    const int LargestStatusText = 4 * 1024;

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UpdateResponseResponse> UpdateResponse(V1.UpdateResponseRequest request, ServerCallContext context)
    {
        var (author, cancel) = (Caller(context), context.CancellationToken);
        var article = await PublishedAsync(request.ArticleId, cancel);
        if (Id(request.Id) is not { } id || await FindAsync(article.ArticleId, id, cancel) is not { } found || found.AuthorId != author) throw NoSuchResponse();
        var written = await WriteAsync(author, request.Markdown, cancel);

        var isStale = await ChangeAsync(article.ArticleId, async _ =>
        {
            var response = (await FindAsync(article.ArticleId, id, cancel))!;
            if (response.State == ResponseState.Deleted) throw IsGone(response);
            if (response.Markdown == written.Markdown) return false;
            if (response.Revision != request.ExpectedRevision) return true;
            (response.Markdown, response.Html, response.Excerpt, response.MentionedIds) = (written.Markdown, written.Html, written.Excerpt, written.MentionedIds);
            response.EditedAt = time.GetUtcNow();
            response.Revision++;
            Tell(article, response, Change.Edited);
            return false;
        }, cancel);

        var view = await ViewAsync(article, id, Viewer.Of(author), cancel);
        return isStale ? throw RpcErrors.StaleRevision(InStatus(view)) : new V1.UpdateResponseResponse { Response = view };
    }

    static V1.Response InStatus(V1.Response view)
    {
        var detail = view.Clone();
        detail.Replies.Clear();
        detail.Html = "";
        if (detail.CalculateSize() > LargestStatusText) detail.Markdown = "";
        return detail;
    }
}
