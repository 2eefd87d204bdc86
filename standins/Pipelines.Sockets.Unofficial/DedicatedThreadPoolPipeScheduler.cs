using System.Diagnostics;
using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A few threads of its own; what does not find room in their short queue goes to the thread pool.</summary>
public sealed class DedicatedThreadPoolPipeScheduler : PipeScheduler, IDisposable
{
    readonly Queue<(Action<object?> Action, object? State)> _queue = new();
    readonly int _queueLimit;
    bool _disposed;
    int _available;
    long _servicedByQueue, _servicedByPool;

    /// <summary>Starts the threads.</summary>
    public DedicatedThreadPoolPipeScheduler(
        string? name = null, int workerCount = 5, int useThreadPoolQueueLength = 10, ThreadPriority priority = ThreadPriority.Normal)
    {
        (_queueLimit, WorkerCount) = (useThreadPoolQueueLength, workerCount);
        for (var i = 0; i < workerCount; i++)
            new Thread(Run) { IsBackground = true, Priority = priority, Name = $"{name ?? nameof(DedicatedThreadPoolPipeScheduler)}:{i}" }.UnsafeStart();
    }

    /// <summary>How many threads there are.</summary>
    public int WorkerCount { get; }

    /// <summary>How many have nothing to do.</summary>
    public int AvailableCount => Volatile.Read(ref _available);

    /// <summary>How much the threads have done.</summary>
    public long TotalServicedByQueue => Volatile.Read(ref _servicedByQueue);

    /// <summary>How much went to the thread pool.</summary>
    public long TotalServicedByPool => Volatile.Read(ref _servicedByPool);

    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (_queue)
        {
            if (!_disposed && _queue.Count <= _queueLimit)
            {
                _queue.Enqueue((action, state));
                if (_available != 0) Monitor.Pulse(_queue);
                return;
            }
        }
        Interlocked.Increment(ref _servicedByPool);
        System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
    }

    /// <summary>Ends the threads when their queue is empty.</summary>
    public void Dispose()
    {
        lock (_queue)
        {
            _disposed = true;
            Monitor.PulseAll(_queue);
        }
    }

    void Run()
    {
        while (Next(out var work))
        {
            try
            {
                work.Action(work.State);
            }
            catch (Exception problem) // A thread outlives what goes wrong on it.
            {
                Debug.WriteLine(problem);
            }
        }
    }

    bool Next(out (Action<object?> Action, object? State) work)
    {
        lock (_queue)
        {
            while (_queue.Count == 0)
            {
                if (_disposed)
                {
                    work = default;
                    return false;
                }
                _available++;
                Monitor.Wait(_queue);
                _available--;
            }
            work = _queue.Dequeue();
            _servicedByQueue++;
            return true;
        }
    }
}
