namespace Aspire.StackExchange.Redis;

/// <summary>Settings of a connection, read from <c>Aspire:StackExchange:Redis[:{name}]</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Switches off the health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Switches off the traces.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Connects at the first use instead of at the start of the host.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
