using System.Diagnostics.Metrics;
using Blog.Search.Engines;
using Blog.ServiceDefaults;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Search.Indexing;

/// <summary>
/// Carries out jobs: looks at what things are now and puts that into the index, and into the one that is being rebuilt. One worker is for what people wait for; the others are for what
/// nobody does, and build indexes. Several instances share the jobs. While the engine or another service is away everything waits, and nothing is counted as failed.
/// </summary>
sealed class IndexingWorkers(JobQueue queue, Rebuilds rebuilds, IndexingNotices notices, IndexingDatabase database, ISearchEngine engine, IServiceScopeFactory scopes,
    IOptions<IndexingOptions> options, TimeProvider time, ILogger<IndexingWorkers> log) : BackgroundService
{
    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("blog.search.index.lag", "s", "From a change to its being found, by kind of document.");
    static readonly Counter<long> Indexed = Meter.CreateCounter<long>("blog.search.index.documents", "{document}", "Documents put into an index or taken out, by kind.");
    static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(5), LongestPause = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        .. options.Value.FillWhenNew ? [WorkAsync("first", null, FillAsync, stoppingToken)] : Array.Empty<Task>(),
        WorkAsync("urgent", notices.Waiter(), cancel => TurnAsync(bulk: false, cancel), stoppingToken),
        .. Enumerable.Range(0, options.Value.BulkWorkers).Select(_ => WorkAsync("bulk", notices.Waiter(), cancel => TurnAsync(bulk: true, cancel), stoppingToken)),
        WorkAsync("rebuild", notices.Waiter(), rebuilds.StepAsync, stoppingToken),
        WorkAsync("sweep", null, SweepAsync, stoppingToken),
    ]);

    /// <summary>An index that was never filled is filled with what there is: events tell only of what changes.</summary>
    /// <returns>Never, but when the service stops.</returns>
    async Task<bool> FillAsync(CancellationToken cancel)
    {
        if (await rebuilds.LastAsync(cancel) is null)
            await rebuilds.BeginAsync(anew: false, cancel);
        await Task.Delay(Timeout.Infinite, cancel);
        return true;
    }

    async Task<bool> SweepAsync(CancellationToken cancel)
    {
        await queue.SweepAsync(cancel);
        await Task.Delay(SweepInterval, cancel);
        return true;
    }

    async Task WorkAsync(string name, IndexingNotices.Waiting? waiting, Func<CancellationToken, Task<bool>> work, CancellationToken cancel)
    {
        var failures = 0;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var worked = await work(cancel);
                failures = 0;
                if (!worked && waiting is not null)
                    await waiting.WaitAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 << Math.Min(failures++, 6)));
                log.LogWarning(IsAway(exception) ? null : exception, "Indexing ({Worker}) waits {Pause} ms, {Reason}", name, pause.TotalMilliseconds, exception.Message);
                await Task.Delay(pause, CancellationToken.None);
            }
        }
    }

    /// <summary>One turn.</summary>
    /// <returns>Whether there was something to do.</returns>
    public async Task<bool> TurnAsync(bool bulk, CancellationToken cancel)
    {
        var jobs = await queue.LeaseAsync(bulk, options.Value.Batch, options.Value.Lease, cancel);
        if (jobs.Count == 0)
            return false;
        // Ends well before the lease, so that nobody else works on the same thing.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(options.Value.Lease * 0.8);
        var open = jobs.ToHashSet();
        try
        {
            foreach (var kind in jobs.GroupBy(job => job.Kind))
            {
                await IndexAsync(kind.Key, [.. kind], bulk, deadline.Token);
                open.ExceptWith(kind);
            }
        }
        finally
        {
            if (open.Count > 0)
                await queue.ReleaseAsync([.. open], CancellationToken.None);
        }
        return true;
    }

    /// <summary>
    /// Brings jobs of one kind into the indexes. What people wait for goes into the serving one alone: the one that is being rebuilt may be locked for long (its search structures are made at
    /// the end), and gets it from the workers in bulk.
    /// </summary>
    async Task IndexAsync(DocumentKind kind, IReadOnlyList<Job> jobs, bool bulk, CancellationToken cancel)
    {
        // Read before anything is looked at: what changes after this is told by an event of its own, and brought to an index that is begun now by that.
        var building = await rebuilds.BuildingAsync(cancel);
        await using var scope = scopes.CreateAsyncScope();
        var source = scope.ServiceProvider.GetRequiredService<DocumentSource>();

        var gone = jobs.Where(job => job.Gone).ToArray();
        var asked = jobs.Where(job => !job.Gone).ToArray();
        IReadOnlyList<Look> looks = [];
        if (asked.Length > 0)
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancel);
            looks = await source.LookAsync(kind, asked, connection, cancel);
            // A rebuild learns of topics by the articles that carry them.
            if (kind == DocumentKind.Article && building is not null)
                await Jobs.QueueAsync(connection, [.. asked.Zip(looks).Where(pair => !pair.First.Serving).SelectMany(pair => (pair.Second.Document as ArticleDocument)?.Topics ?? []).Select(topic => Thing.Topic(topic.Slug))],
                    Urgency.Rebuild, time.GetUtcNow(), time.GetUtcNow(), default, options.Value.Pause, cancel);
        }
        var deferred = asked.Where((_, at) => looks[at].Deferred).ToArray();
        await queue.ReleaseAsync(deferred, cancel);
        var changes = gone.Select(job => new Change(job, null, source.Removal(kind, job)))
            .Concat(asked.Zip(looks).Where(pair => !pair.Second.Deferred).Select(pair => new Change(pair.First, pair.Second.Document, pair.Second.Document is null ? source.Removal(kind, pair.First) : null)))
            .ToArray();
        await SettleAsync(changes, building, bulk, cancel);
    }

    sealed record Change(Job Job, SearchDocument? Document, Removal? Removal);

    async Task SettleAsync(IReadOnlyList<Change> changes, string? building, bool bulk, CancellationToken cancel)
    {
        var jobs = changes.Select(change => change.Job).ToArray();
        try
        {
            // Brought for an index that serves by now, or was given up: then it goes into the one that serves.
            await WriteAsync(ISearchEngine.Serving, [.. changes.Where(change => change.Job.Serving || building is null)], cancel);
            if (bulk && building is not null)
                await WriteAsync(building, changes, cancel);
        }
        catch (NoSuchIndexException gone)
        {
            log.LogInformation("{Reason} It has taken its place, or was given up", gone.Message);
            await queue.AgainAsync(jobs, cancel);
            return;
        }
        catch (Exception exception) when (!IsAway(exception) && !cancel.IsCancellationRequested)
        {
            // One of them is more than the engine can take. The others need not wait for it.
            if (changes.Count > 1)
            {
                foreach (var change in changes)
                    await SettleAsync([change], building, bulk, cancel);
                return;
            }
            log.LogWarning(exception, "{Kind} {Key} cannot be put into the index", jobs[0].Kind, jobs[0].Key);
            await queue.FailedAsync(jobs[0], exception.Message, options.Value.Attempts, cancel);
            return;
        }
        foreach (var job in jobs)
        {
            var kind = new KeyValuePair<string, object?>("kind", job.Kind.ToString());
            Indexed.Add(1, kind);
            if (job.Serving)
                Lag.Record(Math.Max(0, (time.GetUtcNow().UtcDateTime - job.Since).TotalSeconds), kind);
        }
        await queue.DoneAsync(jobs, alsoBuilding: !bulk && building is not null, options.Value.Pause, cancel);
    }

    async Task WriteAsync(string index, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        var documents = changes.Select(change => change.Document).OfType<SearchDocument>().ToArray();
        var removals = changes.Select(change => change.Removal).OfType<Removal>().ToArray();
        if (removals.Length > 0)
            await engine.DeleteAsync(index, removals, cancel);
        if (documents.Length > 0)
            await engine.PutAsync(index, documents, cancel);
    }

    /// <summary>Something that is needed does not answer now, whatever is asked of it.</summary>
    static bool IsAway(Exception exception) => exception is EngineAwayException or RpcException or HttpRequestException or TimeoutException or IOException or OperationCanceledException
        or NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException };
}
