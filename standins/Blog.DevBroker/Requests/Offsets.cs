using Blog.DevBroker.Protocol;
using Blog.DevBroker.Storage;

namespace Blog.DevBroker.Requests;

/// <summary>OffsetCommit (key 8) and OffsetFetch (key 9): how far a group has read.</summary>
static class Offsets
{
    public static void Commit(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var group = body.String();
        var generation = body.Int32();
        var memberId = body.String();
        var instanceId = version >= 7 ? body.NullableString() : null;
        if (version <= 4)
            body.Int64(); // retention time, which later versions dropped
        var topics = body.Array(() => (Name: body.String(), Partitions: body.Array(() => (Index: body.Int32(), Offset: ReadOffset(body, version)))));

        var refusal = group == "" ? ErrorCode.InvalidGroupId
            : generation < 0 ? broker.Groups.GetOrAdd(group).CheckCommit(memberId, instanceId, generation)
            : broker.Groups.Find(group)?.CheckCommit(memberId, instanceId, generation) ?? ErrorCode.UnknownMemberId;
        ErrorCode Verdict(string topic, int partition) =>
            refusal != ErrorCode.None ? refusal : broker.Topics.Find(topic, partition) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None;

        broker.Offsets.Commit(group, [.. from t in topics from p in t.Partitions where Verdict(t.Name, p.Index) == ErrorCode.None select (t.Name, p.Index, p.Offset)]);
        if (version >= 3)
            response.Int32(0);
        response.Array(topics, topic => response.String(topic.Name).Array(topic.Partitions, p => response.Int32(p.Index).Error(Verdict(topic.Name, p.Index))));
    }

    static CommittedOffset ReadOffset(RequestReader body, short version)
    {
        var offset = body.Int64();
        return new CommittedOffset(offset, version >= 6 ? body.Int32() : -1, body.NullableString());
    }

    public static void Fetch(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var group = body.String();
        var topics = body.NullableArray(() => (Name: body.String(), Partitions: body.Array(body.Int32)))
            ?? [.. from p in broker.Offsets.PartitionsOf(@group) group p.Partition by p.Topic into t select (t.Key, t.ToList())];

        if (version >= 3)
            response.Int32(0);
        response.Array(topics, topic => response.String(topic.Name).Array(topic.Partitions, partition =>
        {
            var committed = broker.Offsets.Find(group, topic.Name, partition);
            response.Int32(partition).Int64(committed?.Offset ?? -1);
            if (version >= 5)
                response.Int32(committed?.LeaderEpoch ?? -1);
            response.String(committed?.Metadata ?? "").Error(ErrorCode.None);
        }));
        if (version >= 2)
            response.Error(ErrorCode.None);
    }
}
