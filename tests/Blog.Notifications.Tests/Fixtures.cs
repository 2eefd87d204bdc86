using Blog.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Blog.Notifications.Tests;

/// <summary>The Notifications service over a PostgreSQL and a broker of its own.</summary>
public sealed class NotificationsFixture(PostgresFixture postgres, BrokerFixture broker) : IAsyncLifetime
{
    ServiceHost<Program>? host;

    public TestIssuer Issuer { get; } = new();
    public ServiceHost<Program> Host => host!;
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Issuer.InitializeAsync();
        ConnectionString = await postgres.CreateDatabaseAsync();
        host = new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:notifications"] = ConnectionString,
            ["ConnectionStrings:broker"] = broker.BootstrapServers,
        }).Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
