using System.Collections.Concurrent;
using Blog.Feed.Data;
using Blog.Feed.Reading;
using Microsoft.Extensions.Options;

namespace Blog.Feed.Sources;

/// <summary>The newest articles of a source, newest first.</summary>
/// <param name="Articles">At most <see cref="FeedOptions.Window"/>.</param>
/// <param name="IsWhole">The source has no older ones.</param>
sealed record Window(FeedRow[] Articles, bool IsWhole)
{
    /// <summary>Whether what comes right below a position is known.</summary>
    public bool Reaches(Position below) => IsWhole || Articles[^1].Position < below;

    /// <summary>Index of the first article below a position.</summary>
    public int IndexBelow(Position position)
    {
        var (low, high) = (0, Articles.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Articles[middle].Position < position) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}

/// <summary>
/// Windows of the big sources, in memory: they are the same for all of their many followers, and merging them costs a reader no query. A notice of the
/// transaction that changed a source drops its window; the next reader brings it anew.
/// </summary>
sealed class BigSources(FeedDatabase database, IOptions<FeedOptions> options, TimeProvider time)
{
    // A window that nobody asked for in this time is let go.
    static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    readonly ConcurrentDictionary<Guid, Held> windows = new();
    volatile bool listening;

    /// <summary>From now on changes are told.</summary>
    public void Listening()
    {
        windows.Clear();
        listening = true;
    }

    /// <summary>Changes are not told at present: what is in memory cannot be trusted.</summary>
    public void Deaf()
    {
        listening = false;
        windows.Clear();
    }

    /// <summary>Articles came to the source or left it.</summary>
    public void Changed(Guid source) => windows.TryRemove(source, out _);

    /// <summary>The window as committed when asked, or later.</summary>
    public ValueTask<Window> GetAsync(Guid source, CancellationToken cancel)
    {
        if (!listening)
            return new(LoadAsync(source, cancel));
        if (windows.TryGetValue(source, out var held) && held.Window.IsCompletedSuccessfully)
        {
            held.UsedAt = time.GetTimestamp();
            return new(held.Window.Result);
        }
        return new(BringAsync(source, cancel));
    }

    async Task<Window> BringAsync(Guid source, CancellationToken cancel)
    {
        // In the dictionary before the query begins: a change that the query does not see removes it.
        var held = windows.GetOrAdd(source, static (_, now) => new Held { UsedAt = now }, time.GetTimestamp());
        held.Load(() => LoadAsync(source, CancellationToken.None));
        try
        {
            return await held.Window.WaitAsync(cancel);
        }
        catch when (held.Window.IsFaulted)
        {
            windows.TryRemove(new(source, held));
            throw;
        }
    }

    /// <summary>Lets go what nobody asked for lately.</summary>
    public void LetGo()
    {
        foreach (var entry in windows)
            if (time.GetElapsedTime(entry.Value.UsedAt) > Idle)
                windows.TryRemove(entry);
    }

    async Task<Window> LoadAsync(Guid source, CancellationToken cancel)
    {
        var size = options.Value.Window;
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var query = connection.Command(
            """
            select publish_time, article_id, source_id, author_id, kind, name from source_articles
            where source_id = $1 order by publish_time desc, article_id desc limit $2
            """, source, size);
        var rows = await FeedRow.ReadAllAsync(query, size, cancel);
        return new Window([.. rows], rows.Count < size);
    }

    sealed class Held
    {
        readonly TaskCompletionSource<Window> window = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int loading;

        public long UsedAt { get; set; }
        public Task<Window> Window => window.Task;

        /// <summary>Begins to load, once.</summary>
        public void Load(Func<Task<Window>> load)
        {
            if (Interlocked.Exchange(ref loading, 1) == 0)
                _ = LoadAsync(load);
        }

        async Task LoadAsync(Func<Task<Window>> load)
        {
            try
            {
                window.SetResult(await load());
            }
            catch (Exception problem)
            {
                window.SetException(problem);
            }
        }
    }
}
