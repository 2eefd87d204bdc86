using Microsoft.EntityFrameworkCore;

namespace Duende.IdentityServer.EntityFramework.Options;

/// <summary>Where a table is.</summary>
public sealed class TableConfiguration
{
    public TableConfiguration(string name) => Name = name;

    public TableConfiguration(string name, string? schema) => (Name, Schema) = (name, schema);

    public string Name { get; set; }
    public string? Schema { get; set; }
}

/// <summary>Settings of the operational store.</summary>
public sealed class OperationalStoreOptions
{
    /// <summary>Configures the context, for example with UseNpgsql.</summary>
    public Action<DbContextOptionsBuilder>? ConfigureDbContext { get; set; }

    /// <summary>As <see cref="ConfigureDbContext"/>, with services; takes precedence.</summary>
    public Action<IServiceProvider, DbContextOptionsBuilder>? ResolveDbContextOptions { get; set; }

    public string? DefaultSchema { get; set; }
    public TableConfiguration PersistedGrants { get; set; } = new("PersistedGrants");
    public TableConfiguration Keys { get; set; } = new("Keys");

    /// <summary>Deletes expired grants in the background.</summary>
    public bool EnableTokenCleanup { get; set; }

    /// <summary>Also deletes used one-time grants, though it makes a second use look like an unknown token.</summary>
    public bool RemoveConsumedTokens { get; set; }

    /// <summary>Seconds between two clean-ups.</summary>
    public int TokenCleanupInterval { get; set; } = 3600;

    /// <summary>Most rows deleted by one statement.</summary>
    public int TokenCleanupBatchSize { get; set; } = 100;
    public bool EnablePooling { get; set; }
    public int? PoolSize { get; set; }
}
