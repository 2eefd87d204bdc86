namespace Blog.Testing;

/// <summary>The clock of a service under test: runs as the real one, and can be put forward.</summary>
public sealed class TestClock : TimeProvider
{
    long ahead;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    /// <summary>Puts the clock forward. Timers are not affected.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
