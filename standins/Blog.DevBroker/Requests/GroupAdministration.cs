using Blog.DevBroker.Groups;
using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>ListGroups (key 16), DescribeGroups (15), DeleteGroups (42).</summary>
static class GroupAdministration
{
    const int OperationsUnknown = int.MinValue;

    public static void List(Broker broker, Request request, ResponseWriter response)
    {
        if (request.Version >= 1)
            response.Int32(0);
        response.Error(ErrorCode.None).Array(broker.Groups.All, g => response.String(g.Id).String(g.ProtocolType));
    }

    public static void Describe(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        var ids = body.Array(body.String);
        if (version >= 1)
            response.Int32(0);
        response.Array(ids, id =>
        {
            var group = broker.Groups.Find(id)?.Describe() ?? new GroupDescription("Dead", "", "", []);
            response.Error(ErrorCode.None).String(id).String(group.State).String(group.ProtocolType).String(group.Protocol);
            response.Array(group.Members, m =>
            {
                response.String(m.Id);
                if (version >= 4)
                    response.String(m.InstanceId);
                response.String(m.ClientId).String("/" + m.ClientHost).Bytes(m.Metadata).Bytes(m.Assignment);
            });
            if (version >= 3)
                response.Int32(OperationsUnknown);
        });
    }

    public static void Delete(Broker broker, Request request, ResponseWriter response)
    {
        var ids = request.Body.Array(request.Body.String);
        response.Int32(0).Array(ids, id =>
        {
            var error = broker.Groups.Delete(id);
            if (error == ErrorCode.None)
                broker.Offsets.ForgetGroup(id);
            response.String(id).Error(error);
        });
    }
}
