using System.Globalization;

namespace Blog.Chaos;

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary>kill -9 of a relay.</summary>
    KillRelay,
    /// <summary>kill -9 of a follower.</summary>
    KillFollower,
    /// <summary>A follower ends properly and comes back, which moves the partitions twice.</summary>
    RestartFollower,
    /// <summary>kill -9 of the broker.</summary>
    KillBroker,
    /// <summary>kill -9 of the broker, and its data are gone.</summary>
    LoseBrokerLog,
    /// <summary>PostgreSQL is restarted in order.</summary>
    RestartPostgres,
    /// <summary>PostgreSQL ends at once and recovers.</summary>
    CrashPostgres,
    /// <summary>A relay stands still (SIGSTOP), and what it had begun is done later.</summary>
    PauseRelay,
    /// <summary>A follower stands still; when for long, another has its partitions by the time it goes on.</summary>
    PauseFollower,
    /// <summary>The broker stands still.</summary>
    PauseBroker,
    /// <summary>Records that were delivered long ago are delivered again.</summary>
    DeliverAgain,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="AtCommand">It begins when so many commands were begun.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Instance">Which relay or follower.</param>
/// <param name="Duration">How long it is away or stands still.</param>
public sealed record Fault(int AtCommand, FaultKind Kind, int Instance, TimeSpan Duration)
{
    /// <summary>About one fault for 200 commands, the same for the same seed and number of commands. Each kind comes up before any comes again.</summary>
    public static IReadOnlyList<Fault> Schedule(int seed, int commands, int instances)
    {
        var random = new Random(seed);
        var kinds = new Queue<FaultKind>();
        var faults = new List<Fault>();
        for (var at = random.Next(20, 150); at < commands; at += random.Next(100, 300))
        {
            if (kinds.Count == 0)
            {
                var all = Enum.GetValues<FaultKind>();
                random.Shuffle(all);
                kinds = new(all);
            }
            var kind = kinds.Dequeue();
            // One pause in four is longer than the group's patience (10 s): the follower goes on as one who does not know that it was replaced.
            var duration = TimeSpan.FromMilliseconds(kind == FaultKind.PauseFollower && random.Next(4) == 0 ? 12_000 : random.Next(50, 1500));
            faults.Add(new(at, kind, random.Next(instances), duration));
        }
        return faults;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"at {AtCommand,6}  {Kind}{(Kind is FaultKind.KillRelay or FaultKind.KillFollower or FaultKind.RestartFollower or FaultKind.PauseRelay or FaultKind.PauseFollower ? $" {Instance + 1}" : "")}, {Duration.TotalMilliseconds:0} ms");
}
