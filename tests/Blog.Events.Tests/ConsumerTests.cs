using Blog.Testing;

namespace Blog.Events.Tests;

public sealed class ConsumerTests(PostgresFixture postgres, BrokerFixture broker)
{
    static long[] UpTo(int last) => [.. Enumerable.Range(1, last).Select(n => (long)n)];

    [Fact]
    public async Task Every_event_has_its_effect_once_and_in_the_order_of_its_key()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        await world.StartFollowerAsync();

        var keys = await world.CountAsync(service, commands: 1000, keys: 20);

        await world.UntilEntriesAsync(1000);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(50));
    }

    [Fact]
    public async Task An_event_that_is_delivered_again_has_no_effect()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        await world.StartFollowerAsync();
        var (first, second, key) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());

        foreach (var (id, sequence) in new[] { (first, 1), (first, 1), (second, 2), (first, 1), (second, 2), (Guid.CreateVersion7(), 3) }) await world.ProduceAsync(id, key, sequence);

        await World.UntilAsync(async () => (await world.EntriesAsync(key)).LastOrDefault(), 3);
        (await world.EntriesAsync(key)).ShouldBe(UpTo(3));
    }

    [Fact]
    public async Task Two_instances_share_the_work()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        var (byFirst, bySecond) = (0, 0);
        await world.StartFollowerAsync(_ => Interlocked.Increment(ref byFirst));
        var keys = await world.CountAsync(service, commands: 100, keys: 50);
        await world.StartFollowerAsync(_ => Interlocked.Increment(ref bySecond));

        var rounds = 1;
        while (Volatile.Read(ref bySecond) == 0)
        {
            await world.CountAsync(service, commands: 100, keys);
            rounds++;
            await world.UntilEntriesAsync(100 * rounds);
        }

        var before = Volatile.Read(ref byFirst);
        await world.CountAsync(service, commands: 500, keys);
        await world.UntilEntriesAsync(100 * rounds + 500);
        Volatile.Read(ref byFirst).ShouldBeGreaterThan(before);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(2 * rounds + 10));
    }

    [Fact]
    public async Task An_instance_that_ends_leaves_its_work_to_the_other()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        var first = await world.StartFollowerAsync();
        await world.StartFollowerAsync();
        var keys = await world.CountAsync(service, commands: 200, keys: 20);

        await world.StopAsync(first);
        await world.CountAsync(service, commands: 200, keys);

        await world.UntilEntriesAsync(400);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(20));
    }

    [Fact]
    public async Task Several_relays_keep_the_order_of_a_key()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        await world.StartServiceAsync();
        await world.StartServiceAsync();
        await world.StartFollowerAsync();

        var keys = await world.CountAsync(service, commands: 1000, keys: 20);

        await world.UntilEntriesAsync(1000);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(50));
    }
}
