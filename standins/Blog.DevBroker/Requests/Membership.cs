using Blog.DevBroker.Groups;
using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>JoinGroup (key 11), SyncGroup (14), Heartbeat (12), LeaveGroup (13): see <see cref="ConsumerGroup"/>.</summary>
static class Membership
{
    public static async ValueTask JoinAsync(Broker broker, Request request, ResponseWriter response, CancellationToken stopping)
    {
        var (body, version) = (request.Body, request.Version);
        var group = body.String();
        var session = body.Int32();
        var rebalance = version >= 1 ? body.Int32() : session;
        var memberId = body.String();
        var instanceId = version >= 5 ? body.NullableString() : null;
        var protocolType = body.String();
        var protocols = body.Array(() => new OfferedProtocol(body.String(), body.Bytes().ToArray()));

        var answer = group == "" ? JoinAnswer.Refused(ErrorCode.InvalidGroupId, memberId)
            : await broker.Groups.GetOrAdd(group).Join(new JoinRequest(memberId, instanceId, request.ClientId, request.ClientHost, TimeSpan.FromMilliseconds(session),
                TimeSpan.FromMilliseconds(rebalance), protocolType, protocols, MustKnowId: version >= 4)).WaitAsync(stopping);
        if (version >= 2)
            response.Int32(0);
        response.Error(answer.Error).Int32(answer.Generation).String(answer.Protocol).String(answer.LeaderId).String(answer.MemberId);
        response.Array(answer.Members, m =>
        {
            response.String(m.Id);
            if (version >= 5)
                response.String(m.InstanceId);
            response.Bytes(m.Metadata);
        });
    }

    public static async ValueTask SyncAsync(Broker broker, Request request, ResponseWriter response, CancellationToken stopping)
    {
        var (body, version) = (request.Body, request.Version);
        var group = broker.Groups.Find(body.String());
        var generation = body.Int32();
        var memberId = body.String();
        var instanceId = version >= 3 ? body.NullableString() : null;
        var assignments = new Dictionary<string, byte[]>();
        foreach (var (member, assignment) in body.Array(() => (body.String(), body.Bytes().ToArray())))
            assignments[member] = assignment;

        var answer = group is null ? new SyncAnswer(ErrorCode.UnknownMemberId, [])
            : await group.Sync(memberId, instanceId, generation, assignments).WaitAsync(stopping);
        if (version >= 1)
            response.Int32(0);
        response.Error(answer.Error).Bytes(answer.Assignment);
    }

    public static void Heartbeat(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var group = broker.Groups.Find(body.String());
        var generation = body.Int32();
        var memberId = body.String();
        var instanceId = version >= 3 ? body.NullableString() : null;
        if (version >= 1)
            response.Int32(0);
        response.Error(group?.Heartbeat(memberId, instanceId, generation) ?? ErrorCode.UnknownMemberId);
    }

    public static void Leave(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var group = broker.Groups.Find(body.String());
        ErrorCode Remove(string memberId, string? instanceId) => group?.Leave(memberId, instanceId) ?? ErrorCode.UnknownMemberId;

        if (version < 3)
        {
            var error = Remove(body.String(), null);
            if (version >= 1)
                response.Int32(0);
            response.Error(error);
            return;
        }

        var members = body.Array(() => (Id: body.String(), InstanceId: body.NullableString()));
        response.Int32(0).Error(ErrorCode.None);
        response.Array(members, m => response.String(m.Id).String(m.InstanceId).Error(Remove(m.Id, m.InstanceId)));
    }
}
