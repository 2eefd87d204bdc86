namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Settings of a context, read from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL[:{context}]</c>.</summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Switches off the retrying execution strategy.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Switches off the health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Switches off the traces of Npgsql.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Switches off the metrics of Npgsql.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>How many seconds a command may take.</summary>
    public int? CommandTimeout { get; set; }
}
