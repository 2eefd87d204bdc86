using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.ClientFactory;

/// <summary>Hands the deadline and the cancellation of the call that is being served on to the calls that are made meanwhile.</summary>
sealed class ContextPropagationInterceptor(IHttpContextAccessor accessor, bool mayBeOutside) : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var propagated = Propagate(context, out var link);
        using (link) return continuation(request, propagated);
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, Propagate(context, out var link));
        return link is null ? call : new(
            Then(call.ResponseAsync, link), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Both(call.Dispose, link));
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(Propagate(context, out var link));
        return link is null ? call : new(
            call.RequestStream, Then(call.ResponseAsync, link), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Both(call.Dispose, link));
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, Propagate(context, out var link));
        return link is null ? call : new(
            new LinkedReader<TResponse>(call.ResponseStream, link), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Both(call.Dispose, link));
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(Propagate(context, out var link));
        return link is null ? call : new(
            call.RequestStream, new LinkedReader<TResponse>(call.ResponseStream, link), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Both(call.Dispose, link));
    }

    /// <param name="context">The call that is about to be made.</param>
    /// <param name="link">
    /// Joins the two tokens, if both the caller's and the served call's can be cancelled. It is disposed when the call ends: the token of a
    /// long-lived caller would keep every call's registration else.
    /// </param>
    ClientInterceptorContext<TRequest, TResponse> Propagate<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, out CancellationTokenSource? link)
        where TRequest : class where TResponse : class
    {
        link = null;
        if (accessor.HttpContext?.Features.Get<IServerCallContextFeature>()?.ServerCallContext is not { } served)
        {
            if (mayBeOutside) return context;
            throw new InvalidOperationException(
                "Unable to propagate server context values to the call. Can't find the gRPC ServerCallContext: the call is not made while a gRPC call is served.");
        }

        var options = context.Options;
        if (served.Deadline < (options.Deadline ?? DateTime.MaxValue)) options = options.WithDeadline(served.Deadline);
        if (served.CancellationToken.CanBeCanceled)
        {
            if (options.CancellationToken.CanBeCanceled)
                link = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, served.CancellationToken);
            options = options.WithCancellationToken(link?.Token ?? served.CancellationToken);
        }
        return new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options);
    }

    static async Task<T> Then<T>(Task<T> response, CancellationTokenSource link)
    {
        using (link) return await response.ConfigureAwait(false);
    }

    static Action Both(Action dispose, CancellationTokenSource link) => () =>
    {
        dispose();
        link.Dispose();
    };

    /// <summary>A stream ends for its reader when there is no further message, or an error.</summary>
    sealed class LinkedReader<T>(IAsyncStreamReader<T> inner, CancellationTokenSource link) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var more = false;
            try
            {
                more = await inner.MoveNext(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (!more) link.Dispose();
            }
            return more;
        }
    }
}
