using System.Text;
using Blog.Testing;
using Confluent.Kafka;

namespace Blog.Events.Tests;

public sealed class DeadLetterTests(PostgresFixture postgres, BrokerFixture broker)
{
    const string Type = "blog.events.v1.ClapsChanged";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_fails_again_and_again_is_put_aside_and_blocks_no_other_key()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var (bad, good) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await world.StartFollowerAsync(e => { if (e.SubjectId == bad.ToString()) throw new InvalidOperationException("It cannot be."); });

        await world.ProduceAsync(Guid.CreateVersion7(), bad, 1);
        await world.ProduceAsync(Guid.CreateVersion7(), good, 1);

        await world.UntilEntriesAsync(1);
        await world.UntilPutAsideAsync(1);
        (await world.EntriesAsync(good)).ShouldBe([1]);
        (await world.FollowerValueAsync<string>("select error from dead_letter")).ShouldContain("It cannot be.");
        (await world.FollowerValueAsync<int>("select attempts from dead_letter")).ShouldBe(5);
    }

    [Fact]
    public async Task Later_events_of_its_key_wait_behind_it()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var key = Guid.CreateVersion7();
        await world.StartFollowerAsync(e => { if (e.Count == 2) throw new InvalidOperationException("Not the second."); });

        for (var sequence = 1; sequence <= 4; sequence++) await world.ProduceAsync(Guid.CreateVersion7(), key, sequence);

        await world.UntilPutAsideAsync(3);
        (await world.EntriesAsync(key)).ShouldBe([1]);
        (await world.FollowerValueAsync<string>("select string_agg(reason, ',' order by id) from dead_letter")).ShouldBe("failed,behind,behind");
    }

    [Fact]
    public async Task A_copy_goes_to_the_dead_letter_topic_with_the_reason_and_the_place()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var (id, key) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await world.StartFollowerAsync();

        var payload = World.Payload(key, 1);
        await world.ProduceAsync(key, payload, ("id", id.ToString()), ("type", "blog.events.v2.ClapsChanged"), World.Now);

        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers, GroupId = Guid.NewGuid().ToString(), AutoOffsetReset = AutoOffsetReset.Earliest, TopicMetadataRefreshIntervalMs = 100,
        }).Build();
        await world.UntilPutAsideAsync(1);
        await World.UntilAsync(() => world.FollowerValueAsync<long>("select count(*) from outbox where published_at is not null"), 1);
        consumer.Subscribe($"{world.Ledger.Group}.dead.v1");
        var record = consumer.Consume(Cancel);
        record.Message.Value.ShouldBe(payload);
        record.Message.Key.ShouldBe(key.ToString());
        string Header(string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));
        Header("origin-id").ShouldBe(id.ToString());
        Header("origin-topic").ShouldBe(world.Ledger.Topic);
        Header("origin-offset").ShouldBe("0");
        Header("reason").ShouldBe("unreadable");
        Header("error").ShouldContain("blog.events.v2.ClapsChanged");
        consumer.Close();
    }

    public static TheoryData<string, string?, string?, string> Unreadable => new()
    {
        { "an unknown type", Guid.CreateVersion7().ToString(), "blog.events.v1.Unheard", "type" },
        { "a later version", Guid.CreateVersion7().ToString(), "blog.events.v2.ClapsChanged", "type" },
        { "no type", Guid.CreateVersion7().ToString(), null, "type" },
        { "no id", null, Type, "id" },
        { "an id that is none", "seven", Type, "id" },
    };

    [Theory, MemberData(nameof(Unreadable))]
    public async Task An_event_with_a_header_that_cannot_be_understood_is_put_aside_and_its_key_goes_on(string what, string? id, string? type, string said)
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var key = Guid.CreateVersion7();
        await world.StartFollowerAsync();

        var headers = new List<(string, string)> { World.Now };
        if (id is not null) headers.Add(("id", id));
        if (type is not null) headers.Add(("type", type));
        await world.ProduceAsync(key, World.Payload(key, 1), [.. headers]);
        await world.ProduceAsync(Guid.CreateVersion7(), key, 2);

        await world.UntilEntriesAsync(1);
        (await world.FollowerValueAsync<string>("select reason || ': ' || error from dead_letter")).ShouldStartWith("unreadable", customMessage: what);
        (await world.FollowerValueAsync<string>("select error from dead_letter")).ShouldContain(said);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_put_aside()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var key = Guid.CreateVersion7();
        await world.StartFollowerAsync();

        await world.ProduceAsync(key, [0xff, 0xff, 0xff, 0xff], ("id", Guid.CreateVersion7().ToString()), ("type", Type), World.Now);
        await world.ProduceAsync(key, "\0\0 nobody wrote this"u8.ToArray(), ("id", "\0"), ("type", "\0"), ("traceparent", "\0"));
        await world.ProduceAsync(Guid.CreateVersion7(), key, 2);

        await world.UntilEntriesAsync(1);
        (await world.FollowerValueAsync<long>("select count(*) from dead_letter")).ShouldBe(2);
    }
}
