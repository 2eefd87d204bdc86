using System.Data.Common;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.ServiceDefaults.Grpc;

/// <summary>How every service offers gRPC.</summary>
public static class GrpcServerDefaults
{
    /// <summary>gRPC with health service, message limits and the platform's error mapping.</summary>
    public static IHostApplicationBuilder AddBlogGrpc(this IHostApplicationBuilder builder)
    {
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorMapping>();
            // An article of 5 MB and what comes with it.
            grpc.MaxReceiveMessageSize = 8 * 1024 * 1024;
            grpc.MaxSendMessageSize = 16 * 1024 * 1024;
        });
        return builder;
    }

    /// <summary>
    /// Turns what a use case throws into a status a caller can act on: an unreachable database is UNAVAILABLE (nothing was
    /// saved, try again), a lost race is ABORTED, anything unforeseen is INTERNAL without its inner text.
    /// </summary>
    sealed class ErrorMapping(ILogger<ErrorMapping> log) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            Guard(context, () => continuation(request, context));

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
            Guard(context, () => continuation(requestStream, context));

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            Guard(context, async () => { await continuation(request, responseStream, context); return true; });

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
            Guard(context, async () => { await continuation(requestStream, responseStream, context); return true; });

        async Task<T> Guard<T>(ServerCallContext context, Func<Task<T>> call)
        {
            try
            {
                return await call();
            }
            catch (RpcException)
            {
                throw;
            }
            catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
            {
                throw new RpcException(context.Deadline <= DateTime.UtcNow
                    ? new Status(StatusCode.DeadlineExceeded, "The time allowed for this call is over.")
                    : new Status(StatusCode.Cancelled, "The caller went away."));
            }
            catch (DbUpdateConcurrencyException)
            {
                throw RpcErrors.Create(StatusCode.Aborted, "It was changed at the same moment elsewhere. Load it again.", "LOST_RACE");
            }
            catch (Exception exception) when (DatabaseIsAway(exception))
            {
                log.LogWarning(exception, "{Method}: the database is away", context.Method);
                throw RpcErrors.Create(StatusCode.Unavailable, "The database cannot be reached. Nothing was changed; try again in a moment.", "DATABASE_AWAY");
            }
            catch (Exception exception)
            {
                log.LogError(exception, "{Method} failed", context.Method);
                throw RpcErrors.Create(StatusCode.Internal, "Something went wrong on our side. It has been logged.", "INTERNAL");
            }
        }

        static bool DatabaseIsAway(Exception? exception) =>
            exception is DbException { IsTransient: true } or TimeoutException
            || (exception?.InnerException is { } inner && DatabaseIsAway(inner));
    }
}
