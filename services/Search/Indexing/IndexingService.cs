using Blog.Search.Engines;
using Blog.Search.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Blog.Search.Indexing;

/// <summary>blog.search.v1.Indexing: what <c>./blog search</c> asks.</summary>
[Authorize(Policies.Service)]
sealed class IndexingService(Rebuilds rebuilds, IndexingDatabase database, ISearchEngine engine, IOptions<SearchOptions> options, TimeProvider time) : V1.Indexing.IndexingBase
{
    const int ShownFailures = 20;

    public override async Task<StartRebuildResponse> StartRebuild(StartRebuildRequest request, ServerCallContext context) =>
        new() { Rebuild = ToMessage(await rebuilds.BeginAsync(request.Anew, context.CancellationToken)) };

    public override async Task<GetIndexStatusResponse> GetIndexStatus(GetIndexStatusRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var response = new GetIndexStatusResponse { Engine = options.Value.Engine };
        try
        {
            foreach (var kind in System.Enum.GetValues<DocumentKind>())
                response.Documents.Add(new DocumentCount { Kind = NameOf(kind), Count = await engine.CountAsync(ISearchEngine.Serving, kind, cancel) });
        }
        catch (EngineAwayException away)
        {
            throw RpcErrors.Create(StatusCode.Unavailable, away.Message, "ENGINE_AWAY");
        }
        await CountJobsAsync(response, cancel);
        if (await rebuilds.LastAsync(cancel) is { } rebuild)
            response.Rebuild = ToMessage(rebuild);
        return response;
    }

    async Task CountJobsAsync(GetIndexStatusResponse response, CancellationToken cancel)
    {
        await using (var count = database.Source.CreateCommand(
            """
            select count(*) filter (where not bulk and attempts = 0), min(since) filter (where not bulk and attempts = 0), count(*) filter (where bulk and attempts = 0), count(*) filter (where attempts > 0)
            from index_jobs
            """))
        {
            await using var row = await count.ExecuteReaderAsync(cancel);
            await row.ReadAsync(cancel);
            (response.Waiting, response.WaitingInBulk, response.Failed) = (row.GetInt64(0), row.GetInt64(2), row.GetInt64(3));
            if (!row.IsDBNull(1))
                response.OldestWaiting = (time.GetUtcNow().UtcDateTime - row.GetDateTime(1)).ToDuration();
        }
        if (response.Failed == 0)
            return;
        await using var list = database.Source.CreateCommand($"select kind, key, attempts, coalesce(error, '') from index_jobs where attempts > 0 order by attempts desc, kind, key limit {ShownFailures}");
        await using var failure = await list.ExecuteReaderAsync(cancel);
        while (await failure.ReadAsync(cancel))
            response.Failures.Add(new FailedDocument { Kind = NameOf((DocumentKind)failure.GetInt16(0)), Key = failure.GetString(1), Attempts = failure.GetInt32(2), Error = failure.GetString(3) });
    }

    static string NameOf(DocumentKind kind) => kind.ToString().ToLowerInvariant();

    static V1.Rebuild ToMessage(Rebuild rebuild) => new()
    {
        Id = rebuild.Id.ToString(),
        Index = rebuild.Index,
        Stage = (V1.Rebuild.Types.Stage)((int)rebuild.Stage + 1),
        Listed = rebuild.Listed,
        Problem = rebuild.Problem ?? "",
        StartTime = Timestamp.FromDateTime(rebuild.StartedAt),
        StageTime = Timestamp.FromDateTime(rebuild.StageAt),
    };
}
