using StackExchange.Redis;

namespace Blog.Bff.Sessions;

/// <summary>
/// Redis as the BFF uses it: shared memory that may be away. A call that fails is answered at once with "away", and so are the calls of
/// the next second, so that a dead or stuck server costs readers nothing.
/// </summary>
sealed class RedisLink
{
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly IConnectionMultiplexer multiplexer;
    readonly TimeProvider time;
    readonly ILogger<RedisLink> logger;
    long awayUntil;

    public RedisLink(IConnectionMultiplexer multiplexer, TimeProvider time, ILogger<RedisLink> logger)
    {
        (this.multiplexer, this.time, this.logger) = (multiplexer, time, logger);
        // The client's own log has several entries for each attempt to reconnect, and is off.
        multiplexer.ConnectionFailed += (_, failed) => logger.LogWarning("Redis is away ({Connection}): {Failure}", failed.ConnectionType, failed.FailureType);
        multiplexer.ConnectionRestored += (_, restored) => logger.LogInformation("Redis is back ({Connection})", restored.ConnectionType);
    }

    public IConnectionMultiplexer Multiplexer => multiplexer;

    public bool IsAway => !multiplexer.IsConnected || Volatile.Read(ref awayUntil) > time.GetUtcNow().UtcTicks;

    /// <summary>False: Redis is away, and nothing can be said about whether the command was carried out.</summary>
    public async ValueTask<(bool Answered, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> command)
    {
        if (IsAway) return (false, default);
        try
        {
            return (true, await command(multiplexer.GetDatabase()).WaitAsync(Patience, time));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Volatile.Write(ref awayUntil, (time.GetUtcNow() + Pause).UtcTicks);
            logger.LogWarning("Redis does not answer: {Reason}", exception.Message);
            return (false, default);
        }
    }
}
