using Npgsql;
using Xunit;

namespace Blog.Testing;

/// <summary>
/// A PostgreSQL server of its own for one test run, in a temporary folder and on a Unix socket (no port, so nothing to
/// collide with). Use as an assembly fixture: <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>; each test class or test
/// takes a fresh database from <see cref="CreateDatabaseAsync"/>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("blog-pg-").FullName;
    OwnedProcess? server;
    int databases;

    static string Binary(string name) => Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
        .Select(version => Path.Combine(version, "bin", name)).Last(File.Exists);

    /// <summary>Settings of the server besides those that make tests quick, for example <c>fsync=on</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // PostgreSQL refuses to run as root.
        if (Environment.IsPrivilegedProcess)
            await OwnedProcess.RunAsync("chown", "postgres:postgres", folder);
        await RunAsPostgresAsync(Binary("initdb"), "-D", Path.Combine(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync", "--no-instructions");
        await StartAsync();
    }

    static Task RunAsPostgresAsync(string command, params string[] arguments) => Environment.IsPrivilegedProcess
        ? OwnedProcess.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", command, .. arguments])
        : OwnedProcess.RunAsync(command, arguments);

    /// <summary>Starts the server (after <see cref="StopAsync"/>; the fixture starts it the first time) and waits until it answers.</summary>
    public async Task StartAsync()
    {
        server = new OwnedProcess("QUIT", "postgres", Binary("postgres"), ["-D", Path.Combine(folder, "data"), "-k", folder,
            "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
            "-c", "shared_buffers=32MB", "-c", "max_connections=300", "-c", "timezone=UTC", "-c", "max_wal_size=256MB",
            .. Settings.SelectMany(setting => new[] { "-c", setting })]);
        await server.StartAsync();

        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await ExecuteAsync(ConnectionStringTo("postgres"), "select 1");
                return;
            }
            catch (NpgsqlException) when (!server.HasExited && TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(20);
            }
            catch (NpgsqlException problem)
            {
                throw new InvalidOperationException($"PostgreSQL does not answer: {server.Output}", problem);
            }
        }
    }

    /// <summary>Stops the server at once, as an outage does; data stay. INT ends it in order, QUIT without (it recovers at the next start).</summary>
    public async Task StopAsync(string signal = "INT")
    {
        if (server is null)
            return;
        await server.StopAsync(signal);
        await server.DisposeAsync();
        server = null;
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>A fresh, empty database; returns its connection string. It is gone with the server.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync(ConnectionStringTo("postgres"), $"create database {name}");
        return ConnectionStringTo(name);
    }

    string ConnectionStringTo(string database) => $"Host={folder};Username=postgres;Database={database};Maximum Pool Size=30";

    static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.StopAsync("QUIT");
            await server.DisposeAsync();
        }
        Directory.Delete(folder, recursive: true);
    }
}
