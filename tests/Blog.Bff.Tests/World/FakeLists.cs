using System.Collections.Concurrent;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>One list of the signed-in person, as the contract of Lists says it behaves, in memory.</summary>
sealed class FakeLists : Lists.ListsBase
{
    readonly List<ReadingListItem> items = [];
    int reads;

    public ReadingList List { get; } = new()
    {
        Id = Guid.CreateVersion7().ToString(), Slug = "weekend", Name = "Weekend", Visibility = ListVisibility.Public, Revision = 3, LinkToken = "secret",
        CreateTime = Timestamp.FromDateTime(DateTime.UtcNow), UpdateTime = Timestamp.FromDateTime(DateTime.UtcNow),
    };

    /// <summary>How often others looked at it.</summary>
    public int Reads => reads;

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public override Task<AddReadingListItemResponse> AddReadingListItem(AddReadingListItemRequest request, ServerCallContext context)
    {
        List.OwnerId = Caller(context);
        var item = new ReadingListItem { ArticleId = request.ArticleId, Note = request.Note, Revision = 1, AddTime = Timestamp.FromDateTime(DateTime.UtcNow) };
        lock (items) items.Insert(0, item);
        List.ItemCount++;
        return Task.FromResult(new AddReadingListItemResponse { List = List, Item = item, Added = true });
    }

    public override Task<MoveReadingListItemResponse> MoveReadingListItem(MoveReadingListItemRequest request, ServerCallContext context) =>
        throw RpcErrors.Create(StatusCode.Aborted, "The order was changed elsewhere.", "STALE_ORDER", new ReadingListOrder { Revision = List.Revision, ArticleIds = { "b", "a" } });

    public override Task<UpdateReadingListResponse> UpdateReadingList(UpdateReadingListRequest request, ServerCallContext context)
    {
        if (request.ExpectedRevision != List.Revision) throw RpcErrors.StaleRevision(List);
        List.Visibility = request.List.Visibility;
        return Task.FromResult(new UpdateReadingListResponse { List = List });
    }

    public override Task<ListReadingListsResponse> ListReadingLists(ListReadingListsRequest request, ServerCallContext context) => Task.FromResult(new ListReadingListsResponse { Lists = { List } });

    public override Task<ListReadingListItemsResponse> ListReadingListItems(ListReadingListItemsRequest request, ServerCallContext context)
    {
        lock (items) return Task.FromResult(new ListReadingListItemsResponse { List = List, Items = { items } });
    }

    public override Task<BatchGetSavedResponse> BatchGetSaved(BatchGetSavedRequest request, ServerCallContext context)
    {
        lock (items) return Task.FromResult(new BatchGetSavedResponse
        {
            Saved = { request.ArticleIds.Where(id => items.Exists(item => item.ArticleId == id)).Select(id => new Saved { ArticleId = id, ListIds = { List.Id } }) },
        });
    }

    public override Task<GetSharedReadingListResponse> GetSharedReadingList(GetSharedReadingListRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref reads);
        var found = request.Name is { } name ? name.OwnerId == List.OwnerId && List.Visibility == ListVisibility.Public : request.LinkToken == "secret";
        if (!found) throw RpcErrors.NotFound("There is no such list.");
        if (request.Name is { Slug: "old-name" }) return Task.FromResult(new GetSharedReadingListResponse { MovedToSlug = List.Slug });
        lock (items) return Task.FromResult(new GetSharedReadingListResponse { List = List, Items = { items } });
    }
}

/// <summary>The last reading that was sent.</summary>
sealed class FakeHistory : History.HistoryBase
{
    public ConcurrentDictionary<string, RecordReadingRequest> Readings { get; } = new();

    public override Task<RecordReadingResponse> RecordReading(RecordReadingRequest request, ServerCallContext context)
    {
        Readings[request.ArticleId] = request;
        return Task.FromResult(new RecordReadingResponse { Stored = true });
    }

    public override Task<GetReadingResponse> GetReading(GetReadingRequest request, ServerCallContext context) =>
        Task.FromResult(Readings.TryGetValue(request.ArticleId, out var reading) ? new GetReadingResponse { Position = reading.Position, PositionTime = reading.ReadTime } : new());

    public override Task<ListHistoryResponse> ListHistory(ListHistoryRequest request, ServerCallContext context) => Task.FromResult(new ListHistoryResponse
    {
        Entries = { Readings.Values.Select(reading => new HistoryEntry { ArticleId = reading.ArticleId, VisitTime = reading.ReadTime, Fraction = reading.Position.Fraction }) },
    });
}
