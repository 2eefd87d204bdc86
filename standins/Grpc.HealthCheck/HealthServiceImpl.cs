using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>grpc.health.v1 over statuses that the application sets, by service name; "" is the whole server.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    readonly Lock _lock = new();
    readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _stopped;

    /// <summary>Sets the status of a service, and tells those who watch it.</summary>
    public void SetStatus(string service, ServingStatus status) => Change(() => !_stopped && Set(service, status));

    /// <summary>Forgets the status of a service.</summary>
    public void ClearStatus(string service) => Change(() => _statuses.Remove(service));

    /// <summary>Forgets all statuses.</summary>
    public void ClearAll() => Change(() =>
    {
        var any = _statuses.Count > 0;
        _statuses.Clear();
        return any;
    });

    /// <summary>Everything is NOT_SERVING from now on: a check that was under way when the server began to stop cannot turn it back.</summary>
    internal void Stop() => Change(() =>
    {
        _stopped = true;
        foreach (var service in _statuses.Keys.ToArray()) Set(service, ServingStatus.NotServing);
        return true;
    });

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Get(request.Service).Status is { } status
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(new Status(StatusCode.NotFound, $"Unknown service '{request.Service}'."));
    }

    /// <inheritdoc/>
    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        lock (_lock)
        {
            foreach (var (service, status) in _statuses) response.Statuses.Add(service, new HealthCheckResponse { Status = status });
        }
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Watch(request, responseStream, context.CancellationToken);
    }

    internal async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, CancellationToken end)
    {
        ServingStatus? told = null;
        try
        {
            while (true)
            {
                var (status, changed) = Get(request.Service);
                var now = status ?? ServingStatus.ServiceUnknown;
                if (now != told) await responseStream.WriteAsync(new HealthCheckResponse { Status = now }, end).ConfigureAwait(false);
                told = now;
                await changed.WaitAsync(end).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested) { } // the only way it ends
    }

    internal bool IsStopped
    {
        get
        {
            lock (_lock) return _stopped;
        }
    }

    (ServingStatus? Status, Task Changed) Get(string service)
    {
        lock (_lock) return (_statuses.TryGetValue(service, out var status) ? status : null, _changed.Task);
    }

    bool Set(string service, ServingStatus status)
    {
        if (_statuses.TryGetValue(service, out var old) && old == status) return false;
        _statuses[service] = status;
        return true;
    }

    void Change(Func<bool> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (!change()) return;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }
}
