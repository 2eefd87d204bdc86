using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Imports;

/// <summary>blog.content.v1.Imports. Each use case is a file of this folder; here is what several of them need.</summary>
[Authorize(Policy = Policies.Person)]
sealed partial class ImportsService(ContentDbContext db, ArchiveStore archives, ImportBell bell, TimeProvider time) : V1.Imports.ImportsBase
{
    static Guid Owner(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    async Task<ImportRun> MineAsync(string id, ServerCallContext context) =>
        Guid.TryParseExact(id, "D", out var import) && await db.Imports.SingleOrDefaultAsync(i => i.OwnerId == Owner(context) && i.Id == import, context.CancellationToken) is { } run
            ? run
            : throw RpcErrors.NotFound("There is no such import of yours.");

    static RpcException WrongState(string message) => RpcErrors.Create(StatusCode.FailedPrecondition, message, "WRONG_STATE");

    async Task<V1.Import> ToMessageAsync(ImportRun run, CancellationToken cancel) => (await ToMessagesAsync([run], cancel))[0];

    async Task<IReadOnlyList<V1.Import>> ToMessagesAsync(List<ImportRun> runs, CancellationToken cancel)
    {
        var (owner, ids) = (runs.Count > 0 ? runs[0].OwnerId : default, runs.Select(run => run.Id).ToArray());
        var counts = await db.ImportItems.Where(i => i.OwnerId == owner && ids.Contains(i.ImportId)).GroupBy(i => i.ImportId).Select(items => new
        {
            items.Key,
            Stories = items.Count(i => !i.IsRemark && !i.Draft && i.Kind == 0), Drafts = items.Count(i => !i.IsRemark && i.Draft), Pictures = items.Sum(i => i.Pictures),
            Series = items.Count(i => i.Kind == 1 && !i.IsRemark), Lists = items.Count(i => i.Kind == 2 && !i.IsRemark), Responses = items.Sum(i => (i.Kind == 3 || i.Kind == 4) && !i.IsRemark ? i.Entries : 0),
            Publications = items.Count(i => i.Kind == 5 && !i.IsRemark), Items = items.Count(), Here = items.Count(i => i.Kind != 0 && (i.Outcome == 1 || i.Outcome == 2)),
            Noted = items.Count(i => !i.IsRemark && i.Notes.Length > 0), Unreadable = items.Count(i => i.IsFailure), LeftOut = items.Count(i => i.IsRemark && !i.IsFailure),
            Created = items.Count(i => i.Outcome == 1), Updated = items.Count(i => i.Outcome == 2), Unchanged = items.Count(i => i.Outcome == 3), Skipped = items.Count(i => i.Outcome == 4), Failed = items.Count(i => i.Outcome == 5),
        }).ToDictionaryAsync(c => c.Key, cancel);
        return [.. runs.Select(run =>
        {
            var message = new V1.Import
            {
                Id = run.Id.ToString(), State = (V1.ImportState)run.State, FileName = run.FileName, SizeBytes = run.SizeBytes, Format = run.Format, AsDrafts = run.AsDrafts, Site = run.Site, Problem = run.Problem,
                CreateTime = Timestamp.FromDateTimeOffset(run.CreateTime), UpdateTime = Timestamp.FromDateTimeOffset(run.UpdateTime), Counts = new V1.ImportCounts(),
            };
            if (counts.TryGetValue(run.Id, out var c))
                message.Counts = new V1.ImportCounts
                {
                    Stories = c.Stories, Drafts = c.Drafts, Pictures = c.Pictures, Noted = c.Noted, Unreadable = c.Unreadable, LeftOut = c.LeftOut,
                    Series = c.Series, Lists = c.Lists, Responses = c.Responses, Publications = c.Publications, Items = c.Items, FactsBrought = c.Here,
                    Created = c.Created, Updated = c.Updated, Unchanged = c.Unchanged, Skipped = c.Skipped, Failed = c.Failed,
                };
            return message;
        })];
    }
}

/// <summary>Wakes the worker at once, rather than when it looks next.</summary>
sealed class ImportBell : IDisposable
{
    readonly SemaphoreSlim rings = new(0);

    public void Ring() => rings.Release();

    /// <summary>Returns when rung, or after the time.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancel) => rings.WaitAsync(longest, cancel);

    public void Dispose() => rings.Dispose();
}
