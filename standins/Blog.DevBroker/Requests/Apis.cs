using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>
/// Every request served, and in which versions. The highest are the last before the "flexible" encoding with tagged fields (KIP-482), ApiVersions
/// excepted, whose version 3 the clients begin with; each client takes the highest that both sides know.
/// </summary>
static class Apis
{
    delegate ValueTask Handler(Broker broker, Request request, ResponseWriter response, CancellationToken stopping);

    sealed record Api(ApiKey Key, short Min, short Max, Handler Handle)
    {
        public Api(ApiKey key, short min, short max, Action<Broker, Request, ResponseWriter> handle)
            : this(key, min, max, (broker, request, response, _) =>
            {
                handle(broker, request, response);
                return ValueTask.CompletedTask;
            })
        {
        }
    }

    static readonly Dictionary<ApiKey, Api> Served = new Api[]
    {
        new(ApiKey.Produce, 3, 7, Produce.Handle),
        new(ApiKey.Fetch, 4, 11, Fetch.HandleAsync),
        new(ApiKey.ListOffsets, 1, 5, ListOffsets.Handle),
        new(ApiKey.Metadata, 1, 8, Metadata.Handle),
        new(ApiKey.OffsetCommit, 2, 7, Offsets.Commit),
        new(ApiKey.OffsetFetch, 1, 5, Offsets.Fetch),
        new(ApiKey.FindCoordinator, 0, 2, FindCoordinator.Handle),
        new(ApiKey.JoinGroup, 0, 5, Membership.JoinAsync),
        new(ApiKey.Heartbeat, 0, 3, Membership.Heartbeat),
        new(ApiKey.LeaveGroup, 0, 3, Membership.Leave),
        new(ApiKey.SyncGroup, 0, 3, Membership.SyncAsync),
        new(ApiKey.DescribeGroups, 0, 4, GroupAdministration.Describe),
        new(ApiKey.ListGroups, 0, 2, GroupAdministration.List),
        new(ApiKey.ApiVersions, 0, 3, Versions),
        new(ApiKey.CreateTopics, 0, 4, TopicAdministration.Create),
        new(ApiKey.DeleteTopics, 0, 3, TopicAdministration.Delete),
        new(ApiKey.DeleteRecords, 0, 1, TopicAdministration.DeleteRecords),
        new(ApiKey.InitProducerId, 0, 1, InitProducerId.Handle),
        new(ApiKey.DescribeConfigs, 1, 3, Configuration.Describe),
        new(ApiKey.AlterConfigs, 0, 1, Configuration.Alter),
        new(ApiKey.CreatePartitions, 0, 1, TopicAdministration.AddPartitions),
        new(ApiKey.DeleteGroups, 0, 1, GroupAdministration.Delete),
        new(ApiKey.IncrementalAlterConfigs, 0, 0, Configuration.AlterIncrementally),
    }.ToDictionary(a => a.Key);

    public static ValueTask AnswerAsync(Broker broker, Request request, ResponseWriter response, CancellationToken stopping)
    {
        var known = Served.TryGetValue(request.Api, out var api);
        if (known && request.Version >= api!.Min && request.Version <= api.Max)
            return api.Handle(broker, request, response, stopping);
        if (request.Api != ApiKey.ApiVersions)
            throw new MalformedRequestException($"request {request.Api} version {request.Version} is not served");
        // KIP-511: a client newer than the broker learns in version 0 what it may ask.
        WriteVersions(response, 0, ErrorCode.UnsupportedVersion);
        return ValueTask.CompletedTask;
    }

    static void Versions(Broker broker, Request request, ResponseWriter response) => WriteVersions(response, request.Version, ErrorCode.None);

    static void WriteVersions(ResponseWriter response, short version, ErrorCode error)
    {
        response.Error(error);
        if (version < 3)
        {
            response.Array(Served.Values, a => response.Int16((short)a.Key).Int16(a.Min).Int16(a.Max));
            if (version >= 1)
                response.Int32(0);
            return;
        }

        // Version 3 is flexible: a compact array (count + 1), and an empty list of tagged fields after each element and at the end.
        response.Byte((byte)(Served.Count + 1));
        foreach (var a in Served.Values)
            response.Int16((short)a.Key).Int16(a.Min).Int16(a.Max).Byte(0);
        response.Int32(0).Byte(0);
    }
}
