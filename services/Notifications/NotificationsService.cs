using Blog.Notifications.Bells;
using Blog.Notifications.Data;
using Blog.Notifications.Live;
using Blog.Notifications.ReadModels;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications;

/// <summary>blog.notifications.v1.Notifications. Each use case is a file in Bells, Choices or Live; here is what several of them need.</summary>
sealed partial class NotificationsService(
    NotificationsDbContext db, TimeProvider time, IServiceScopeFactory scopes, BellWatchers watchers, TokenCheck tokens, IHostApplicationLifetime lifetime)
    : V1.Notifications.NotificationsBase
{
    static Guid Caller(ServerCallContext context) => context.GetHttpContext().User.PersonId()
        ?? throw RpcErrors.Create(StatusCode.Unauthenticated, "Please sign in.", "NOT_SIGNED_IN");

    static Guid IdOf(string text, string field) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw RpcErrors.InvalidArgument((field, "This is not an id."));

    /// <summary>The caller's bell, without making one for somebody who was never told of anything.</summary>
    async Task<Bell> BellAsync(Guid person, CancellationToken cancel) =>
        await db.Set<Bell>().AsNoTracking().SingleOrDefaultAsync(b => b.PersonId == person, cancel) ?? new Bell { PersonId = person };

    /// <summary>A change of the caller's list under the lock of their bell.</summary>
    Task<Bell> ChangeAsync(Guid person, Func<Bell, Task> change, CancellationToken cancel) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var bell = (await db.LockBellsAsync([person], cancel))[0];
        await change(bell);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return bell;
    });

    async Task<Dictionary<Guid, KnownArticle>> ArticlesAsync(IEnumerable<Guid?> ids, CancellationToken cancel)
    {
        var wanted = ids.Where(id => id is not null).Distinct().ToArray();
        return wanted.Length == 0 ? [] : await db.Set<KnownArticle>().AsNoTracking().Where(a => wanted.Contains(a.ArticleId)).ToDictionaryAsync(a => a.ArticleId, cancel);
    }
}
