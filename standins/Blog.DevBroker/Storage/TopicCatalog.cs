using System.Collections.Concurrent;
using System.Globalization;
using Blog.DevBroker.Protocol;
using Blog.DevBroker.Storage;

namespace Blog.DevBroker;

/// <summary>A topic: its partitions, the settings given to it by name, and what these come to over the broker's defaults.</summary>
sealed record Topic(string Name, PartitionLog[] Partitions, IReadOnlyDictionary<string, string> Config, TopicSettings Settings);

/// <summary>All topics, one folder each: <c>topic.properties</c> and a folder per partition. A folder without the properties file is a topic half created or half deleted.</summary>
sealed class TopicCatalog : IDisposable
{
    public const int MaxPartitions = 1000;

    /// <summary>Kafka's limit for a topic name; letters, digits, '.', '_' and '-'.</summary>
    const int MaxNameLength = 249;

    const string PartitionsKey = "partitions";
    readonly Lock _changes = new();
    readonly ConcurrentDictionary<string, Topic> _topics = new();
    readonly string _folder;
    readonly BrokerOptions _options;
    readonly TimeProvider _time;

    public TopicCatalog(BrokerOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _folder = Path.Combine(options.DataFolder, "topics");
        Directory.CreateDirectory(_folder);
        foreach (var folder in Directory.GetDirectories(_folder))
        {
            if (File.Exists(PropertiesFile(folder)))
                Load(folder);
            else
                Directory.Delete(folder, recursive: true);
        }

        foreach (var (name, partitions) in options.Topics)
            Create(name, partitions, new Dictionary<string, string>());
    }

    public IReadOnlyList<Topic> All => [.. _topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];

    public Topic? Find(string name) => _topics.GetValueOrDefault(name);

    public PartitionLog? Find(string topic, int partition) =>
        _topics.TryGetValue(topic, out var found) && (uint)partition < (uint)found.Partitions.Length ? found.Partitions[partition] : null;

    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name is not ("." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    public (ErrorCode Error, string? Message) Create(string name, int partitions, IReadOnlyDictionary<string, string> config, bool validateOnly = false)
    {
        if (!IsValidName(name))
            return (ErrorCode.InvalidTopic, "a topic name has 1 to 249 letters, digits, '.', '_' and '-'");
        if (partitions is < 1 or > MaxPartitions)
            return (ErrorCode.InvalidPartitions, $"a topic has 1 to {MaxPartitions} partitions");
        var (settings, refusal) = _options.TopicDefaults.With(config);
        if (refusal is not null)
            return (ErrorCode.InvalidConfig, refusal);
        lock (_changes)
        {
            if (_topics.ContainsKey(name))
                return (ErrorCode.TopicAlreadyExists, $"the topic {name} exists");
            if (!validateOnly)
                Publish(name, partitions, config, settings);
            return (ErrorCode.None, null);
        }
    }

    public bool Delete(string name)
    {
        lock (_changes)
        {
            if (!_topics.TryRemove(name, out var topic))
                return false;
            var folder = Path.Combine(_folder, name);
            File.Delete(PropertiesFile(folder));
            foreach (var partition in topic.Partitions)
                partition.Delete();
            Directory.Delete(folder, recursive: true);
            return true;
        }
    }

    public (ErrorCode Error, string? Message) AddPartitions(string name, int count)
    {
        lock (_changes)
        {
            if (!_topics.TryGetValue(name, out var topic))
                return (ErrorCode.UnknownTopicOrPartition, null);
            if (count <= topic.Partitions.Length || count > MaxPartitions)
                return (ErrorCode.InvalidPartitions, $"{name} has {topic.Partitions.Length} partitions; the new number must be larger, up to {MaxPartitions}");
            Publish(name, count, topic.Config, topic.Settings);
            return (ErrorCode.None, null);
        }
    }

    /// <summary>Replaces the named settings of a topic by what <paramref name="change"/> makes of them.</summary>
    public (ErrorCode Error, string? Message) Configure(string name, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change, bool validateOnly)
    {
        lock (_changes)
        {
            if (!_topics.TryGetValue(name, out var topic))
                return (ErrorCode.UnknownTopicOrPartition, null);
            var config = change(topic.Config);
            var (settings, refusal) = _options.TopicDefaults.With(config);
            if (refusal is not null)
                return (ErrorCode.InvalidConfig, refusal);
            if (!validateOnly)
                Publish(name, topic.Partitions.Length, config, settings);
            return (ErrorCode.None, null);
        }
    }

    void Publish(string name, int partitions, IReadOnlyDictionary<string, string> config, TopicSettings settings)
    {
        var folder = Path.Combine(_folder, name);
        Directory.CreateDirectory(folder);
        var lines = config.Select(c => $"{c.Key}={c.Value}").Prepend($"{PartitionsKey}={partitions.ToString(CultureInfo.InvariantCulture)}");
        DurableFile.Replace(PropertiesFile(folder), string.Join('\n', lines) + "\n");
        PartitionLog[] existing = _topics.TryGetValue(name, out var before) ? before.Partitions : [];
        var added = Enumerable.Range(existing.Length, partitions - existing.Length).Select(i => OpenPartition(folder, i));
        _topics[name] = new Topic(name, [.. existing, .. added], config, settings);
    }

    void Load(string folder)
    {
        var config = File.ReadLines(PropertiesFile(folder)).Select(line => line.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        config.Remove(PartitionsKey, out var count);
        var partitions = int.Parse(count ?? "1", CultureInfo.InvariantCulture);
        var name = Path.GetFileName(folder);
        _topics[name] = new Topic(name, [.. Enumerable.Range(0, partitions).Select(i => OpenPartition(folder, i))], config, _options.TopicDefaults.With(config).Settings);
    }

    PartitionLog OpenPartition(string folder, int index) => new(Path.Combine(folder, index.ToString(CultureInfo.InvariantCulture)), _time);

    static string PropertiesFile(string folder) => Path.Combine(folder, "topic.properties");

    public void Dispose()
    {
        foreach (var partition in _topics.Values.SelectMany(t => t.Partitions))
            partition.Dispose();
    }
}
