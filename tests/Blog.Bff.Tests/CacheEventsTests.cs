using Blog.Bff.Cache;
using Blog.Bff.Tests.World;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

public sealed class CacheEventsTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<(BffWorld World, CacheEvents Events)> StartAsync(RedisFixture redis, BrokerFixture broker)
    {
        // Every topic that is followed: one that comes into being later makes a gap, after which everything is fetched anew.
        foreach (var topic in CacheEvents.Followed) await PublishAsync(broker, topic, []);
        var world = await BffWorld.StartAsync(redis, null, ("ConnectionStrings:broker", broker.BootstrapServers));
        var events = world.Bff.Services.GetRequiredService<CacheEvents>();
        await BffWorld.Until(() => Task.FromResult(events.IsFollowing));
        return (world, events);
    }

    static Task PublishAsync(BrokerFixture broker, string topic, IMessage message) => PublishAsync(broker, topic, message.ToByteArray());

    static async Task PublishAsync(BrokerFixture broker, string topic, byte[] message)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 0 }).Build();
        await producer.ProduceAsync(topic, new() { Key = "k", Value = message }, Cancel);
    }

    [Fact]
    public async Task An_event_evicts_what_it_concerns_and_nothing_else()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var (world, _) = await StartAsync(redis, broker);
        await using var owned = world;
        var version = 1;
        world.Site.Page("/@ada/first", () => $"version {version}", "article:a1 author:u1 topic:rust");
        world.Site.Page("/@bob/other", () => "other", "article:b1 author:u2");
        foreach (var path in (string[])["/@ada/first", "/@bob/other"]) await world.Client.GetStringAsync(path, Cancel);
        version = 2;

        await PublishAsync(broker, Topics.Articles, new ArticleChanged { ArticleId = "a1", AuthorId = "u1", Change = ArticleChanged.Types.Change.Updated, Slug = "first" });
        await BffWorld.Until(async () => await world.Client.GetStringAsync("/@ada/first", Cancel) == "version 2");
        await PublishAsync(broker, Topics.Profiles, new ProfileChanged { ProfileId = "u1", Handle = "ada" });
        version = 3;
        await BffWorld.Until(async () => await world.Client.GetStringAsync("/@ada/first", Cancel) == "version 3");

        await world.Client.GetStringAsync("/@bob/other", Cancel);
        world.Site.CountOf("/@bob/other").ShouldBe(1);
    }

    [Fact]
    public async Task After_a_time_without_broker_everything_is_fetched_anew()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var (world, events) = await StartAsync(redis, broker);
        await using var owned = world;
        var version = 1;
        world.Site.Page("/", () => $"version {version}", "list");

        await broker.StopAsync("KILL");
        await BffWorld.Until(() => Task.FromResult(!events.IsFollowing));
        // Only now: what was cached before may have been evicted meanwhile.
        await world.Client.GetStringAsync("/", Cancel);
        version = 2;
        (await world.Client.GetStringAsync("/", Cancel)).ShouldBe("version 1");
        await broker.StartAsync();

        await BffWorld.Until(async () => await world.Client.GetStringAsync("/", Cancel) == "version 2");
    }
}
