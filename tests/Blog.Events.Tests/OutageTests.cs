using Blog.Testing;

namespace Blog.Events.Tests;

/// <summary>Servers of its own, as it takes them away.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    readonly PostgresFixture postgres = new();
    readonly BrokerFixture broker = new();

    static long[] UpTo(int last) => [.. Enumerable.Range(1, last).Select(n => (long)n)];

    public async ValueTask InitializeAsync()
    {
        await postgres.InitializeAsync();
        await broker.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_broker_that_is_killed_and_comes_back_loses_and_doubles_nothing()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        await world.StartFollowerAsync();
        var keys = await world.CountAsync(service, commands: 100, keys: 10);

        await broker.StopAsync("KILL");
        await world.CountAsync(service, commands: 100, keys);
        await broker.StartAsync();
        await world.CountAsync(service, commands: 100, keys);

        await world.UntilEntriesAsync(300);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(30));
    }

    [Fact]
    public async Task A_broker_that_lost_its_log_is_filled_again_from_the_outbox()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        var follower = await world.StartFollowerAsync();
        var keys = await world.CountAsync(service, commands: 200, keys: 10);
        await world.UntilEntriesAsync(200);
        // These are acknowledged, and nobody has read them.
        await world.StopAsync(follower);
        await world.CountAsync(service, commands: 100, keys);
        await World.UntilAsync(() => world.ServiceValueAsync<long>("select count(*) from outbox where published_at is null"), 0);

        await broker.StopAsync("KILL");
        foreach (var folder in Directory.GetDirectories(broker.Folder)) Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(broker.Folder)) File.Delete(file);
        await broker.StartAsync();
        await world.CountAsync(service, commands: 100, keys);
        await world.StartFollowerAsync();

        await world.UntilEntriesAsync(400);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(40));
        await World.UntilAsync(() => world.ServiceValueAsync<long>("select count(*) from outbox where published_at is null"), 0);
    }

    [Fact]
    public async Task A_database_that_restarts_makes_events_wait_and_puts_none_aside()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        await world.StartFollowerAsync();
        var keys = await world.CountAsync(service, commands: 500, keys: 10);

        await postgres.StopAsync();
        await postgres.StartAsync();
        await world.CountAsync(service, commands: 100, keys);

        await world.UntilEntriesAsync(600);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(60));
        (await world.FollowerValueAsync<long>("select count(*) from dead_letter")).ShouldBe(0);
    }
}
