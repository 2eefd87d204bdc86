using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Data;

/// <summary>
/// Schema changes are SQL files, embedded as <c>Migrations/NNNN_name.sql</c>, applied once each in the order of their names before the
/// service answers. An advisory lock lets one instance at a time apply them; a file that was changed after it had been applied is an error.
/// </summary>
public static class SqlMigrations
{
    // "blogmigr" in ASCII: any number will do as long as every instance takes the same one.
    const long AdvisoryLock = 0x626C6F676D696772;

    /// <summary>Applies the shared backbone tables and the migrations of the assembly of <typeparamref name="TMarker"/> at start, before requests.</summary>
    public static IHostApplicationBuilder AddSqlMigrations<TMarker>(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.Services.AddHostedService(provider => new AtStart(
            builder.Configuration.GetConnectionString(connectionName)
                ?? throw new InvalidOperationException($"ConnectionStrings:{connectionName} is not configured."),
            typeof(TMarker).Assembly, provider.GetRequiredService<ILogger<AtStart>>()));
        return builder;
    }

    /// <summary>Brings a database up to date. Safe to call from several processes at once.</summary>
    /// <exception cref="InvalidOperationException">An applied file has changed since; the message names it.</exception>
    public static async Task ApplyAsync(string connectionString, Assembly assembly, ILogger log, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Execute(connection, $"SELECT pg_advisory_lock({AdvisoryLock})", cancel);
        await Execute(connection, """
            CREATE TABLE IF NOT EXISTS schema_migration (
                name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """, cancel);
        var applied = await Applied(connection, cancel);
        foreach (var (name, sql) in Read(typeof(SqlMigrations).Assembly).Concat(Read(assembly)))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (applied.TryGetValue(name, out var stored))
            {
                if (stored != hash) throw new InvalidOperationException($"Migration {name} was changed after it had been applied. Add a new file instead.");
                continue;
            }
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await Execute(connection, sql, cancel);
            await using (var insert = new NpgsqlCommand("INSERT INTO schema_migration (name, sha256) VALUES ($1, $2)", connection))
            {
                insert.Parameters.Add(new() { Value = name });
                insert.Parameters.Add(new() { Value = hash });
                await insert.ExecuteNonQueryAsync(cancel);
            }
            await transaction.CommitAsync(cancel);
            log.LogInformation("Applied migration {Migration}", name);
        }
        // The lock goes with the session; an explicit release frees it although the connection returns to the pool.
        await Execute(connection, $"SELECT pg_advisory_unlock({AdvisoryLock})", cancel);
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static async Task<Dictionary<string, string>> Applied(NpgsqlConnection connection, CancellationToken cancel)
    {
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("SELECT name, sha256 FROM schema_migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) applied.Add(reader.GetString(0), reader.GetString(1));
        return applied;
    }

    static IEnumerable<(string Name, string Sql)> Read(Assembly assembly)
    {
        const string folder = "Migrations/";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[folder.Length..], reader.ReadToEnd());
        }
    }

    sealed class AtStart(string connectionString, Assembly assembly, ILogger<AtStart> log) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancel) => ApplyAsync(connectionString, assembly, log, cancel);
        public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task StartedAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
