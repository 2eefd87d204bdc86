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
    public async Task<List<Events.V1.ProfileChanged>> EventsOfAsync(string profileId)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where topic = 'users.profiles.v1' and key = $1 order by position");
        command.Parameters.Add(new() { Value = profileId });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<Events.V1.ProfileChanged>();
        while (await reader.ReadAsync())
            events.Add(Events.V1.ProfileChanged.Parser.ParseFrom((byte[])reader[0]));
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
