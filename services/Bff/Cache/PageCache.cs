using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Blog.Bff.Cache;

/// <summary>How long answers are good and how much is kept (<c>Blog:Cache</c>).</summary>
sealed class PageCacheOptions
{
    /// <summary>Events evict at once; this is the safety net for one that was lost.</summary>
    public TimeSpan Fresh { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>After that an answer is still served while a new one is fetched.</summary>
    public TimeSpan StaleWhileRevalidate { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>When fetching fails, what is known is served for this long.</summary>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Not found, gone, moved.</summary>
    public TimeSpan FreshMissing { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two attempts to fetch what is being served stale because of an error.</summary>
    public TimeSpan RetryAfterError { get; set; } = TimeSpan.FromSeconds(3);

    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(15);

    public long MaxBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Larger answers pass through.</summary>
    public int MaxAnswerBytes { get; set; } = 4 * 1024 * 1024;
}

/// <summary>
/// Public pages and public JSON, kept by address and evicted by tag. Evicting makes an answer unfit to be served unless a
/// new one cannot be had; removing forgets it at once. Order is kept by counting: an answer whose fetch began before an eviction of
/// one of its tags is stored as evicted.
/// </summary>
sealed class PageCache(IOptions<PageCacheOptions> options, TimeProvider time)
{
    const int MaxRememberedEvictions = 50_000;

    readonly PageCacheOptions options = options.Value;
    readonly ConcurrentDictionary<string, Slot> slots = new(StringComparer.Ordinal);
    readonly Dictionary<string, HashSet<Slot>> byTag = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> evictions = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    long clock;
    long evictedBefore;
    long bytes;
    long forgottenAt;

    /// <summary>One address: what is known of it, and the fetch that is under way.</summary>
    public sealed class Slot(string key)
    {
        public string Key => key;
        public volatile CachedAnswer? Answer;
        public volatile bool Evicted;
        public long LastUsed;
        public long FreshUntil;
        public long ServableUntil;
        public long StoredAt;
        public long RetryAt;
        internal long FetchBegan;
        internal long Accounted;
        internal IReadOnlySet<string> Tags = new HashSet<string>();
        internal Fetch? UnderWay;
    }

    /// <summary>A fetch that several requests may wait for.</summary>
    internal sealed record Fetch(long Began, Task<CachedAnswer> Result);

    public long Bytes => Volatile.Read(ref bytes);

    public int Count => slots.Count;

    long Now => time.GetUtcNow().UtcTicks;

    /// <summary>The answer for a request target exactly as it was sent, when it can be served without another thought.</summary>
    public bool TryGetFresh(string target, [NotNullWhen(true)] out CachedAnswer? answer)
    {
        answer = null;
        if (!slots.TryGetValue(target, out var slot) || slot.Evicted) return false;
        var now = Now;
        if (slot.FreshUntil < now) return false;
        slot.LastUsed = now;
        answer = slot.Answer;
        return answer is not null;
    }

    public Slot GetSlot(string key)
    {
        var slot = slots.GetOrAdd(key, static k => new Slot(k));
        slot.LastUsed = Now;
        return slot;
    }

    /// <summary>May be served at once while a new one is fetched.</summary>
    public bool IsServable(Slot slot) =>
        slot.Answer is { Status: StatusCodes.Status200OK } && !slot.Evicted && slot.ServableUntil >= Now;

    /// <summary>May be served because nothing better can be had.</summary>
    public bool IsServableOnError(Slot slot) => slot.Answer is not null && slot.StoredAt + options.StaleIfError.Ticks >= Now;

    public bool FailedJustNow(Slot slot) => Volatile.Read(ref slot.RetryAt) > Now;

    public void Failed(Slot slot) => Volatile.Write(ref slot.RetryAt, Now + options.RetryAfterError.Ticks);

    /// <summary>
    /// The fetch under way, or a new one. A fetch that began before the last eviction is not joined: what it brings may be older than
    /// what the caller has just been told of.
    /// </summary>
    public Task<CachedAnswer> FetchOnce(Slot slot, Func<long, Task<CachedAnswer>> fetch)
    {
        lock (gate)
        {
            if (slot.UnderWay is { Result.IsCompleted: false } current && current.Began == clock) return current.Result;
            var began = clock;
            slot.UnderWay = new(began, fetch(began));
            return slot.UnderWay.Result;
        }
    }

    /// <summary>
    /// Since when this address says what it says, to the second (RFC 9110 §8.8.2): a moment that is later than that of every other answer this address had here, so that
    /// nobody who asks by date keeps an old one. It may be in the future by less than a second for each change within the same second.
    /// </summary>
    public DateTimeOffset ChangedAt(Slot slot, CachedAnswer answer)
    {
        lock (gate)
        {
            if (slot.Answer is { ChangedAt: { } known } former && former.Says(answer)) return known;
            var second = TimeSpan.TicksPerSecond;
            var earliest = Math.Max(forgottenAt, slot.Answer?.ChangedAt?.UtcTicks ?? 0) / second * second;
            return new(Math.Max(Now / second * second, earliest == 0 ? 0 : earliest + second), TimeSpan.Zero);
        }
    }

    /// <param name="slot">Where it belongs.</param>
    /// <param name="answer">What to keep.</param>
    /// <param name="tags">On what it depends.</param>
    /// <param name="fresh">How long it is good.</param>
    /// <param name="began">The count of evictions when its fetch began.</param>
    /// <param name="stale">How long it is served after that while a new one is fetched; null: as long as the options say.</param>
    public void Store(Slot slot, CachedAnswer answer, IReadOnlySet<string> tags, TimeSpan fresh, long began, TimeSpan? stale = null)
    {
        lock (gate)
        {
            if (slot.Answer is not null && slot.FetchBegan > began) return;
            Unlink(slot);
            foreach (var tag in tags)
            {
                if (!byTag.TryGetValue(tag, out var members)) byTag[tag] = members = [];
                members.Add(slot);
            }

            var now = Now;
            slot.Tags = tags;
            slot.FetchBegan = began;
            slot.StoredAt = now;
            slot.FreshUntil = now + fresh.Ticks;
            slot.ServableUntil = slot.FreshUntil + (stale ?? options.StaleWhileRevalidate).Ticks;
            slot.Evicted = began < evictedBefore || tags.Any(tag => evictions.TryGetValue(tag, out var at) && at > began);
            slot.Answer = answer;
            slots[slot.Key] = slot;
            Account(slot);
            Trim();
        }
    }

    /// <summary>An address that gave nothing to keep takes no room.</summary>
    public void ForgetEmpty(Slot slot)
    {
        if (slot.Answer is null) slots.TryRemove(KeyValuePair.Create(slot.Key, slot));
    }

    /// <summary>What changed is not served any more, unless fetching it anew fails.</summary>
    public void Evict(params IEnumerable<string> tags) => Evict(tags, forget: false);

    /// <summary>What is gone is not served any more, whatever happens.</summary>
    public void Remove(params IEnumerable<string> tags) => Evict(tags, forget: true);

    void Evict(IEnumerable<string> tags, bool forget)
    {
        lock (gate)
        {
            clock++;
            foreach (var tag in tags)
            {
                evictions[tag] = clock;
                if (!byTag.TryGetValue(tag, out var members)) continue;
                foreach (var slot in members.ToArray())
                {
                    slot.Evicted = true;
                    slot.RetryAt = 0;
                    if (forget) Drop(slot);
                }
            }

            if (evictions.Count <= MaxRememberedEvictions) return;
            evictions.Clear();
            evictedBefore = clock;
        }
    }

    /// <summary>Every tag that begins so: for a change whose details only the event knows.</summary>
    public void EvictAllOf(string prefix)
    {
        string[] tags;
        lock (gate) tags = [.. byTag.Keys.Where(tag => tag.StartsWith(prefix, StringComparison.Ordinal))];
        Evict(tags);
    }

    /// <summary>After a time in which events may have been missed.</summary>
    public void EvictEverything()
    {
        lock (gate)
        {
            evictedBefore = ++clock;
            evictions.Clear();
            foreach (var slot in slots.Values)
            {
                slot.Evicted = true;
                slot.RetryAt = 0;
            }
        }
    }

    void Account(Slot slot)
    {
        var size = slot.Answer is { } answer ? answer.Size + (slot.Key.Length * 2) : 0;
        Volatile.Write(ref bytes, bytes + size - slot.Accounted);
        slot.Accounted = size;
    }

    void Unlink(Slot slot)
    {
        foreach (var tag in slot.Tags)
            if (byTag.TryGetValue(tag, out var members) && members.Remove(slot) && members.Count == 0) byTag.Remove(tag);
    }

    void Drop(Slot slot)
    {
        Unlink(slot);
        forgottenAt = Math.Max(forgottenAt, slot.Answer?.ChangedAt?.UtcTicks ?? 0);
        slot.Tags = new HashSet<string>();
        slot.Answer = null;
        Account(slot);
        slots.TryRemove(KeyValuePair.Create(slot.Key, slot));
    }

    /// <summary>Least recently used first, down to nine tenths, so that it does not run for each new answer.</summary>
    void Trim()
    {
        if (bytes <= options.MaxBytes) return;
        foreach (var slot in slots.Values.OrderBy(s => s.LastUsed).ToArray())
        {
            if (bytes <= options.MaxBytes / 10 * 9) return;
            Drop(slot);
        }
    }
}
