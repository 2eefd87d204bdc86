using System.Globalization;
using System.Text;
using Blog.Chaos;
using Blog.Events.V1;
using Blog.Testing;
using Confluent.Kafka;
using Google.Protobuf;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Blog.Events.Tests;

/// <summary>A publishing and a following service with databases, topic and group of their own.</summary>
sealed class World : IAsyncDisposable
{
    static int worlds;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly List<WebApplication> hosts = [];
    readonly string broker;
    readonly NpgsqlDataSource service, follower;
    readonly TestIssuer issuer;

    World(Ledger ledger, string broker, TestIssuer issuer)
    {
        (Ledger, this.broker, this.issuer) = (ledger, broker, issuer);
        service = NpgsqlDataSource.Create(ledger.ServiceDatabase);
        follower = NpgsqlDataSource.Create(ledger.GroupDatabase);
    }

    public Ledger Ledger { get; }
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<World> CreateAsync(PostgresFixture postgres, BrokerFixture broker)
    {
        var (number, issuer) = (Interlocked.Increment(ref worlds), new TestIssuer());
        await issuer.InitializeAsync();
        return new(new($"ledger{number}", $"reader{number}", await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync(), broker.BootstrapServers) { Settings = issuer.Settings },
            broker.BootstrapServers, issuer);
    }

    public async Task<WebApplication> StartServiceAsync() => Keep(await Ledger.StartServiceAsync(Cancel));

    public async Task<WebApplication> StartFollowerAsync(Action<ClapsChanged>? fault = null) => Keep(await Ledger.StartFollowerAsync(fault, Cancel));

    WebApplication Keep(WebApplication host)
    {
        hosts.Add(host);
        return host;
    }

    public async Task StopAsync(WebApplication host)
    {
        hosts.Remove(host);
        await host.StopAsync(Cancel);
        await host.DisposeAsync();
    }

    /// <summary>What an operator asks, with a service's token.</summary>
    public Operations.OperationsClient Operations(WebApplication host) => new(GrpcChannel.ForAddress(host.Urls.First()).Intercept(metadata =>
    {
        metadata.Add("Authorization", "Bearer " + issuer.ServiceToken("cli"));
        return metadata;
    }));

    /// <summary>The address of the HTTP/1.1 endpoint.</summary>
    public static Uri Http(WebApplication host) => new(host.Urls.Last());

    /// <summary>So many commands, in turn over so many keys; returns the keys.</summary>
    public async Task<Guid[]> CountAsync(WebApplication host, int commands, int keys)
    {
        var all = Enumerable.Range(0, keys).Select(_ => Guid.CreateVersion7()).ToArray();
        await CountAsync(host, commands, all);
        return all;
    }

    public Task CountAsync(WebApplication host, int commands, Guid[] keys) =>
        Parallel.ForEachAsync(Enumerable.Range(0, commands), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel },
            async (number, cancel) => await Ledger.CountAsync(host, keys[number % keys.Length], Guid.CreateVersion7(), cancel));

    /// <summary>A record as it stands in the log, past the outbox: what another hand than ours may write.</summary>
    public async Task ProduceAsync(Guid key, byte[] payload, params (string Name, string Value)[] headers)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker }).Build();
        var message = new Message<string, byte[]> { Key = key.ToString(), Value = payload, Headers = [] };
        foreach (var (name, value) in headers) message.Headers.Add(name, Encoding.UTF8.GetBytes(value));
        await producer.ProduceAsync(Ledger.Topic, message, Cancel);
    }

    public Task ProduceAsync(Guid id, Guid key, int sequence) => ProduceAsync(key, Payload(key, sequence), ("id", id.ToString()), ("type", "blog.events.v1.ClapsChanged"), Now);

    public static (string, string) Now => ("time", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture));

    public static byte[] Payload(Guid key, int sequence) => new ClapsChanged { SubjectId = key.ToString(), Count = sequence, PersonId = Guid.CreateVersion7().ToString() }.ToByteArray();

    /// <summary>The sequences of a key in the order in which their effects were committed to the follower's table.</summary>
    public async Task<long[]> EntriesAsync(Guid key)
    {
        await using var command = follower.CreateCommand("select sequence from entries where key = $1 order by serial");
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var entries = new List<long>();
        while (await reader.ReadAsync(Cancel)) entries.Add(reader.GetInt64(0));
        return [.. entries];
    }

    public Task<T> FollowerValueAsync<T>(string sql) => ValueAsync<T>(follower, sql);

    public Task<T> ServiceValueAsync<T>(string sql) => ValueAsync<T>(service, sql);

    static async Task<T> ValueAsync<T>(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = follower.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public Task UntilEntriesAsync(long count) => UntilAsync(async () => await FollowerValueAsync<long>("select count(*) from entries"), count);

    public Task UntilPutAsideAsync(long count) => UntilAsync(async () => await FollowerValueAsync<long>("select count(*) from dead_letter"), count);

    /// <summary>Looks until the value is as wanted. What is away answers with an exception, which is not the end.</summary>
    public static async Task UntilAsync<T>(Func<Task<T>> value, T wanted)
    {
        var started = TimeProvider.System.GetTimestamp();
        string seen;
        do
        {
            try
            {
                var now = await value();
                if (Equals(now, wanted)) return;
                seen = $"{now}";
            }
            catch (NpgsqlException exception)
            {
                seen = exception.Message;
            }
            await Task.Delay(20, Cancel);
        }
        while (TimeProvider.System.GetElapsedTime(started) < Patience);
        throw new TimeoutException($"Wanted {wanted}, seen {seen}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.StopAsync(CancellationToken.None);
            await host.DisposeAsync();
        }
        await service.DisposeAsync();
        await issuer.DisposeAsync();
        await follower.DisposeAsync();
    }
}
