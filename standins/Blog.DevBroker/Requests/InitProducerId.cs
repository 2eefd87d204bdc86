using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Requests;

/// <summary>InitProducerId (key 22): an id for an idempotent producer (KIP-98). A transactional one is refused.</summary>
static class InitProducerId
{
    public static void Handle(Broker broker, Request request, ResponseWriter response)
    {
        response.Int32(0);
        if (request.Body.NullableString() is null)
            response.Error(ErrorCode.None).Int64(broker.ProducerIds.Next()).Int16(0);
        else
            response.Error(ErrorCode.TransactionalIdAuthorizationFailed).Int64(-1).Int16(-1);
    }
}
