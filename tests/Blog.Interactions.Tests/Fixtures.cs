using Blog.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Blog.Interactions.Tests;

/// <summary>The Interactions service over a PostgreSQL and a broker of its own.</summary>
public sealed class InteractionsFixture(PostgresFixture postgres, BrokerFixture broker) : IAsyncLifetime
{
    ServiceHost<Program>? host;

    public TestIssuer Issuer { get; } = new();
    public Neighbours Neighbours { get; } = new();
    public ServiceHost<Program> Host => host!;
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Issuer.InitializeAsync();
        await Neighbours.StartAsync();
        ConnectionString = await postgres.CreateDatabaseAsync();
        host = new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:interactions"] = ConnectionString,
            ["ConnectionStrings:broker"] = broker.BootstrapServers,
            ["services:content:grpc:0"] = Neighbours.Address,
            ["services:users:grpc:0"] = Neighbours.Address,
        }).Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
        await Neighbours.DisposeAsync();
    }
}
