using Blog.Interactions.Articles;
using Blog.Interactions.Claps;
using Blog.ServiceDefaults.ReadModels;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using static Blog.Events.V1.ResponseChanged.Types;

namespace Blog.Interactions.Responses;

partial class ResponsesService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.CreateResponseResponse> CreateResponse(V1.CreateResponseRequest request, ServerCallContext context)
    {
        var (author, cancel) = (Caller(context), context.CancellationToken);
        var article = await PublishedAsync(request.ArticleId, cancel);
        if (await BeforeAsync() is { } before) return before;
        if (await db.AreApartAsync(author, article.AuthorId, cancel)) throw Apart();
        var written = await WriteAsync(author, request.Markdown, cancel);

        var id = await ChangeAsync(article.ArticleId, async thread =>
        {
            // The same command may have waited for its twin.
            if (await db.FindStoredAnswerAsync<V1.CreateResponseResponse>(author, request, context) is { } twin) return Guid.Parse(twin.Response.Id);
            if (thread.Locked)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "The author of this story takes no more responses.", "LOCKED");
            var response = Begin(article, author, written, await ParentAsync(article, author, request.ParentId, cancel));
            db.Add(response);
            await RelistAsync(response, cancel);
            thread.Responses++;
            Tell(article, response, Change.Created);
            // Its words are kept once, with the response, and go with it.
            db.StoreAnswer(author, request, new V1.CreateResponseResponse { Response = new() { Id = response.Id.ToString() } }, context, time);
            return response.Id;
        }, cancel);
        return new V1.CreateResponseResponse { Response = await ViewAsync(article, id, Viewer.Of(author), cancel) };

        async Task<V1.CreateResponseResponse?> BeforeAsync()
        {
            if (await db.FindStoredAnswerAsync<V1.CreateResponseResponse>(author, request, context) is not { } answer) return null;
            return new V1.CreateResponseResponse { Response = await ViewAsync(article, Guid.Parse(answer.Response.Id), Viewer.Of(author), cancel) };
        }
    }

    async Task<Response?> ParentAsync(KnownArticle article, Guid author, string parentId, CancellationToken cancel)
    {
        if (parentId.Length == 0) return null;
        var parent = Id(parentId) is { } id ? await FindAsync(article.ArticleId, id, cancel) : null;
        if (parent is null) throw NoSuchResponse();
        if (parent.State != ResponseState.Visible) throw IsGone(parent);
        return await db.AreApartAsync(author, parent.AuthorId, cancel) ? throw Apart() : parent;
    }

    Response Begin(KnownArticle article, Guid author, Written written, Response? parent)
    {
        var now = time.GetUtcNow();
        var place = parent?.PlaceOfAnswer;
        return new Response
        {
            ArticleId = article.ArticleId,
            Id = Guid.CreateVersion7(now),
            ParentId = parent?.Id,
            ParentAuthorId = parent?.AuthorHere,
            UnderId = place?.UnderId,
            Depth = place?.Depth ?? 0,
            AuthorId = author,
            State = ResponseState.Visible,
            Markdown = written.Markdown,
            Html = written.Html,
            Excerpt = written.Excerpt,
            MentionedIds = written.MentionedIds,
            CreatedAt = now,
            Revision = 1,
            Listed = false,
            Replies = 0,
            Score = Applause.Score(Applause.WeightAt(now)),
        };
    }
}
