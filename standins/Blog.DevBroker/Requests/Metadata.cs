using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>Metadata (key 3): the one node, and the topics asked for. A topic that does not exist is created if the client allows it.</summary>
static class Metadata
{
    /// <summary>"Not asked for", where the authorised operations of KIP-430 would stand.</summary>
    const int OperationsUnknown = int.MinValue;

    public static void Handle(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var names = body.NullableArray(body.String);
        var mayCreate = (version < 4 || body.Bool()) && broker.Options.AutoCreateTopics;

        if (version >= 3)
            response.Int32(0);
        response.Int32(1).Int32(Broker.NodeId).String(broker.AdvertisedHost).Int32(broker.AdvertisedPort).String(null);
        if (version >= 2)
            response.String("blog-devbroker");
        response.Int32(Broker.NodeId);
        response.Array(names ?? [.. broker.Topics.All.Select(t => t.Name)], name =>
        {
            if (mayCreate && broker.Topics.Find(name) is null)
                broker.Topics.Create(name, broker.Options.DefaultPartitions, new Dictionary<string, string>());
            var topic = broker.Topics.Find(name);
            var error = topic is not null ? ErrorCode.None : TopicCatalog.IsValidName(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic;
            response.Error(error).String(name).Bool(false);
            response.Array([.. Enumerable.Range(0, topic?.Partitions.Length ?? 0)], partition =>
            {
                response.Error(ErrorCode.None).Int32(partition).Int32(Broker.NodeId);
                if (version >= 7)
                    response.Int32(0); // leader epoch: there never was another leader
                response.Int32(1).Int32(Broker.NodeId).Int32(1).Int32(Broker.NodeId); // replicas, those in sync
                if (version >= 5)
                    response.Int32(0);
            });
            if (version >= 8)
                response.Int32(OperationsUnknown);
        });
        if (version >= 8)
            response.Int32(OperationsUnknown);
    }
}
