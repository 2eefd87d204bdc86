using Blog.Notifications.Data;
using Blog.Notifications.ReadModels;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Notifications.Telling;

/// <summary>
/// Works off what is to be told: lane by lane (one instance at a time has a lane, so a person's tellings keep their order), then a chunk of each open
/// announcement, so that an author with a million followers delays nobody. Effect and removal are one transaction. Woken by NOTIFY.
/// </summary>
sealed class TellingWorker(IServiceScopeFactory scopes, IConfiguration configuration, TimeProvider time, ILogger<TellingWorker> log) : BackgroundService
{
    const int BatchSize = 200, ChunkSize = 500;
    // "tell" in ASCII: the class of the advisory locks of lanes.
    const int LaneLocks = 0x74656C6C;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var source = NpgsqlDataSource.Create(configuration.DatabaseConnection("notifications"));
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await source.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand("listen telling", listener)) await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    while (await WorkAsync(stoppingToken)) failures = 0;
                    await listener.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                var pause = TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(failures++, 5)));
                log.LogWarning(exception, "Nobody is told for the moment; next try in {Pause} ms", pause.TotalMilliseconds);
                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Whether there was anything to do.</summary>
    async Task<bool> WorkAsync(CancellationToken cancel)
    {
        var worked = false;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
            foreach (var lane in await db.Set<PendingTelling>().Where(t => t.Failure == null).Select(t => t.Lane).Distinct().ToListAsync(cancel))
                worked |= await WorkOffAsync(lane, cancel);
        }
        return worked | await AnnounceAsync(cancel);
    }

    async Task<bool> WorkOffAsync(short lane, CancellationToken cancel)
    {
        try
        {
            return await WorkOffAsync(lane, BatchSize, cancel) > 0;
        }
        catch (Exception exception) when (IsOurs(exception))
        {
            log.LogError(exception, "Tellings of a batch failed; they are tried one by one");
        }
        for (var done = 0; done < BatchSize; done++)
            try
            {
                if (await WorkOffAsync(lane, 1, cancel) == 0) break;
            }
            catch (Exception exception) when (IsOurs(exception))
            {
                await SetAsideAsync(lane, exception, cancel);
            }
        return true;
    }

    /// <summary>Not a matter of waiting: the same will happen again.</summary>
    static bool IsOurs(Exception exception) => exception is not OperationCanceledException and not NpgsqlException { IsTransient: true } and not TimeoutException
        && (exception.InnerException is null || IsOurs(exception.InnerException));

    Task<int> WorkOffAsync(short lane, int count, CancellationToken cancel) => InTransactionAsync(async db =>
    {
        if (!await TakesAsync(db, lane, cancel))
            return 0;
        var tellings = await db.Set<PendingTelling>().Where(t => t.Lane == lane && t.Failure == null).OrderBy(t => t.Position).Take(count).AsNoTracking().ToListAsync(cancel);
        if (tellings.Count == 0)
            return 0;
        await new Teller(db, time).ApplyAsync(tellings, cancel);
        await db.SaveChangesAsync(cancel);
        var done = tellings.ConvertAll(t => t.Position);
        await db.Set<PendingTelling>().Where(t => done.Contains(t.Position)).ExecuteDeleteAsync(cancel);
        return tellings.Count;
    }, cancel);

    async Task SetAsideAsync(short lane, Exception reason, CancellationToken cancel)
    {
        log.LogError(reason, "A telling cannot be carried out; it is set aside in the table tellings");
        await InTransactionAsync(async db =>
        {
            if (!await TakesAsync(db, lane, cancel))
                return 0;
            var first = await db.Set<PendingTelling>().Where(t => t.Lane == lane && t.Failure == null).OrderBy(t => t.Position).FirstAsync(cancel);
            first.Failure = reason.Message;
            return await db.SaveChangesAsync(cancel);
        }, cancel);
    }

    /// <summary>One chunk of the oldest open announcement that no other instance works on.</summary>
    async Task<bool> AnnounceAsync(CancellationToken cancel) => await InTransactionAsync(async db =>
    {
        var open = await db.Set<Announcement>().FromSql($"select * from announcements where state in (1, 3) order by time limit 1 for update skip locked").ToListAsync(cancel);
        if (open is not [var announcement])
            return 0;
        var (telling, cursor) = (announcement.State is AnnouncementState.Telling, announcement.Cursor);
        var people = telling
            ? await FollowersOf(db, announcement, cursor).ToListAsync(cancel)
            : await db.Set<Bells.Notification>()
                .Where(n => n.SubjectId == announcement.ArticleId && n.Kind == V1.NotificationKind.ArticlePublished && n.PersonId > cursor)
                .OrderBy(n => n.PersonId).Select(n => n.PersonId).Take(ChunkSize).ToListAsync(cancel);
        await new Teller(db, time).ApplyAsync(people.ConvertAll(person => new PendingTelling
        {
            PersonId = person,
            Act = telling ? TellingAct.Tell : TellingAct.Withdraw,
            Kind = V1.NotificationKind.ArticlePublished,
            SubjectId = announcement.ArticleId,
            ActId = announcement.ArticleId,
            ActorId = announcement.AuthorId,
            ArticleId = announcement.ArticleId,
            Time = announcement.Time,
        }), cancel);
        if (people.Count > 0)
            announcement.Cursor = people[^1];
        if (people.Count < ChunkSize)
            announcement.State = telling ? AnnouncementState.Told : AnnouncementState.Withdrawn;
        await db.SaveChangesAsync(cancel);
        return 1;
    }, cancel) > 0;

    /// <summary>The next followers of its authors, each once; the authors know already. Of one author they are a range of the key.</summary>
    static IQueryable<Guid> FollowersOf(NotificationsDbContext db, Announcement announcement, Guid cursor)
    {
        Guid[] authors = [announcement.AuthorId, .. announcement.CoAuthorIds];
        var followers = authors.Length == 1
            ? db.Set<Follow>().Where(f => f.AuthorId == announcement.AuthorId && f.FollowerId > cursor).Select(f => f.FollowerId)
            : db.Set<Follow>().Where(f => authors.Contains(f.AuthorId) && f.FollowerId > cursor && !authors.Contains(f.FollowerId)).Select(f => f.FollowerId).Distinct();
        return followers.OrderBy(follower => follower).Take(ChunkSize);
    }

    /// <summary>Until the end of the transaction; false while another instance has the lane.</summary>
    static async Task<bool> TakesAsync(NotificationsDbContext db, short lane, CancellationToken cancel) =>
        (await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({LaneLocks}, {(int)lane}) as \"Value\"").ToListAsync(cancel))[0];

    async Task<int> InTransactionAsync(Func<NotificationsDbContext, Task<int>> work, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var done = await work(db);
            await transaction.CommitAsync(cancel);
            return done;
        });
    }
}
