using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>DescribeConfigs (key 32), AlterConfigs (33), IncrementalAlterConfigs (44), for topics. The broker's own options are set at start only.</summary>
static class Configuration
{
    const byte TopicResource = 2;

    /// <summary>"Config source" of the protocol: set on the topic, or the default.</summary>
    const byte FromTopic = 1, FromDefault = 5;

    /// <summary>Operations of IncrementalAlterConfigs (KIP-339); the two for list values find no list here.</summary>
    const byte Set = 0, Remove = 1;

    public static void Describe(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var resources = body.Array(() => (Type: body.Byte(), Name: body.String(), Keys: body.NullableArray(body.String)));
        response.Int32(0).Array(resources, r =>
        {
            var topic = r.Type == TopicResource ? broker.Topics.Find(r.Name) : null;
            response.Error(r.Type == TopicResource && topic is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None).String(null).Byte(r.Type).String(r.Name);
            response.Array([.. (topic?.Settings.Describe() ?? new Dictionary<string, string>()).Where(s => r.Keys?.Contains(s.Key) ?? true)], setting =>
            {
                response.String(setting.Key).String(setting.Value).Bool(false).Byte(topic!.Config.ContainsKey(setting.Key) ? FromTopic : FromDefault).Bool(false);
                response.Int32(0); // synonyms
                if (version >= 3)
                    response.Byte(0).String(null); // type unknown, no documentation
            });
        });
    }

    public static void Alter(Broker broker, Request request, ResponseWriter response)
    {
        var body = request.Body;
        var resources = body.Array(() => (Type: body.Byte(), Name: body.String(), Entries: body.Array(() => (Key: body.String(), Value: body.NullableString()))));
        var validateOnly = body.Bool();
        Answer(broker, response, validateOnly, [.. resources.Select(r => (r.Type, r.Name,
            (Change)(_ => r.Entries.Where(e => e.Value is not null).DistinctBy(e => e.Key).ToDictionary(e => e.Key, e => e.Value!))))]);
    }

    public static void AlterIncrementally(Broker broker, Request request, ResponseWriter response)
    {
        var body = request.Body;
        var resources = body.Array(() =>
            (Type: body.Byte(), Name: body.String(), Entries: body.Array(() => (Key: body.String(), Operation: body.Byte(), Value: body.NullableString()))));
        var validateOnly = body.Bool();
        Answer(broker, response, validateOnly, [.. resources.Select(r => (r.Type, r.Name, (Change)(current =>
        {
            var config = new Dictionary<string, string>(current);
            foreach (var (key, operation, value) in r.Entries)
            {
                if (operation == Remove)
                    config.Remove(key);
                else
                    config[key] = operation == Set && value is not null ? value : "(list operation)";
            }

            return config;
        })))]);
    }

    delegate IReadOnlyDictionary<string, string> Change(IReadOnlyDictionary<string, string> current);

    static void Answer(Broker broker, ResponseWriter response, bool validateOnly, List<(byte Type, string Name, Change Change)> resources)
    {
        response.Int32(0).Array(resources, r =>
        {
            var (error, message) = r.Type == TopicResource
                ? broker.Topics.Configure(r.Name, current => r.Change(current), validateOnly)
                : (ErrorCode.InvalidRequest, "only the settings of topics can be changed while the broker runs");
            response.Error(error).String(message).Byte(r.Type).String(r.Name);
        });
    }
}
