using Grpc.Core;

namespace Blog.Bff.Api;

/// <summary>Answers made of several services' parts.</summary>
static class Parts
{
    /// <summary>A part whose service is away is null, and the other parts are not lost with it.</summary>
    public static async Task<TPart?> OrNullAsync<TAnswer, TPart>(this AsyncUnaryCall<TAnswer> call, Func<TAnswer, TPart?> part)
    {
        try
        {
            return part(await call);
        }
        catch (RpcException away) when (away.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal)
        {
            return default;
        }
    }
}
