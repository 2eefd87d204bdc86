using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Blog.Bff.Sessions;

/// <summary>A session in use by this instance.</summary>
sealed class LiveSession(SessionSecret secret, Session session)
{
    public SessionSecret Secret => secret;
    public string Id => secret.Id;
    public Session Session { get; set; } = session;
    /// <summary>When the store last confirmed it.</summary>
    public long ConfirmedAt { get; set; }
    public long UsedAt { get; set; }
    /// <summary>The store does not have the present state yet.</summary>
    public bool Unsaved { get; set; }
    /// <summary>One renewal at a time.</summary>
    public SemaphoreSlim Renewing { get; } = new(1);
}

/// <summary>
/// Sessions in Redis, with a bounded copy here. The copy serves for a few seconds without asking, and for as long as Redis is away; what
/// changes meanwhile is saved when it is back, also when it comes back empty. A session that ended leaves a mark, so that a copy elsewhere cannot revive it.
/// </summary>
sealed class SessionStore(RedisLink redis, TimeProvider time, ILogger<SessionStore> logger) : BackgroundService
{
    static readonly TimeSpan Idle = TimeSpan.FromDays(15);
    static readonly TimeSpan EndedMark = TimeSpan.FromDays(1);
    static readonly TimeSpan Trusted = TimeSpan.FromSeconds(10);
    static readonly TimeSpan KeptHere = TimeSpan.FromMinutes(30);
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);
    static readonly RedisValue Ended = "ended";
    static readonly RedisChannel EndedChannel = RedisChannel.Literal("blog:session-ended");
    const int MaxHere = 10_000;

    readonly ConcurrentDictionary<string, LiveSession> here = new(StringComparer.Ordinal);
    /// <summary>Ended here while Redis was away: to be marked there.</summary>
    readonly ConcurrentDictionary<string, byte> endedHere = new(StringComparer.Ordinal);

    /// <summary>A session ended, here or elsewhere; its <see cref="LiveSession.Id"/>.</summary>
    public event Action<string>? SessionEnded;

    long Now => time.GetUtcNow().UtcTicks;

    static RedisKey KeyOf(string id) => "blog:session:" + id;
    static RedisKey IndexOf(string kind, string value) => $"blog:sessions-of:{kind}:{value}";

    public async Task<LiveSession> CreateAsync(Session session)
    {
        var live = new LiveSession(SessionSecret.New(), session) { UsedAt = Now, ConfirmedAt = Now };
        here[live.Id] = live;
        await SaveAsync(live);
        return live;
    }

    /// <summary>Null session with <c>Known</c>: there is none. Not known: Redis is away and there is no copy here.</summary>
    public async ValueTask<(bool Known, LiveSession? Session)> FindAsync(SessionSecret secret)
    {
        var now = Now;
        if (endedHere.ContainsKey(secret.Id)) return (true, null);
        here.TryGetValue(secret.Id, out var live);
        if (live is not null && live.Session.EndsAt.UtcTicks < now)
        {
            here.TryRemove(secret.Id, out _);
            return (true, null);
        }

        if (live is not null) live.UsedAt = now;
        if (live is not null && now - live.ConfirmedAt < Trusted.Ticks) return (true, live);

        var (answered, stored) = await redis.TryAsync(db => db.StringGetAsync(KeyOf(secret.Id)));
        if (!answered) return (live is not null, live);
        if (stored == Ended)
        {
            here.TryRemove(secret.Id, out _);
            return (true, null);
        }

        if (stored.IsNull)
        {
            if (live is null) return (true, null);
            await SaveAsync(live); // Redis lost it, this instance did not.
            return (true, live);
        }

        if (secret.Open((byte[])stored!) is not { } session || session.EndsAt.UtcTicks < now) return (true, null);
        live = here.GetOrAdd(secret.Id, _ => new(secret, session));
        if (session.Renewals > live.Session.Renewals) live.Session = session;
        live.UsedAt = live.ConfirmedAt = now;
        return (true, live);
    }

    public async Task SaveAsync(LiveSession live)
    {
        var session = live.Session;
        live.Unsaved = true;
        var (answered, saved) = await redis.TryAsync(async db =>
        {
            var batch = db.CreateBatch();
            var writes = new List<Task>
            {
                // Never over the mark of an end: "XX" would need it to exist, so the script decides.
                batch.ScriptEvaluateAsync(SaveUnlessEnded, [KeyOf(live.Id)], [live.Secret.Seal(session), (long)Idle.TotalSeconds]),
            };
            foreach (var index in IndexesOf(session))
            {
                writes.Add(batch.SetAddAsync(index, live.Id));
                writes.Add(batch.KeyExpireAsync(index, Idle));
            }

            batch.Execute();
            await Task.WhenAll(writes);
            return true;
        });
        if (!answered || !saved) return;
        live.Unsaved = false;
        live.ConfirmedAt = Now;
    }

    const string SaveUnlessEnded = "if redis.call('GET', KEYS[1]) ~= 'ended' then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end return 1";

    static IEnumerable<RedisKey> IndexesOf(Session session)
    {
        yield return IndexOf("sub", session.Subject);
        if (session.Sid is { } sid) yield return IndexOf("sid", sid);
    }

    public async Task EndAsync(string id)
    {
        here.TryRemove(id, out _);
        endedHere[id] = 0;
        SessionEnded?.Invoke(id);
        await MarkEndedAsync(id);
    }

    /// <summary>Ends the sessions that came from one sign-in at Identity, or all of a person: OpenID Connect Back-Channel Logout 1.0 §2.</summary>
    public async Task EndAllAsync(string? sid, string? subject)
    {
        var ids = here.Values
            .Where(live => sid is not null ? live.Session.Sid == sid : live.Session.Subject == subject)
            .Select(live => live.Id).ToHashSet(StringComparer.Ordinal);
        var (_, members) = await redis.TryAsync(db => db.SetMembersAsync(sid is not null ? IndexOf("sid", sid) : IndexOf("sub", subject!)));
        ids.UnionWith((members ?? []).Select(member => member.ToString()));
        foreach (var id in ids) await EndAsync(id);
    }

    async Task MarkEndedAsync(string id)
    {
        var (answered, _) = await redis.TryAsync(async db =>
        {
            await db.StringSetAsync(KeyOf(id), Ended, EndedMark);
            return await db.PublishAsync(EndedChannel, id);
        });
        if (answered) endedHere.TryRemove(id, out _);
    }

    /// <summary>The one instance that may renew a session's tokens; null: another one does. Without Redis this instance decides alone.</summary>
    public async ValueTask<IAsyncDisposable?> TryLockRenewalAsync(string id, TimeSpan atMost)
    {
        var key = (RedisKey)("blog:session-renewal:" + id);
        var (answered, taken) = await redis.TryAsync(db => db.StringSetAsync(key, 1, atMost, When.NotExists));
        return !answered || taken ? new Release(redis, key) : null;
    }

    sealed class Release(RedisLink redis, RedisKey key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await redis.TryAsync(db => db.KeyDeleteAsync(key));
    }

    /// <summary>What another instance may have stored meanwhile.</summary>
    public async ValueTask ReloadAsync(LiveSession live)
    {
        live.ConfirmedAt = 0;
        if (!live.Unsaved) await FindAsync(live.Secret);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscribed = false;
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            try
            {
                if (redis.IsAway) continue;
                if (!subscribed)
                {
                    await redis.Multiplexer.GetSubscriber().SubscribeAsync(EndedChannel, (_, id) =>
                    {
                        here.TryRemove(id.ToString(), out LiveSession? _);
                        SessionEnded?.Invoke(id.ToString());
                    });
                    subscribed = true;
                }

                foreach (var id in endedHere.Keys) await MarkEndedAsync(id);
                foreach (var live in here.Values.Where(live => live.Unsaved)) await SaveAsync(live);
                Trim();
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                logger.LogWarning("Sessions wait for Redis: {Reason}", exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default));
    }

    void Trim()
    {
        var oldest = Now - KeptHere.Ticks;
        var excess = here.Count - MaxHere;
        foreach (var live in here.Values.Where(live => !live.Unsaved).OrderBy(live => live.UsedAt))
        {
            if (live.UsedAt >= oldest && excess-- <= 0) return;
            here.TryRemove(live.Id, out _);
        }
    }
}
