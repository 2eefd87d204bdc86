namespace Blog.DevBroker.Storage;

/// <summary>Wakes one waiting Fetch. Setting it twice before it is waited for counts once.</summary>
sealed class FetchSignal : IDisposable
{
    readonly SemaphoreSlim _semaphore = new(0);

    public void Set()
    {
        if (_semaphore.CurrentCount == 0)
            _semaphore.Release();
    }

    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellation) => _semaphore.WaitAsync(timeout, cancellation);

    public void Dispose() => _semaphore.Dispose();
}
