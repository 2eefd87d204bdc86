using System.Collections.Concurrent;
using Blog.StandIns.Tests.Greeting;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Blog.StandIns.Tests.Grpc;

/// <summary>The C# side of greeter.proto.</summary>
sealed class GreeterService(CancelledCalls cancelled, Greeter.GreeterClient? self = null) : Greeter.GreeterBase
{
    public override Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context) => request.Name == "boom"
        ? throw new InvalidOperationException("secret detail")
        : Task.FromResult(new HelloReply { Message = $"Hello {request.Name}" });

    public override async Task Count(CountRequest request, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "x-start", "now" } });
        using var counted = context.CancellationToken.Register(cancelled.Add);
        for (var i = 1; i <= request.To; i++)
        {
            await responseStream.WriteAsync(new HelloReply { Message = $"{i}" }, context.CancellationToken);
            if (request.DelayMs > 0) await Task.Delay(request.DelayMs, context.CancellationToken);
        }
        context.ResponseTrailers.Add("x-count", $"{request.To}");
    }

    public override async Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context)
    {
        var sum = 0L;
        await foreach (var number in requestStream.ReadAllAsync(context.CancellationToken)) sum += number.Value;
        return new Number { Value = sum };
    }

    public override async Task Chat(IAsyncStreamReader<HelloRequest> requestStream, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(new HelloReply { Message = $"> {request.Name}" });
    }

    public override Task<HelloReply> Fail(HelloRequest request, ServerCallContext context) => throw new RpcException(
        new Status(StatusCode.NotFound, $"nothing called '{request.Name}' é%"),
        new Metadata { { "x-reason", "no such" }, { "x-detail-bin", new byte[] { 0, 1, 254, 255 } } });

    public override async Task<HelloReply> Slow(SlowRequest request, ServerCallContext context)
    {
        using var counted = context.CancellationToken.Register(cancelled.Add);
        await Task.Delay(request.DelayMs, context.CancellationToken);
        return new HelloReply { Message = "slept" };
    }

    public override async Task<HelloReply> Relay(SlowRequest request, ServerCallContext context) => await self!.SlowAsync(request);

    public override async Task<LookReply> Look(LookRequest request, ServerCallContext context)
    {
        var reply = new LookReply { Cancelled = await cancelled.AtLeast(request.CancelledAtLeast, context.CancellationToken) };
        foreach (var entry in context.RequestHeaders) reply.Metadata[entry.Key] = entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value;
        return reply;
    }
}

/// <summary>Counts the calls that were cancelled, and lets a test wait for one.</summary>
sealed class CancelledCalls
{
    readonly Lock _lock = new();
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _count;

    public int Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    public void Add()
    {
        lock (_lock)
        {
            _count++;
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<int> AtLeast(int wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_count >= wanted) return _count;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }
}

/// <summary>Counts calls by method.</summary>
sealed class MethodCalls
{
    readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

    public int Of(string method) => _calls.GetValueOrDefault(method);

    public void Add(string method) => _calls.AddOrUpdate(method, 1, (_, calls) => calls + 1);
}

/// <summary>Counts unary calls, and says in a trailer that it was there.</summary>
sealed class TrailerInterceptor(MethodCalls calls) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        calls.Add(context.Method[(context.Method.LastIndexOf('/') + 1)..]);
        context.ResponseTrailers.Add("x-intercepted", context.Method);
        return continuation(request, context);
    }
}
