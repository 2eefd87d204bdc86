namespace Grpc.Core;

/// <summary>The four things that every call can tell or do, given by the client that made it.</summary>
readonly struct CallState(
    Func<object, Task<Metadata>> headers, Func<object, Status> status, Func<object, Metadata> trailers, Action<object> dispose, object state)
{
    public Task<Metadata> Headers => headers(state);

    public Status Status => status(state);

    public Metadata Trailers => trailers(state);

    public void Dispose() => dispose(state);

    /// <summary>From functions without a state argument, as interceptors give them.</summary>
    public static CallState Of(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose)
        => new(_ => headers, _ => status(), _ => trailers(), _ => dispose(), null!);
}
