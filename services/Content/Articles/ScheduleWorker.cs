using Blog.Content.Data;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

/// <summary>
/// Publishes what is due, an article at a time and each in a transaction that holds its row: several instances share the work, and what one of them did not finish
/// another does, or the same one after a restart.
/// </summary>
sealed partial class ScheduleWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<ScheduleWorker> log) : PeriodicWorker(Look, time, log, "Stories that are due wait")
{
    // A story is to be out within five seconds of its time.
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>Publishes whatever is due. What fails for a reason that is not its author's waits for the next look, and holds up nothing else.</summary>
    public override async Task RunAsync(CancellationToken cancel)
    {
        List<Guid> failed = [];
        for (var more = true; more;)
        {
            Guid? claimed = null;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var (db, articles) = (scope.ServiceProvider.GetRequiredService<ContentDbContext>(), scope.ServiceProvider.GetRequiredService<ArticlesService>());
                more = await db.InTransactionAsync(async () =>
                {
                    var (now, aside) = (Time.GetUtcNow(), failed.ToArray());
                    var due = await db.Database.SqlQuery<Guid>($"""
                        select id as "Value" from articles where schedule_time <= {now} and id <> all({aside}) order by schedule_time limit 1 for update skip locked
                        """).ToListAsync(cancel);
                    if (due is not [var id])
                        return false;
                    claimed = id;
                    await articles.PublishOnScheduleAsync(await db.Articles.SingleAsync(a => a.Id == id, cancel), cancel);
                    return true;
                }, cancel);
            }
            catch (Exception problem) when (problem is not OperationCanceledException && claimed is { } article)
            {
                failed.Add(article);
                LogFailed(Log, article, problem);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Article {Article} is due and could not be published; it is tried again")]
    static partial void LogFailed(ILogger log, Guid article, Exception problem);
}
