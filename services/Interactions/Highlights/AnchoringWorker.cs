using Blog.Interactions.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Interactions.Highlights;

/// <summary>
/// Lets highlights follow their words after an article was edited. A job is leased, the text fetched, and only then a transaction opened; several instances
/// share the jobs. An article that is edited a hundred times a minute has one job, and it is done with the newest text; another edit does not
/// bring a try forward that waits for Content to be back.
/// Woken by NOTIFY, and every few seconds in case a notice was missed.
/// </summary>
sealed class AnchoringWorker(string connectionString, IServiceScopeFactory scopes, TimeProvider time, ILogger<AnchoringWorker> log) : BackgroundService
{
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Sweep = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var swept = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await source.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand("listen anchoring", listener))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    while (await LeaseAsync(source, stoppingToken) is { } job)
                        await DoAsync(job, stoppingToken);
                    if (time.GetUtcNow() - swept > Sweep)
                    {
                        swept = time.GetUtcNow();
                        await using var sweep = source.CreateCommand("delete from highlights where remove_time < $1");
                        sweep.Parameters.Add(new() { Value = swept - Highlight.KeptRemoved });
                        await sweep.ExecuteNonQueryAsync(stoppingToken);
                    }
                    await listener.WaitAsync(Look, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Highlights wait, {Reason}", exception.Message);
                await Task.Delay(Look, time, stoppingToken);
            }
        }
    }

    async Task<Job?> LeaseAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var lease = source.CreateCommand(
            """
            update anchoring_jobs set due = $2, attempts = attempts + 1
            where article_id = (select article_id from anchoring_jobs where due <= $1 order by due limit 1 for update skip locked)
            returning article_id, revision, attempts
            """);
        lease.Parameters.Add(new() { Value = now });
        lease.Parameters.Add(new() { Value = now + Lease });
        await using var reader = await lease.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new Job(reader.GetGuid(0), reader.GetInt64(1), reader.GetInt32(2)) : null;
    }

    async Task DoAsync(Job job, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InteractionsDbContext>();
        try
        {
            var texts = scope.ServiceProvider.GetRequiredService<ArticleTexts>();
            var published = await texts.FetchAsync(job.ArticleId, cancel);
            await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                // Not published any more: its highlights wait where they are until it is again.
                if (published is not null)
                {
                    await texts.LockAsync(published, cancel);
                    await db.SaveChangesAsync(cancel);
                }
                // A newer event came meanwhile: the job stays, and is due at once.
                await db.Database.ExecuteSqlAsync($"delete from anchoring_jobs where article_id = {job.ArticleId} and revision = {job.Revision}", cancel);
                await db.Database.ExecuteSqlAsync($"update anchoring_jobs set due = {time.GetUtcNow()}, attempts = 0 where article_id = {job.ArticleId}", cancel);
                await transaction.CommitAsync(cancel);
            });
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 0.25 * Math.Pow(2, Math.Min(job.Attempts, 12))));
            log.LogWarning(exception, "The highlights of {ArticleId} could not follow its text. Next try in {Pause}", job.ArticleId, pause);
            await db.Database.ExecuteSqlAsync($"update anchoring_jobs set due = {time.GetUtcNow() + pause} where article_id = {job.ArticleId}", cancel);
        }
    }

    sealed record Job(Guid ArticleId, long Revision, int Attempts);
}
