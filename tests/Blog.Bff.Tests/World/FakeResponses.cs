using System.Collections.Concurrent;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Responses as their contract says they behave, in memory; answers come when they are asked for.</summary>
sealed class FakeResponses : Responses.ResponsesBase
{
    public ConcurrentDictionary<string, Response> Stored { get; } = new();
    /// <summary>Whoever they are, the caller does not want to see them.</summary>
    public ConcurrentDictionary<string, bool> Unseen { get; } = new();
    int reads;

    /// <summary>How often a list was asked for.</summary>
    public int Reads => reads;

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public Response Add(string articleId, string authorId, string text, Response? parent = null)
    {
        var response = new Response
        {
            Id = Guid.CreateVersion7().ToString(),
            ArticleId = articleId,
            ParentId = parent?.Id ?? "",
            AuthorId = authorId,
            State = ResponseState.Visible,
            Html = $"<p>{text}</p>",
            CreateTime = Timestamp.FromDateTime(DateTime.UtcNow),
            Revision = 1,
        };
        if (parent is not null) parent.ReplyCount++;
        return Stored[response.Id] = response;
    }

    public override Task<ListResponsesResponse> ListResponses(ListResponsesRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref reads);
        var all = Stored.Values.Where(r => r.ArticleId == request.ArticleId && r.ParentId == request.ParentId && !(request.Personal && Unseen.ContainsKey(r.AuthorId))).OrderByDescending(r => r.Id).ToArray();
        return Task.FromResult(new ListResponsesResponse { Responses = { all }, Total = all.Length });
    }

    public override Task<CreateResponseResponse> CreateResponse(CreateResponseRequest request, ServerCallContext context)
    {
        if (request.Markdown.Length > 10_000) throw RpcErrors.InvalidArgument(("markdown", "A response has up to 10,000 characters."));
        return Task.FromResult(new CreateResponseResponse { Response = Add(request.ArticleId, Caller(context), request.Markdown) });
    }

    public override Task<UpdateResponseResponse> UpdateResponse(UpdateResponseRequest request, ServerCallContext context)
    {
        var response = Stored[request.Id];
        if (response.Revision != request.ExpectedRevision) throw RpcErrors.StaleRevision(new Response { Id = response.Id, Revision = response.Revision, Markdown = "The other." });
        response.Html = request.Markdown;
        response.Revision++;
        return Task.FromResult(new UpdateResponseResponse { Response = response });
    }

    public override Task<DeleteResponseResponse> DeleteResponse(DeleteResponseRequest request, ServerCallContext context)
    {
        Stored.TryRemove(request.Id, out _);
        return Task.FromResult(new DeleteResponseResponse());
    }
}
