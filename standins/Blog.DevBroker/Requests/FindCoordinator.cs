using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>FindCoordinator (key 10): this node coordinates every group. It coordinates no transactions and says so with an error that no client retries.</summary>
static class FindCoordinator
{
    const byte ForTransaction = 1;

    public static void Handle(Broker broker, Request request, ResponseWriter response)
    {
        var (body, version) = (request.Body, request.Version);
        body.String();
        var refused = version >= 1 && body.Byte() == ForTransaction;
        if (version >= 1)
            response.Int32(0);
        response.Error(refused ? ErrorCode.TransactionalIdAuthorizationFailed : ErrorCode.None);
        if (version >= 1)
            response.String(refused ? "this broker has no transactions" : null);
        if (refused)
            response.Int32(-1).String("").Int32(-1);
        else
            response.Int32(Broker.NodeId).String(broker.AdvertisedHost).Int32(broker.AdvertisedPort);
    }
}
