using Blog.DevBroker.Groups;
using Blog.DevBroker.Storage;

namespace Blog.DevBroker;

/// <summary>What the broker keeps: topics, committed offsets, groups, producer ids; and the two chores that run by the clock.</summary>
sealed class Broker : IAsyncDisposable
{
    /// <summary>There is one node, with this id.</summary>
    public const int NodeId = 1;

    readonly CancellationTokenSource _stopping = new();
    readonly List<Task> _chores;

    public Broker(BrokerOptions options, TimeProvider time)
    {
        Options = options;
        Topics = new TopicCatalog(options, time);
        Offsets = new OffsetStore(options.DataFolder);
        ProducerIds = new ProducerIds(options.DataFolder);
        Groups = new ConsumerGroups(options.InitialRebalanceDelay, time);
        foreach (var id in Offsets.Groups)
            Groups.GetOrAdd(id);
        _chores = [Every(options.FlushInterval, time, FlushToDisk), Every(options.RetentionCheck, time, Retain)];
    }

    public BrokerOptions Options { get; }
    public TopicCatalog Topics { get; }
    public OffsetStore Offsets { get; }
    public ProducerIds ProducerIds { get; }
    public ConsumerGroups Groups { get; }
    public string AdvertisedHost => Options.AdvertisedHost;

    /// <summary>Known when the server listens.</summary>
    public int AdvertisedPort { get; set; }

    async Task Every(TimeSpan interval, TimeProvider time, Action chore)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                chore();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    void FlushToDisk()
    {
        try
        {
            foreach (var partition in Topics.All.SelectMany(t => t.Partitions))
                partition.FlushToDisk();
            Offsets.FlushToDisk();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"flush failed: {e.Message}");
        }
    }

    void Retain()
    {
        try
        {
            foreach (var topic in Topics.All)
                foreach (var partition in topic.Partitions)
                    partition.Retain(topic.Settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"retention failed: {e.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_chores);
        Groups.Dispose();
        Offsets.Dispose();
        Topics.Dispose();
        _stopping.Dispose();
    }
}
