using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>ListOffsets (key 2): the first offset, the last, or the first at or after a time.</summary>
static class ListOffsets
{
    const long Latest = -1, Earliest = -2;

    public static void Handle(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        body.Int32(); // replica id
        if (version >= 2)
        {
            body.Byte(); // isolation level
            response.Int32(0);
        }

        var topics = body.Array(() => (Name: body.String(), Partitions: body.Array(() =>
        {
            var index = body.Int32();
            if (version >= 4)
                body.Int32(); // leader epoch
            return (Index: index, Timestamp: body.Int64());
        })));

        response.Array(topics, topic => response.String(topic.Name).Array(topic.Partitions, partition =>
        {
            var log = broker.Topics.Find(topic.Name, partition.Index);
            var (offset, timestamp) = log is null ? (-1, -1)
                : partition.Timestamp == Latest ? (log.EndOffset, -1)
                : partition.Timestamp == Earliest ? (log.StartOffset, -1)
                : log.FirstAtOrAfter(partition.Timestamp) ?? (-1, -1);
            response.Int32(partition.Index).Error(log is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None).Int64(timestamp).Int64(offset);
            if (version >= 4)
                response.Int32(-1);
        }));
    }
}
