using System.Text.RegularExpressions;
using Blog.Search.Words;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>
/// Finds by PostgreSQL alone: GIN indexes over tsvectors whose lexemes the service makes itself, trigrams for typing errors. How and why: docs/decisions/0014.
/// </summary>
sealed partial class PostgreSqlEngine : ISearchEngine, IHostedService, IAsyncDisposable
{
    readonly NpgsqlDataSource writing, finding, walking;
    readonly Stems stems;
    readonly Vocabulary vocabulary;

    public PostgreSqlEngine(IConfiguration configuration, IOptions<SearchOptions> options, TimeProvider time)
    {
        var connectionString = configuration.GetConnectionString("search") ?? throw new InvalidOperationException("ConnectionStrings:search is not configured.");
        var timeout = (int)options.Value.Timeout.TotalMilliseconds;
        writing = Source("-c statement_timeout=0", 8, commandTimeout: 0, isReset: true);
        // What a statement is planned for once holds for all of its parameters: planning takes about as long as finding.
        const string planned = "-c jit=off -c enable_seqscan=off -c plan_cache_mode=force_generic_plan";
        // Candidates come from the GIN indexes, or, where most articles have the words, from the order of their standing. Which is better is known here, and not left to estimates.
        finding = Source($"-c statement_timeout={timeout} {planned}", 32);
        walking = Source($"-c statement_timeout={timeout} {planned} -c enable_bitmapscan=off -c enable_sort=off", 16);
        stems = new(writing);
        vocabulary = new(finding, time);

        NpgsqlDataSource Source(string settings, int connections, int commandTimeout = 30, bool isReset = false) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = settings, MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, MaxPoolSize = connections, CommandTimeout = commandTimeout,
            // Those that find leave nothing behind; forgetting it would be ten statements each time.
            NoResetOnClose = !isReset,
        });
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}$")]
    private static partial Regex IndexName { get; }

    static string Schema(string index) => IndexName.IsMatch(index) ? $"index_{index}" : throw new ArgumentException($"'{index}' is no name of an index.", nameof(index));

    const string ServingSchema = $"index_{ISearchEngine.Serving}";

    /// <summary>Makes the serving index where there is none.</summary>
    public Task StartAsync(CancellationToken cancel) => GuardAsync(async () =>
    {
        await using var connection = await writing.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtext('search index'))", [], cancel);
        await using var exists = connection.Command("select to_regnamespace($1) is not null", ServingSchema);
        if (!(bool)(await exists.ExecuteScalarAsync(cancel))!)
        {
            await connection.ExecuteAsync(Ddl.Tables(ServingSchema), [], cancel);
            await connection.ExecuteAsync(Ddl.Indexes(ServingSchema), [], cancel);
        }
        await transaction.CommitAsync(cancel);
        return true;
    });

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task CreateIndexAsync(string index, CancellationToken cancel) => GuardAsync(async () =>
    {
        var schema = NotServing(index);
        await using var connection = await writing.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync($"drop schema if exists {schema} cascade", [], cancel);
        await connection.ExecuteAsync(Ddl.Tables(schema), [], cancel);
        await transaction.CommitAsync(cancel);
        return true;
    });

    public Task<string> SwapAsync(string index, CancellationToken cancel) => GuardAsync(async () =>
    {
        var schema = NotServing(index);
        await using var connection = await writing.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("set maintenance_work_mem = '256MB'", [], cancel);
        await connection.ExecuteAsync(Ddl.Indexes(schema), [], cancel);
        await connection.ExecuteAsync("reset maintenance_work_mem", [], cancel);
        foreach (var table in Ddl.TableNames)
            await connection.ExecuteAsync($"vacuum analyze {schema}.{table}", [], cancel);
        var former = $"former_{Guid.NewGuid():N}"[..20];
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync($"alter schema {ServingSchema} rename to {Schema(former)}", [], cancel);
        await connection.ExecuteAsync($"alter schema {schema} rename to {ServingSchema}", [], cancel);
        await transaction.CommitAsync(cancel);
        vocabulary.Forget();
        return former;
    }, index);

    public Task DropAsync(string index, CancellationToken cancel) => GuardAsync(async () =>
    {
        var schema = NotServing(index);
        await using var connection = await writing.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync($"drop schema if exists {schema} cascade", [], cancel);
        return true;
    });

    public Task<long> CountAsync(string index, DocumentKind kind, CancellationToken cancel) => GuardAsync(async () =>
    {
        var table = kind switch { DocumentKind.Article => "articles", DocumentKind.Draft => "drafts", _ => "names" };
        await using var connection = await writing.OpenConnectionAsync(cancel);
        await using var command = table == "names"
            ? connection.Command($"select count(*) from {Schema(index)}.names where kind = $1", (short)kind)
            : connection.Command($"select count(*) from {Schema(index)}.{table}");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }, index);

    static string NotServing(string index) =>
        index == ISearchEngine.Serving ? throw new ArgumentException("The index that serves is neither made, swapped nor dropped.", nameof(index)) : Schema(index);

    /// <summary>What PostgreSQL throws, in the words of the port.</summary>
    static async Task<T> GuardAsync<T>(Func<Task<T>> work, string index = ISearchEngine.Serving)
    {
        try
        {
            return await work();
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new NoSuchIndexException(index);
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.QueryCanceled)
        {
            throw new EngineAwayException("PostgreSQL did not answer in time.", problem);
        }
        catch (Exception problem) when (problem is NpgsqlException { IsTransient: true } or TimeoutException or NpgsqlException { InnerException: System.Net.Sockets.SocketException or IOException })
        {
            throw new EngineAwayException("PostgreSQL cannot be reached.", problem);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await finding.DisposeAsync();
        await walking.DisposeAsync();
        await writing.DisposeAsync();
    }
}

/// <summary>The two halves of Index.sql.</summary>
static class Ddl
{
    public static readonly string[] TableNames = ["articles", "vocabulary", "phrases", "names", "drafts", "removals"];

    static readonly string[] Halves = Read().Split("\n--\n", 2);

    public static string Tables(string schema) => Halves[0].Replace("{schema}", schema, StringComparison.Ordinal);

    public static string Indexes(string schema) => Halves[1].Replace("{schema}", schema, StringComparison.Ordinal);

    static string Read()
    {
        using var reader = new StreamReader(typeof(Ddl).Assembly.GetManifestResourceStream("Engines/PostgreSql/Index.sql")!);
        return reader.ReadToEnd();
    }
}
