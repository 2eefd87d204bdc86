using Blog.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Blog.Users.Tests;

/// <summary>The Users service over a PostgreSQL of its own. No broker: events wait in the outbox, where tests read them.</summary>
public sealed class UsersFixture(PostgresFixture postgres) : IAsyncLifetime
{
    ServiceHost<Program>? host;

    public TestIssuer Issuer { get; } = new();
    public ServiceHost<Program> Host => host!;
    public string ConnectionString { get; private set; } = "";

    public V1.Users.UsersClient Anonymous => new(Host.CallInvoker());
    public V1.Users.UsersClient Service => new(Host.CallInvoker(Issuer.ServiceToken()));
    public V1.Users.UsersClient As(string id) => new(Host.CallInvoker(Issuer.PersonToken(Guid.Parse(id))));
    public V1.Users.UsersClient With(string token) => new(Host.CallInvoker(token));

    public V1.Relations.RelationsClient RelationsForServices => new(Host.CallInvoker(Issuer.ServiceToken()));
    public V1.Relations.RelationsClient Public => new(Host.CallInvoker());
    public V1.Relations.RelationsClient RelationsOf(V1.Profile person) => new(Host.CallInvoker(Issuer.PersonToken(Guid.Parse(person.Id))));

    public async ValueTask InitializeAsync()
    {
        await Issuer.InitializeAsync();
        ConnectionString = await postgres.CreateDatabaseAsync();
        host = new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:users"] = ConnectionString,
            ["ConnectionStrings:broker"] = "127.0.0.1:1",
        }).Start();
    }

    /// <summary>A stored profile with a handle nobody else has.</summary>
    public async Task<V1.Profile> SomeoneAsync(string? handle = null) =>
        (await Service.CreateProfileAsync(new() { Id = Guid.CreateVersion7().ToString(), Handle = handle ?? FreshHandle(), Name = "Jun Kestrel" })).Profile;

    public static string FreshHandle() => "p" + Guid.NewGuid().ToString("N")[..20];

    /// <summary>The events of one profile, oldest first.</summary>
    public Task<List<Events.V1.ProfileChanged>> EventsOfAsync(string profileId) => EventsAsync("users.profiles.v1", profileId, Events.V1.ProfileChanged.Parser);

    /// <summary>What this person began and ceased to follow, oldest first.</summary>
    public Task<List<Events.V1.FollowChanged>> FollowsOfAsync(V1.Profile person) => EventsAsync("users.follows.v1", person.Id, Events.V1.FollowChanged.Parser);

    /// <summary>What this person decided about others, oldest first.</summary>
    public Task<List<Events.V1.RelationChanged>> DecisionsOfAsync(V1.Profile person) => EventsAsync("users.relations.v1", person.Id, Events.V1.RelationChanged.Parser);

    async Task<List<T>> EventsAsync<T>(string topic, string key, Google.Protobuf.MessageParser<T> parser) where T : Google.Protobuf.IMessage<T>
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where topic = $1 and key = $2 order by position");
        command.Parameters.Add(new() { Value = topic });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<T>();
        while (await reader.ReadAsync())
            events.Add(parser.ParseFrom((byte[])reader[0]));
        return events;
    }

    /// <summary>Runs SQL that a test needs and no rpc offers.</summary>
    public async Task SqlAsync(string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
