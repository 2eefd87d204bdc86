using Blog.Interactions.Data;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

/// <summary>Once an hour: what was deleted longer ago than it can be brought back is gone for good.</summary>
sealed class ForgetDeletedLists(IServiceScopeFactory scopes, TimeProvider time, ILogger<ForgetDeletedLists> log) : PeriodicWorker(TimeSpan.FromHours(1), time, log, "Deleted lists are not forgotten")
{
    public override async Task RunAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await RunAsync(scope.ServiceProvider.GetRequiredService<InteractionsDbContext>(), Time.GetUtcNow(), cancel);
    }

    internal static Task RunAsync(InteractionsDbContext db, DateTimeOffset now, CancellationToken cancel)
    {
        var before = now - ReadingList.Kept;
        return db.Database.ExecuteSqlAsync($"""
            with gone as (delete from reading_lists where delete_time < {before} returning owner_id, id),
                 items as (delete from reading_list_items i using gone where i.owner_id = gone.owner_id and i.list_id = gone.id)
            delete from reading_list_slugs s using gone where s.owner_id = gone.owner_id and s.list_id = gone.id
            """, cancel);
    }
}
