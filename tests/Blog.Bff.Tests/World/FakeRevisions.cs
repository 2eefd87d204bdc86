using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>The history of one article as its contract says it behaves, in memory.</summary>
sealed class FakeRevisions : Revisions.RevisionsBase
{
    public string ArticleId { get; } = Guid.CreateVersion7().ToString();
    public List<Revision> Kept { get; } = [];
    public List<string?> Keys { get; } = [];

    /// <summary>One more, which is the working copy.</summary>
    public Revision Add(string personId, RevisionReason reason)
    {
        Kept.ForEach(revision => revision.Current = false);
        var revision = new Revision
        {
            Number = Kept.Count + 1, Reason = reason, PersonId = personId, Title = "A title", WordCount = 2, Current = true,
            CreateTime = Timestamp.FromDateTime(new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc)),
        };
        Kept.Add(revision);
        return revision;
    }

    Revision Find(string articleId, long number) => Kept.Find(revision => articleId == ArticleId && revision.Number == number) ?? throw RpcErrors.NotFound("There is no such version any more.");

    void MustBeCurrent(long expected)
    {
        if (expected != Kept[^1].Number)
            throw RpcErrors.StaleRevision(new Article { Id = ArticleId, Revision = Kept[^1].Number, Content = new() { Title = "Theirs" } });
    }

    public override Task<ListRevisionsResponse> ListRevisions(ListRevisionsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListRevisionsResponse { Revisions = { Enumerable.Reverse(Kept).Take(request.PageSize == 0 ? 20 : request.PageSize) }, NextPageToken = request.PageSize == 1 ? "next" : "" });

    public override Task<GetRevisionResponse> GetRevision(GetRevisionRequest request, ServerCallContext context) =>
        Task.FromResult(new GetRevisionResponse { Revision = Find(request.ArticleId, request.Number), Content = new() { Title = "A title", Markdown = $"Text {request.Number}" } });

    public override Task<SaveRevisionResponse> SaveRevision(SaveRevisionRequest request, ServerCallContext context)
    {
        MustBeCurrent(request.ExpectedRevision);
        (Kept[^1].Reason, Kept[^1].Name) = (RevisionReason.Saved, request.Name);
        return Task.FromResult(new SaveRevisionResponse { Revision = Kept[^1] });
    }

    public override Task<NameRevisionResponse> NameRevision(NameRevisionRequest request, ServerCallContext context)
    {
        if (request.Name.Length > 100) throw RpcErrors.InvalidArgument(("name", "A name has at most 100 characters."));
        var revision = Find(request.ArticleId, request.Number);
        revision.Name = request.Name;
        return Task.FromResult(new NameRevisionResponse { Revision = revision });
    }

    public override Task<RestoreRevisionResponse> RestoreRevision(RestoreRevisionRequest request, ServerCallContext context)
    {
        lock (Keys) Keys.Add(context.RequestHeaders.GetValue("idempotency-key"));
        MustBeCurrent(request.ExpectedRevision);
        var restored = Add(Find(request.ArticleId, request.Number).PersonId, RevisionReason.Restored);
        restored.RestoredNumber = request.Number;
        return Task.FromResult(new RestoreRevisionResponse { Revision = restored, ReplacedNumber = request.ExpectedRevision });
    }
}
