using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL servers and databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server. Data is lost with the application unless it has a volume.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var server = new PostgresServerResource(
            name, userName?.Resource, password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password"));
        var key = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new ConnectionHealthCheck(server), HealthStatus.Unhealthy, tags: null, timeout: TimeSpan.FromSeconds(5)));
        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: 5432, scheme: "tcp", name: "tcp")
            .WithHealthCheck(key)
            .WithAnnotation(new LocalProcessAnnotation((context, stop) => PostgresProcess.LaunchAsync(server, context, stop)));
    }

    /// <summary>Adds a database; it is created when the server does not have it.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);
        var key = $"{name}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new ConnectionHealthCheck(database), HealthStatus.Unhealthy, tags: null, timeout: TimeSpan.FromSeconds(5)));
        return builder.ApplicationBuilder.AddResource(database)
            .WithHealthCheck(key)
            .WithAnnotation(new LocalSetupAnnotation((context, stop) => CreateAsync(database, stop)));
    }

    /// <summary>Keeps the data for the next start.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) => isReadOnly
            ? throw new NotSupportedException("PostgreSQL cannot start on a read-only folder.")
            : builder.WithAnnotation(new DataVolumeAnnotation(name ?? builder.Resource.Name));

    static async Task CreateAsync(PostgresDatabaseResource database, CancellationToken stop)
    {
        var connectionString = await database.Parent.ConnectionStringExpression.GetValueAsync(stop).ConfigureAwait(false);
        var connection = new NpgsqlConnection(connectionString + ";Database=postgres;Pooling=false");
        await using var ending = connection.ConfigureAwait(false);
        await connection.OpenAsync(stop).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = $"create database \"{database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        try
        {
            await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // It is there from an earlier start.
        }
    }

    sealed class ConnectionHealthCheck(IResourceWithConnectionString resource) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var settings = new NpgsqlConnectionStringBuilder(await resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false))
                {
                    // A new connection each time: the question is whether the server takes connections.
                    Pooling = false,
                    Timeout = 4,
                };
                if (resource is PostgresServerResource)
                    settings.Database = "postgres";
                var connection = new NpgsqlConnection(settings.ConnectionString);
                await using var ending = connection.ConfigureAwait(false);
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                return HealthCheckResult.Unhealthy(exception.Message);
            }
        }
    }
}
