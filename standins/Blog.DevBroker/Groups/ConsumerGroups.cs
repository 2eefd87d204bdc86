using System.Collections.Concurrent;
using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Groups;

/// <summary>All consumer groups. This broker coordinates every one of them.</summary>
sealed class ConsumerGroups(TimeSpan initialRebalanceDelay, TimeProvider time) : IDisposable
{
    readonly ConcurrentDictionary<string, ConsumerGroup> _groups = new();

    public IReadOnlyCollection<ConsumerGroup> All => [.. _groups.Values];

    public ConsumerGroup? Find(string id) => _groups.GetValueOrDefault(id);

    public ConsumerGroup GetOrAdd(string id) => _groups.GetOrAdd(id, i => new ConsumerGroup(i, initialRebalanceDelay, time));

    public ErrorCode Delete(string id)
    {
        if (!_groups.TryGetValue(id, out var group))
            return ErrorCode.GroupIdNotFound;
        if (!group.IsEmpty)
            return ErrorCode.NonEmptyGroup;
        _groups.TryRemove(id, out _);
        group.Dispose();
        return ErrorCode.None;
    }

    public void Dispose()
    {
        foreach (var group in _groups.Values)
            group.Dispose();
    }
}
