using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>Produce (key 0): one record batch per partition, appended before the answer. With one replica, acks 1 and -1 mean the same.</summary>
static class Produce
{
    public static void Handle(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var transactional = body.NullableString() is not null;
        var acks = body.Int16();
        body.Int32(); // time-out for replicas, of which there are none
        var topics = body.Array(() => (Name: body.String(), Partitions: body.Array(() => (Index: body.Int32(), Records: body.Bytes()))));

        var failed = ErrorCode.None;
        response.Array(topics, topic =>
        {
            var settings = broker.Topics.Find(topic.Name)?.Settings;
            response.String(topic.Name).Array(topic.Partitions, partition =>
            {
                var log = broker.Topics.Find(topic.Name, partition.Index);
                var (error, offset) = transactional ? (ErrorCode.TransactionalIdAuthorizationFailed, -1)
                    : log is null || settings is null ? (ErrorCode.UnknownTopicOrPartition, -1)
                    : log.Append(partition.Records.Span, settings);
                failed = error == ErrorCode.None ? failed : error;
                response.Int32(partition.Index).Error(error).Int64(offset).Int64(-1);
                if (version >= 5)
                    response.Int64(log?.StartOffset ?? -1);
            });
        });
        response.Int32(0);
        response.Suppressed = acks == 0;
        // Without an answer, closing the connection is the only way to say that something is wrong; Kafka does the same.
        if (acks == 0 && failed != ErrorCode.None)
            throw new MalformedRequestException($"a send that wants no answer failed: {failed}");
    }
}
