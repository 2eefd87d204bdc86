using System.Diagnostics;
using Blog.Testing;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Blog.StandIns.Tests.Redis;

/// <summary>The official client over the stand-in for its sockets, against a real server.</summary>
public sealed class RedisTests(RedisFixture server) : IClassFixture<RedisFixture>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static Task<ConnectionMultiplexer> ConnectAsync(RedisFixture server)
        => ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},abortConnect=false,connectTimeout=2000");

    [Fact]
    public async Task Ten_thousand_commands_go_out_without_waiting_for_each_other_and_keep_their_order()
    {
        await using var redis = await ConnectAsync(server);
        var database = redis.GetDatabase();

        var increments = Enumerable.Range(1, 10_000).Select(_ => database.StringIncrementAsync("pipelined")).ToArray();

        (await Task.WhenAll(increments)).ShouldBe(Enumerable.Range(1, 10_000).Select(i => (long)i));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(65_536)]
    [InlineData(5_000_000)]
    public async Task A_value_of_any_size_comes_back_as_it_went(int length)
    {
        await using var redis = await ConnectAsync(server);
        var value = new byte[length];
        new Random(length).NextBytes(value);

        await redis.GetDatabase().StringSetAsync($"size-{length}", value);

        var back = (byte[]?)await redis.GetDatabase().StringGetAsync($"size-{length}");
        value.AsSpan().SequenceEqual(back).ShouldBeTrue();
    }

    [Fact]
    public async Task Large_arrays_of_replies_are_read()
    {
        await using var redis = await ConnectAsync(server);
        var database = redis.GetDatabase();
        var names = Enumerable.Range(0, 5000).Select(i => (RedisValue)$"member-{i:D5}").ToArray();
        await database.SetAddAsync("many", names);

        (await database.SetMembersAsync("many")).Order().ShouldBe(names);
        (await database.HashGetAllAsync("absent")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Blocking_callers_do_not_starve_replies()
    {
        await using var redis = await ConnectAsync(server);
        var database = redis.GetDatabase();

        // Twice as many threads of the pool blocked at a time as it starts with.
        var calls = Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++) database.StringIncrement("blocking");
        }, Cancel));

        await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        ((int)await database.StringGetAsync("blocking")).ShouldBe(Environment.ProcessorCount * 2 * 200);
    }

    [Fact]
    public async Task Messages_reach_their_subscribers_in_order()
    {
        await using var redis = await ConnectAsync(server);
        await using var other = await ConnectAsync(server);
        var channel = RedisChannel.Literal("news");
        var queue = await redis.GetSubscriber().SubscribeAsync(channel);

        for (var i = 0; i < 100; i++) (await other.GetSubscriber().PublishAsync(channel, i)).ShouldBe(1);

        for (var i = 0; i < 100; i++) ((int)(await queue.ReadAsync(Cancel)).Message).ShouldBe(i);
        await queue.UnsubscribeAsync();
        (await other.GetSubscriber().PublishAsync(channel, 0)).ShouldBe(0);
    }

    [Fact]
    public async Task A_script_runs_on_the_server()
    {
        await using var redis = await ConnectAsync(server);
        var script = LuaScript.Prepare("local n = redis.call('INCRBY', @key, @by); return { n, 'from lua', { 1, 2 } }");

        var result = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(script, new { key = (RedisKey)"scripted", by = 7 }))!;

        ((int)result[0]).ShouldBe(7);
        ((string?)result[1]).ShouldBe("from lua");
        ((int[]?)result[2]).ShouldBe([1, 2]);
        (await Should.ThrowAsync<RedisServerException>(() => redis.GetDatabase().ScriptEvaluateAsync("return redis.error_reply('NO luck')"))).Message.ShouldContain("luck");
    }

    [Fact]
    public async Task A_transaction_holds_together_and_its_condition_decides()
    {
        await using var redis = await ConnectAsync(server);
        var database = redis.GetDatabase();
        async Task<bool> CommitIfAbsent()
        {
            var transaction = database.CreateTransaction();
            transaction.AddCondition(Condition.KeyNotExists("owner"));
            _ = transaction.StringSetAsync("owner", "me");
            _ = transaction.StringIncrementAsync("owned");
            return await transaction.ExecuteAsync();
        }

        (await CommitIfAbsent()).ShouldBeTrue();
        (await CommitIfAbsent()).ShouldBeFalse();
        ((int)await database.StringGetAsync("owned")).ShouldBe(1);
    }

    [Fact]
    public async Task The_distributed_cache_and_its_client_come_from_one_connection_name()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:cache", server.ConnectionString)]);
        builder.AddRedisDistributedCache("cache");
        using var host = builder.Build();

        var cache = host.Services.GetRequiredService<IDistributedCache>();
        await cache.SetAsync("page", [1, 2, 3], new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) }, Cancel);

        (await cache.GetAsync("page", Cancel)).ShouldBe([1, 2, 3]);
        (await host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().KeyExistsAsync("page")).ShouldBeTrue();
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Entries["StackExchange.Redis"].Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Each_command_is_a_span_below_the_one_that_sent_it()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:cache", server.ConnectionString)]);
        builder.AddRedisClient("cache");
        using var host = builder.Build();
        using var source = new ActivitySource($"test-{Guid.NewGuid()}");
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = other => other.Name == source.Name || other.Name == "OpenTelemetry.Instrumentation.StackExchangeRedis",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();

        ActivityTraceId trace;
        using (var parent = source.StartActivity("work")!)
        {
            trace = parent.TraceId;
            await redis.GetDatabase().StringSetAsync("traced", 1);
            await redis.GetDatabase().StringGetAsync("traced");
        }

        lock (spans)
        {
            var commands = spans.Where(span => span.TraceId == trace && span.Source.Name != source.Name).OrderBy(span => span.StartTimeUtc).ToArray();
            commands.Select(span => span.DisplayName).ShouldBe(["SET", "GET"]);
            commands[0].GetTagItem("server.port").ShouldBe(server.Port);
            commands[0].Duration.ShouldBeGreaterThan(TimeSpan.Zero);
        }
    }
}

public sealed class RedisReconnectTests : IAsyncLifetime
{
    readonly RedisFixture _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_client_survives_the_death_of_its_server()
    {
        await using var redis = await RedisTests.ConnectAsync(_server);
        var database = redis.GetDatabase();
        var received = new TaskCompletionSource<string>();
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("after"), (_, message) => received.TrySetResult(message!));
        await database.StringSetAsync("before", 1);

        await _server.StopAsync();
        await Until.TrueAsync(() => !redis.IsConnected);
        await Should.ThrowAsync<RedisException>(() => database.StringSetAsync("meanwhile", 1));
        await _server.StartAsync();
        await Until.TrueAsync(() => redis.IsConnected);

        (await database.StringIncrementAsync("after")).ShouldBe(1);
        // Subscriptions are made again by themselves.
        await Until.TrueAsync(() => redis.GetSubscriber().IsConnected(RedisChannel.Literal("after")));
        while (await database.PublishAsync(RedisChannel.Literal("after"), "back") == 0) await Task.Delay(10, TestContext.Current.CancellationToken);
        (await received.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).ShouldBe("back");
    }
}
