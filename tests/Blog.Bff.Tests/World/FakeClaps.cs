using System.Collections.Concurrent;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Applause as its contract says it behaves, in memory.</summary>
sealed class FakeClaps : Interactions.V1.Claps.ClapsBase
{
    public ConcurrentDictionary<(string Subject, string Person), int> Given { get; } = new();
    public volatile bool Away;
    int reads;

    /// <summary>An article whose publication has not come here yet.</summary>
    public string? NotYetKnown { get; set; }

    /// <summary>How often counts were asked for.</summary>
    public int Reads => reads;

    void Enter()
    {
        if (Away) throw RpcErrors.Create(StatusCode.Unavailable, "The database cannot be reached.", "DATABASE_AWAY");
    }

    long Total(string subject) => Given.Where(clap => clap.Key.Subject == subject).Sum(clap => (long)clap.Value);

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public override Task<SetClapsResponse> SetClaps(SetClapsRequest request, ServerCallContext context)
    {
        Enter();
        if (request.Claps > 50) throw RpcErrors.InvalidArgument(("claps", "You can clap up to 50 times."));
        Given[(request.SubjectId, Caller(context))] = request.Claps;
        return Task.FromResult(new SetClapsResponse { Claps = request.Claps, Total = Total(request.SubjectId) });
    }

    public override Task<GetMyClapsResponse> GetMyClaps(GetMyClapsRequest request, ServerCallContext context)
    {
        Enter();
        var answer = new GetMyClapsResponse();
        foreach (var id in request.SubjectIds)
            if (Given.TryGetValue((id, Caller(context)), out var count)) answer.Counts[id] = count;
        return Task.FromResult(answer);
    }

    public override Task<BatchGetCountsResponse> BatchGetCounts(BatchGetCountsRequest request, ServerCallContext context)
    {
        Enter();
        Interlocked.Increment(ref reads);
        return Task.FromResult(new BatchGetCountsResponse { Counts = { request.ArticleIds.Where(id => id != NotYetKnown).Select(id => new Counts { ArticleId = id, Claps = Total(id), Responses = 2 }) } });
    }

    public override Task<ListClappersResponse> ListClappers(ListClappersRequest request, ServerCallContext context)
    {
        Enter();
        var all = Given.Where(clap => clap.Key.Subject == request.SubjectId).ToArray();
        return Task.FromResult(new ListClappersResponse
        {
            Clappers = { all.Select(clap => new Clapper { PersonId = clap.Key.Person, Count = clap.Value, Time = Timestamp.FromDateTime(DateTime.UtcNow) }) },
            TotalClaps = all.Sum(clap => (long)clap.Value),
            TotalPeople = all.Length,
        });
    }
}
