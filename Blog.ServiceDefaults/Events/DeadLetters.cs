namespace Blog.ServiceDefaults.Events;

/// <summary>Why an event was put aside.</summary>
static class DeadLetterReason
{
    /// <summary>Of an unknown type or version, without an id, or not what its type says. Later events of its key go on.</summary>
    public const string Unreadable = "unreadable";
    /// <summary>Its handler failed again and again. Later events of its key wait behind it.</summary>
    public const string Failed = "failed";
    /// <summary>It waits behind an earlier event of its key.</summary>
    public const string Behind = "behind";
}

/// <summary>An event that was put aside.</summary>
sealed record DeadLetter(
    long Id, Guid EventId, string Topic, int Partition, long Offset, string Key, string Type, byte[] Payload, DateTimeOffset Time, string? Traceparent, bool IsReplay,
    string Reason, string Error, int Attempts, DateTimeOffset DeadTime);

/// <summary>What came of trying again.</summary>
/// <param name="Handled">Events whose effect is committed now.</param>
/// <param name="Dropped">Events that were given up.</param>
/// <param name="Error">Why it stopped; null when nothing is left to try.</param>
sealed record DeadLetterOutcome(int Handled, int Dropped, string? Error);

/// <summary>The dead letters of this service.</summary>
interface IDeadLetters
{
    /// <summary>The oldest first, beginning behind the id.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(string? topic, long after, int count, CancellationToken cancel);

    /// <summary>How many there are, by topic.</summary>
    Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel);

    /// <summary>Handles one again; when it holds its key, everything that waits behind it as well, in order. Null: there is no such dead letter.</summary>
    Task<DeadLetterOutcome?> RetryAsync(long id, CancellationToken cancel);

    /// <summary>Gives one up for good. What waited behind it is handled. Null: there is no such dead letter.</summary>
    Task<DeadLetterOutcome?> DropAsync(long id, CancellationToken cancel);
}
