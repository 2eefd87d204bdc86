using Blog.Archives;
using Blog.Archives.Importing;
using Blog.Content.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Imports;

/// <summary>
/// Reads and imports archives, two at a time. Whoever works on one holds a lease and renews it; when a service stops or dies, another goes on after the lease with
/// the items that are not done. An article that was imported and not yet noted is recognised by its source and stays one.
/// </summary>
sealed partial class ImportWorker(IServiceScopeFactory scopes, ImportBell bell, TimeProvider time, ILogger<ImportWorker> log) : BackgroundService
{
    const int AtOnce = 2, MaxAttempts = 20, Batch = 500;

    static readonly TimeSpan Lease = TimeSpan.FromSeconds(20), Beat = TimeSpan.FromSeconds(1), Look = TimeSpan.FromSeconds(2), Kept = TimeSpan.FromDays(30), Tidy = TimeSpan.FromHours(1);

    DateTimeOffset tidied;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n => LoopAsync(tidies: n == 0, stoppingToken)));

    async Task LoopAsync(bool tidies, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await ClaimAsync(stop) is { } run) await WorkAsync(run, stop);
                if (tidies) await TidyAsync(stop);
                await bell.WaitAsync(Look, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                LogWaits(problem);
                await Task.Delay(Look, time, stop);
            }
        }
    }

    async Task<ImportRun?> ClaimAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ContentDbContext>();
        var now = time.GetUtcNow();
        var claimed = await db.Imports.FromSql($"""
            update imports set lease_until = {now + Lease}, attempts = attempts + 1
            where (owner_id, id) in (select owner_id, id from imports where state in (1, 3) and lease_until <= {now} order by lease_until limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancel);
        return claimed.FirstOrDefault();
    }

    async Task WorkAsync(ImportRun run, CancellationToken stop)
    {
        using var work = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beats = BeatAsync(run, work);
        try
        {
            if (run.Attempts > MaxAttempts) throw new ArchiveRefusedException("Importing it broke off several times. Whoever runs this site finds the reason in the logs.");
            await using var scope = scopes.CreateAsyncScope();
            await using var file = await scope.ServiceProvider.GetRequiredService<ArchiveStore>().FetchAsync(run.OwnerId, run.Id, work.Token);
            using var archive = Archive.Open(file.Name, run.FileName);
            var importer = new Importer(archive, new OwnSite(scopes, run.OwnerId, run.Handle), scope.ServiceProvider.GetRequiredService<WebPictures>(), new ImportOptions { AsDrafts = run.AsDrafts, Site = run.Site.Length > 0 ? new Uri(run.Site) : null });
            var plan = await importer.PlanAsync(work.Token);
            if (run.State == ImportState.Reading) await ShowAsync(run, archive.Reader.Format, plan, work.Token);
            else await ImportAsync(run, importer, plan, work.Token);
        }
        catch (OperationCanceledException) when (work.IsCancellationRequested)
        {
            // Stopped by its owner, or with the service.
            await ReleaseAsync(run);
        }
        catch (ArchiveRefusedException refused)
        {
            await EndAsync(run, run.State, ImportState.Failed, refused.Message, stop);
        }
        finally
        {
            await work.CancelAsync();
            await beats;
        }
    }

    /// <summary>What will happen becomes visible all at once.</summary>
    async Task ShowAsync(ImportRun run, string format, ImportPlan plan, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ContentDbContext>();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await db.ImportItems.Where(i => i.OwnerId == run.OwnerId && i.ImportId == run.Id).ExecuteDeleteAsync(cancel);
            foreach (var items in plan.Items.Chunk(Batch))
            {
                db.AddRange(items.Select(item => ToRow(run, item)));
                await db.SaveChangesAsync(cancel);
                db.ChangeTracker.Clear();
            }
            await db.Imports.Where(i => i.OwnerId == run.OwnerId && i.Id == run.Id && i.State == ImportState.Reading)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, ImportState.Ready).SetProperty(i => i.Format, format).SetProperty(i => i.UpdateTime, time.GetUtcNow()).SetProperty(i => i.LeaseUntil, time.GetUtcNow()), cancel);
            await transaction.CommitAsync(cancel);
        });
    }

    static ImportItem ToRow(ImportRun run, PlannedItem item) => new()
    {
        OwnerId = run.OwnerId, ImportId = run.Id, Number = item.Number, Path = Plain(item.Path), Title = Plain(item.Title), Draft = item.Draft, PublishTime = item.Date?.ToUniversalTime(), Pictures = item.Pictures,
        Kind = (short)item.Kind, Entries = item.Entries,
        Reason = Plain(item.Refusal ?? ""), Notes = [.. item.Notes.Select(Plain)], IsRemark = item.Refusal is not null, IsFailure = item.IsFailure,
    };

    // PostgreSQL keeps no NUL in a text.
    static string Plain(string text) => text.Replace('\0', '\uFFFD');

    async Task ImportAsync(ImportRun run, Importer importer, ImportPlan plan, CancellationToken cancel)
    {
        Dictionary<int, string> done;
        await using (var scope = scopes.CreateAsyncScope())
            done = await scope.ServiceProvider.GetRequiredService<ContentDbContext>().ImportItems.Where(i => i.OwnerId == run.OwnerId && i.ImportId == run.Id && i.Outcome != 0)
                .ToDictionaryAsync(i => i.Number, i => i.ArticleId?.ToString() ?? "", cancel);
        await importer.RunAsync(plan, done, item => NoteAsync(run, item, cancel), cancel);
        if (await EndAsync(run, ImportState.Running, ImportState.Done, "", cancel))
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ArchiveStore>().ForgetAsync(run.OwnerId, run.Id, cancel);
        }
    }

    async Task NoteAsync(ImportRun run, ImportedItem item, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var outcome = (short)(item.Outcome + 1);
        Guid? article = Guid.TryParse(item.ArticleId, out var id) ? id : null;
        var (reason, notes) = (Plain(item.Reason), item.Notes.Select(Plain).ToArray());
        await scope.ServiceProvider.GetRequiredService<ContentDbContext>().ImportItems.Where(i => i.OwnerId == run.OwnerId && i.ImportId == run.Id && i.Number == item.Number)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Outcome, outcome).SetProperty(i => i.Reason, reason).SetProperty(i => i.Notes, notes).SetProperty(i => i.ArticleId, article), cancel);
    }

    async Task<bool> EndAsync(ImportRun run, ImportState from, ImportState to, string problem, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ContentDbContext>().Imports.Where(i => i.OwnerId == run.OwnerId && i.Id == run.Id && i.State == from && i.Attempts == run.Attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, to).SetProperty(i => i.Problem, problem).SetProperty(i => i.UpdateTime, time.GetUtcNow()), cancel) > 0;
    }

    /// <summary>Renews the lease, and stops the work when its owner does or another holds it.</summary>
    async Task BeatAsync(ImportRun run, CancellationTokenSource work)
    {
        while (!work.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Beat, time, work.Token);
                await using var scope = scopes.CreateAsyncScope();
                var until = time.GetUtcNow() + Lease;
                if (await scope.ServiceProvider.GetRequiredService<ContentDbContext>().Imports.Where(i => i.OwnerId == run.OwnerId && i.Id == run.Id && i.State == run.State && i.Attempts == run.Attempts)
                    .ExecuteUpdateAsync(set => set.SetProperty(i => i.LeaseUntil, until), work.Token) == 0)
                    await work.CancelAsync();
            }
            catch (OperationCanceledException) when (work.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // The lease is longer than a beat; the next one may come through.
                LogWaits(problem);
            }
        }
    }

    async Task ReleaseAsync(ImportRun run)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ContentDbContext>().Imports.Where(i => i.OwnerId == run.OwnerId && i.Id == run.Id && i.Attempts == run.Attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.LeaseUntil, time.GetUtcNow()), CancellationToken.None);
    }

    async Task TidyAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (now - tidied < Tidy) return;
        tidied = now;
        await using var scope = scopes.CreateAsyncScope();
        var (db, archives) = (scope.ServiceProvider.GetRequiredService<ContentDbContext>(), scope.ServiceProvider.GetRequiredService<ArchiveStore>());
        var old = now - Kept;
        foreach (var run in await db.Imports.AsNoTracking().Where(i => i.UpdateTime < old && i.State != ImportState.Running).Select(i => new { i.OwnerId, i.Id }).ToListAsync(cancel))
        {
            await archives.ForgetAsync(run.OwnerId, run.Id, cancel);
            await db.Imports.Where(i => i.OwnerId == run.OwnerId && i.Id == run.Id).ExecuteDeleteAsync(cancel);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Imports wait")]
    partial void LogWaits(Exception problem);
}
