using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Content.Data;

/// <summary>Commands that change several rows which others may change at the same moment.</summary>
static class Transactions
{
    /// <summary>All of it or nothing; carried out anew when the connection broke. ABORTED reason LOST_RACE when somebody did the same at the same moment.</summary>
    public static async Task<T> InTransactionAsync<T>(this ContentDbContext db, Func<Task<T>> change, CancellationToken cancel)
    {
        try
        {
            return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                var done = await change();
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return done;
            });
        }
        catch (DbUpdateException problem) when (problem is DbUpdateConcurrencyException or { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } })
        {
            throw RpcErrors.Create(StatusCode.Aborted, "The same was done at the same moment elsewhere. Try again.", "LOST_RACE");
        }
    }

    /// <summary>Until the transaction ends nobody else changes this article: whoever saves it meanwhile waits.</summary>
    public static Task LockArticleAsync(this ContentDbContext db, Guid id, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"select 1 from articles where id = {id} for update", cancel);
}
