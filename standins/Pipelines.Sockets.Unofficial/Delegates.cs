namespace Pipelines.Sockets.Unofficial;

/// <summary>Walks over the targets of a delegate without an array.</summary>
public static class Delegates
{
    /// <summary>Whether there is one target.</summary>
    public static bool IsSingle(this MulticastDelegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return handler.HasSingleTarget;
    }

    /// <summary>The targets; none if there is no delegate.</summary>
    public static DelegateEnumerable<T> AsEnumerable<T>(this T handler) where T : MulticastDelegate => new(handler);

    /// <summary>The targets.</summary>
    public readonly struct DelegateEnumerable<T> where T : MulticastDelegate
    {
        readonly T? _handler;

        internal DelegateEnumerable(T? handler) => _handler = handler;

        /// <summary>Walks over the targets.</summary>
        public DelegateEnumerator<T> GetEnumerator() => new(_handler);
    }

    /// <summary>Walks over the targets.</summary>
    public struct DelegateEnumerator<T> where T : MulticastDelegate
    {
        Delegate.InvocationListEnumerator<T> _inner;

        internal DelegateEnumerator(T? handler) => _inner = Delegate.EnumerateInvocationList(handler);

        /// <summary>The target.</summary>
        public readonly T Current => _inner.Current;

        /// <summary>Goes to the next target, if there is one.</summary>
        public bool MoveNext() => _inner.MoveNext();
    }
}
