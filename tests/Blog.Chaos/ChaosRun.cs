using System.Globalization;
using System.Text;
using System.Text.Json;
using Blog.ServiceDefaults.Data;
using Blog.Testing;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Blog.Chaos;

/// <summary>What a run found.</summary>
/// <param name="Problems">Each one sentence; none: every promise was kept.</param>
/// <param name="Faults">How many faults there were.</param>
public sealed record ChaosResult(IReadOnlyList<string> Problems, int Faults);

/// <summary>
/// Commands go on while relays, followers, the broker and PostgreSQL are killed, stopped and started, and records are delivered again. Afterwards every command must have
/// had its effect exactly once, in the order of its key, and nothing may be left over. Servers and instances are processes of their own.
/// </summary>
public sealed class ChaosRun(int seed, int commands, int keys, Action<string> say) : IAsyncDisposable
{
    const int Instances = 2, Workers = 8, Ahead = 100;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly PostgresFixture postgres = new();
    readonly BrokerFixture broker = new();
    readonly OwnedProcess?[] relays = new OwnedProcess?[Instances], followers = new OwnedProcess?[Instances];
    Ledger ledger = null!;

    /// <summary>Runs it. The schedule of faults follows from the seed and the number of commands.</summary>
    public async Task<ChaosResult> RunAsync(CancellationToken cancel)
    {
        await postgres.InitializeAsync();
        await broker.InitializeAsync();
        // A commit that was acknowledged survives the crash of the server.
        const string durable = ";Options=-c synchronous_commit=on;Timeout=5;Command Timeout=10";
        ledger = new("ledger", "reader", await postgres.CreateDatabaseAsync() + durable, await postgres.CreateDatabaseAsync() + durable, broker.BootstrapServers);
        await SqlMigrations.ApplyAsync(ledger.GroupDatabase, typeof(ChaosRun).Assembly, NullLogger.Instance, cancel);
        await using var service = await ledger.StartCommandsAsync(cancel);
        for (var i = 0; i < Instances; i++)
        {
            relays[i] = await StartAsync("relay");
            followers[i] = await StartAsync("follower");
        }

        var schedule = Fault.Schedule(seed, commands, Instances);
        var begun = 0;
        var faults = Task.Run(async () =>
        {
            var random = new Random(seed + 1);
            foreach (var fault in schedule)
            {
                while (Volatile.Read(ref issued) < fault.AtCommand) await Task.Delay(5, cancel);
                say(fault.ToString());
                var happening = HappenAsync(fault, random, cancel);
                Interlocked.Increment(ref begun);
                await happening;
            }
        }, cancel);

        // Commands may run ahead of a fault that is due, but not far, so that a fast machine meets as many faults as a slow one.
        await Parallel.ForEachAsync(Plan(), new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancel }, async (command, stop) =>
        {
            var number = Interlocked.Increment(ref issued);
            while (Volatile.Read(ref begun) is var i && i < schedule.Count && schedule[i].AtCommand + Ahead < number && !faults.IsCompleted) await Task.Delay(5, stop);
            await UntilDoneAsync(service, command.Key, command.Id, stop);
        });
        await faults;
        say($"{commands} commands are committed; waiting for their effects");
        return await JudgeAsync(schedule.Count, cancel);
    }

    int issued;

    IEnumerable<(Guid Key, Guid Id)> Plan()
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, keys).Select(_ => Guid.CreateVersion7()).ToArray();
        for (var i = 0; i < commands; i++) yield return (all[random.Next(all.Length)], Guid.CreateVersion7());
    }

    /// <summary>As a client does: the same command again until it is known to be carried out.</summary>
    async Task UntilDoneAsync(WebApplication service, Guid key, Guid command, CancellationToken cancel)
    {
        while (true)
            try
            {
                await ledger.CountAsync(service, key, command, cancel);
                return;
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested && exception is not OutOfMemoryException)
            {
                await Task.Delay(50, cancel);
            }
    }

    async Task<OwnedProcess> StartAsync(string role)
    {
        var child = new OwnedProcess("KILL", user: null, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(ChaosRun).Assembly.Location, "--child", role, JsonSerializer.Serialize(ledger));
        await child.StartAsync();
        return child;
    }

    async Task HappenAsync(Fault fault, Random random, CancellationToken cancel)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillRelay: await ReplaceAsync(relays, "relay", fault, "KILL", cancel); break;
            case FaultKind.KillFollower: await ReplaceAsync(followers, "follower", fault, "KILL", cancel); break;
            case FaultKind.RestartFollower: await ReplaceAsync(followers, "follower", fault, "TERM", cancel); break;
            case FaultKind.PauseRelay: await PauseAsync(relays[fault.Instance]!, fault.Duration, cancel); break;
            case FaultKind.PauseFollower: await PauseAsync(followers[fault.Instance]!, fault.Duration, cancel); break;
            case FaultKind.PauseBroker: await PauseAsync(broker.Process, fault.Duration, cancel); break;
            case FaultKind.DeliverAgain: await DeliverAgainAsync(random, cancel); break;
            case FaultKind.KillBroker or FaultKind.LoseBrokerLog:
                await broker.StopAsync("KILL");
                if (fault.Kind == FaultKind.LoseBrokerLog)
                    foreach (var entry in new DirectoryInfo(broker.Folder).EnumerateFileSystemInfos())
                    {
                        if (entry is DirectoryInfo folder) folder.Delete(recursive: true);
                        else entry.Delete();
                    }
                await Task.Delay(fault.Duration, cancel);
                await broker.StartAsync();
                break;
            case FaultKind.RestartPostgres or FaultKind.CrashPostgres:
                await postgres.StopAsync(fault.Kind == FaultKind.CrashPostgres ? "QUIT" : "INT");
                await Task.Delay(fault.Duration, cancel);
                await postgres.StartAsync();
                break;
            default: throw new InvalidOperationException($"Nothing is said of {fault.Kind}.");
        }
    }

    async Task ReplaceAsync(OwnedProcess?[] instances, string role, Fault fault, string signal, CancellationToken cancel)
    {
        await instances[fault.Instance]!.StopAsync(signal);
        await instances[fault.Instance]!.DisposeAsync();
        await Task.Delay(fault.Duration, cancel);
        instances[fault.Instance] = await StartAsync(role);
    }

    static async Task PauseAsync(OwnedProcess process, TimeSpan duration, CancellationToken cancel)
    {
        if (process.HasExited) throw new InvalidOperationException($"A process ended by itself:\n{process.Output}");
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        await OwnedProcess.RunAsync("kill", "-STOP", id);
        await Task.Delay(duration, cancel);
        await OwnedProcess.RunAsync("kill", "-CONT", id);
    }

    /// <summary>Up to 200 events, some fresh and some from the very beginning, as they were sent.</summary>
    async Task DeliverAgainAsync(Random random, CancellationToken cancel)
    {
        var config = new ProducerConfig { BootstrapServers = broker.BootstrapServers, MessageTimeoutMs = 5_000 };
        config.Set("allow.auto.create.topics", "false");
        using var producer = new ProducerBuilder<string, byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        await using var connection = new NpgsqlConnection(ledger.ServiceDatabase);
        await connection.OpenAsync(cancel);
        await using var select = new NpgsqlCommand("SELECT id, key, type, payload, created_at FROM outbox WHERE published_at IS NOT NULL AND position % 7 = $1 ORDER BY position LIMIT 200", connection)
        {
            Parameters = { new() { Value = (long)random.Next(7) } },
        };
        await using var reader = await select.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
            var headers = new Headers { { "id", Bytes(reader.GetGuid(0).ToString()) }, { "type", Bytes(reader.GetString(2)) }, { "time", Bytes(reader.GetFieldValue<DateTimeOffset>(4).ToString("O", CultureInfo.InvariantCulture)) } };
            producer.Produce(ledger.Topic, new() { Key = reader.GetString(1), Value = (byte[])reader[3], Headers = headers });
        }
        producer.Flush(TimeSpan.FromSeconds(6));
    }

    async Task<ChaosResult> JudgeAsync(int faults, CancellationToken cancel)
    {
        var problems = new List<string>();
        var started = TimeProvider.System.GetTimestamp();
        long entries, waiting, dead, lag, said = started;
        do
        {
            await Task.Delay(200, cancel);
            entries = await ValueAsync(ledger.GroupDatabase, "select count(*) from entries", cancel);
            waiting = await ValueAsync(ledger.ServiceDatabase, "select count(*) from outbox where published_at is null", cancel)
                + await ValueAsync(ledger.GroupDatabase, "select count(*) from outbox where published_at is null", cancel);
            dead = await ValueAsync(ledger.GroupDatabase, "select count(*) from dead_letter", cancel);
            lag = Lag();
            if (TimeProvider.System.GetElapsedTime(said) < TimeSpan.FromSeconds(10)) continue;
            said = TimeProvider.System.GetTimestamp();
            say(string.Create(CultureInfo.InvariantCulture, $"{commands - entries} effects are missing, {waiting} events wait in an outbox, the followers are {(lag == long.MaxValue ? "?" : $"{lag}")} behind"));
        }
        while ((entries < commands || waiting > 0 || lag > 0) && TimeProvider.System.GetElapsedTime(started) < Patience);
        say(string.Create(CultureInfo.InvariantCulture, $"settled after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s"));

        void Expect(bool kept, string problem)
        {
            if (!kept) problems.Add(problem);
        }
        var counted = await ValueAsync(ledger.ServiceDatabase, "select coalesce(sum(sequence), 0)::bigint from counters", cancel);
        Expect(counted == commands, $"{counted} commands were carried out instead of {commands}.");
        Expect(entries == commands, $"{entries} effects instead of {commands}.");
        var doubled = await ValueAsync(ledger.GroupDatabase, "select count(*) from (select from entries group by command_id having count(*) > 1) as twice", cancel);
        Expect(doubled == 0, $"{doubled} commands had their effect more than once.");
        // The n-th effect of a key, in the order in which they happened, must be that of its n-th command.
        var misplaced = await ValueAsync(ledger.GroupDatabase, "select count(*) from (select sequence, row_number() over (partition by key order by serial) as place from entries) as e where sequence <> place", cancel);
        Expect(misplaced == 0, $"{misplaced} effects are out of the order of their key.");
        Expect(waiting == 0, $"{waiting} events wait in an outbox.");
        Expect(dead == 0, $"{dead} events were put aside.");
        Expect(lag == 0, $"The followers are {lag} events behind.");
        foreach (var process in relays.Concat(followers)) Expect(!process!.HasExited, $"A process ended by itself:\n{process.Output}");
        return new(problems, faults);
    }

    static async Task<long> ValueAsync(string database, string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Records in the topic behind what the group has committed.</summary>
    long Lag()
    {
        using var reader = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = ledger.Group }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(reader.Handle).Build();
        try
        {
            var patience = TimeSpan.FromSeconds(5);
            var partitions = admin.GetMetadata(ledger.Topic, patience).Topics.Single().Partitions.Select(p => new TopicPartition(ledger.Topic, p.PartitionId));
            return reader.Committed(partitions, patience).Sum(committed => reader.QueryWatermarkOffsets(committed.TopicPartition, patience) is var log ? log.High.Value - Math.Max(committed.Offset.Value, log.Low.Value) : 0);
        }
        catch (KafkaException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>What the instances wrote, for the one who looks for the reason.</summary>
    public string Output => string.Join('\n', relays.Concat(followers).OfType<OwnedProcess>().Select(process => process.Output));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in relays.Concat(followers).OfType<OwnedProcess>()) await process.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
