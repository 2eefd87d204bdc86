using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Blog.ServiceDefaults.Data;

/// <summary>How a service holds its own database.</summary>
public static class ServiceDatabase
{
    /// <summary>
    /// A pooled context on the database, brought up to date before the first request. A statement that meets a broken connection is
    /// tried again for about two seconds, so that a restart of PostgreSQL goes unnoticed and a longer outage is told soon
    /// (UNAVAILABLE) rather than after half a minute. An explicit transaction needs the context's execution strategy.
    /// </summary>
    public static IHostApplicationBuilder AddServiceDatabase<TContext>(this IHostApplicationBuilder builder, string connectionName) where TContext : DbContext
    {
        builder.AddNpgsqlDbContext<TContext>(connectionName,
            settings =>
            {
                settings.DisableRetry = true;
                settings.ConnectionString = builder.Configuration.DatabaseConnection(connectionName).ConnectionString;
            },
            options => options.UseNpgsql(npgsql => npgsql.EnableRetryOnFailure(maxRetryCount: 3, maxRetryDelay: TimeSpan.FromSeconds(1), errorCodesToAdd: null)));
        return builder.AddSqlMigrations<TContext>(connectionName);
    }
}
