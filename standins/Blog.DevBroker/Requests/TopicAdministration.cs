using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>CreateTopics (key 19), DeleteTopics (20), CreatePartitions (37), DeleteRecords (21).</summary>
static class TopicAdministration
{
    const long HighWatermark = -1;

    public static void Create(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var topics = body.Array(() => (
            Name: body.String(),
            Partitions: body.Int32(),
            Replicas: body.Int16(),
            Placed: body.Array(() => (Partition: body.Int32(), Brokers: body.Array(body.Int32))),
            Config: body.Array(() => (Name: body.String(), Value: body.NullableString()))));
        body.Int32(); // time-out
        var validateOnly = version >= 1 && body.Bool();

        if (version >= 2)
            response.Int32(0);
        response.Array(topics, t =>
        {
            // -1 means the broker's default, or that partitions are placed by hand.
            var partitions = t.Placed.Count > 0 ? t.Placed.Count : t.Partitions == -1 ? broker.Options.DefaultPartitions : t.Partitions;
            var config = t.Config.Where(c => c.Value is not null).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.Value!);
            var (error, message) = t.Replicas is 1 or -1 && t.Placed.TrueForAll(p => p.Brokers is [Broker.NodeId])
                ? broker.Topics.Create(t.Name, partitions, config, validateOnly)
                : (ErrorCode.InvalidReplicationFactor, "there is one broker, so there is one replica");
            response.String(t.Name).Error(error);
            if (version >= 1)
                response.String(message);
        });
    }

    public static void Delete(Broker broker, Request request, ResponseWriter response)
    {
        var names = request.Body.Array(request.Body.String);
        if (request.Version >= 1)
            response.Int32(0);
        response.Array(names, name =>
        {
            var found = broker.Topics.Delete(name);
            if (found)
                broker.Offsets.ForgetTopic(name);
            response.String(name).Error(found ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition);
        });
    }

    public static void AddPartitions(Broker broker, Request request, ResponseWriter response)
    {
        var body = request.Body;
        var topics = body.Array(() =>
        {
            var (name, count) = (body.String(), body.Int32());
            body.NullableArray(() => body.Array(body.Int32)); // placement
            return (Name: name, Count: count);
        });
        response.Int32(0).Array(topics, t =>
        {
            var (error, message) = broker.Topics.AddPartitions(t.Name, t.Count);
            response.String(t.Name).Error(error).String(message);
        });
    }

    public static void DeleteRecords(Broker broker, Request request, ResponseWriter response)
    {
        var body = request.Body;
        var topics = body.Array(() => (Name: body.String(), Partitions: body.Array(() => (Index: body.Int32(), Before: body.Int64()))));
        response.Int32(0).Array(topics, topic => response.String(topic.Name).Array(topic.Partitions, p =>
        {
            var log = broker.Topics.Find(topic.Name, p.Index);
            var error = log?.DeleteBefore(p.Before == HighWatermark ? log.EndOffset : p.Before) ?? ErrorCode.UnknownTopicOrPartition;
            response.Int32(p.Index).Int64(log?.StartOffset ?? -1).Error(error);
        }));
    }
}
