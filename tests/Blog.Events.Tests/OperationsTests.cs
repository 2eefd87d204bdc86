using System.Diagnostics;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.Testing;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;

namespace Blog.Events.Tests;

public sealed class OperationsTests(PostgresFixture postgres, BrokerFixture broker)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;
    static long[] UpTo(int last) => [.. Enumerable.Range(1, last).Select(n => (long)n)];

    /// <summary>A world whose follower fails at the second event of a key until it is mended; five events of it have arrived.</summary>
    async Task<(World World, WebApplication Follower, Guid Key, Action Mend)> WithDeadLettersAsync()
    {
        var world = await World.CreateAsync(postgres, broker);
        var (key, broken) = (Guid.CreateVersion7(), true);
        var follower = await world.StartFollowerAsync(e => { if (e.Count == 2 && Volatile.Read(ref broken)) throw new InvalidOperationException("Not the second."); });
        for (var sequence = 1; sequence <= 5; sequence++) await world.ProduceAsync(Guid.CreateVersion7(), key, sequence);
        await world.UntilPutAsideAsync(4);
        return (world, follower, key, () => Volatile.Write(ref broken, false));
    }

    [Fact]
    public async Task A_retry_handles_a_dead_letter_and_what_waits_behind_it_in_order()
    {
        var (world, follower, key, mend) = await WithDeadLettersAsync();
        await using var _ = world;
        var operations = world.Operations(follower);
        var first = (await operations.ListDeadLettersAsync(new(), cancellationToken: Cancel)).DeadLetters[0];

        (await operations.RetryDeadLetterAsync(new() { Id = first.Id }, cancellationToken: Cancel)).Error.ShouldContain("Not the second.");
        mend();
        (await operations.RetryDeadLetterAsync(new() { Id = first.Id }, cancellationToken: Cancel)).Handled.ShouldBe(4);
        await world.ProduceAsync(Guid.CreateVersion7(), key, 6);

        await world.UntilEntriesAsync(6);
        (await world.EntriesAsync(key)).ShouldBe(UpTo(6));
        (await operations.ListDeadLettersAsync(new(), cancellationToken: Cancel)).DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dropped_dead_letter_lets_those_behind_it_go_on()
    {
        var (world, follower, key, _) = await WithDeadLettersAsync();
        await using var __ = world;
        var operations = world.Operations(follower);
        var first = (await operations.ListDeadLettersAsync(new() { PageSize = 1 }, cancellationToken: Cancel)).DeadLetters.Single();

        (await operations.DropDeadLetterAsync(new() { Id = first.Id }, cancellationToken: Cancel)).Handled.ShouldBe(3);

        (await world.EntriesAsync(key)).ShouldBe([1, 3, 4, 5]);
        var again = await Should.ThrowAsync<RpcException>(async () => await operations.DropDeadLetterAsync(new() { Id = first.Id }, cancellationToken: Cancel));
        again.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task The_list_of_dead_letters_pages()
    {
        var (world, follower, _, _) = await WithDeadLettersAsync();
        await using var __ = world;
        var operations = world.Operations(follower);

        var first = await operations.ListDeadLettersAsync(new() { PageSize = 3, Topic = world.Ledger.Topic }, cancellationToken: Cancel);
        var second = await operations.ListDeadLettersAsync(new() { PageSize = 3, PageToken = first.NextPageToken }, cancellationToken: Cancel);

        first.DeadLetters.Concat(second.DeadLetters).Select(letter => letter.Reason).ShouldBe(["failed", "behind", "behind", "behind"]);
        second.NextPageToken.ShouldBeEmpty();
        var nonsense = await Should.ThrowAsync<RpcException>(async () => await operations.ListDeadLettersAsync(new() { PageToken = "-7" }, cancellationToken: Cancel));
        nonsense.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_replay_rebuilds_a_read_model_and_says_that_it_is_one()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        await world.StartFollowerAsync();
        var keys = await world.CountAsync(service, commands: 200, keys: 10);
        await world.UntilEntriesAsync(200);
        await world.ExecuteAsync("truncate entries");

        (await world.Operations(service).ReplayEventsAsync(new() { Topic = world.Ledger.Topic, ForService = world.Ledger.Group }, cancellationToken: Cancel)).Events.ShouldBe(200);
        await world.CountAsync(service, commands: 10, keys);

        await world.UntilEntriesAsync(210);
        foreach (var key in keys) (await world.EntriesAsync(key)).ShouldBe(UpTo(21));
        (await world.FollowerValueAsync<long>("select count(*) from entries where is_replay")).ShouldBe(200);
    }

    [Fact]
    public async Task A_replay_for_another_service_and_one_from_later_on_have_no_effect()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        await world.StartFollowerAsync();
        var keys = await world.CountAsync(service, commands: 20, keys: 2);
        await world.UntilEntriesAsync(20);
        var operations = world.Operations(service);

        (await operations.ReplayEventsAsync(new() { Topic = world.Ledger.Topic, ForService = "somebody-else" }, cancellationToken: Cancel)).Events.ShouldBe(20);
        await World.UntilAsync(() => world.ServiceValueAsync<long>("select count(*) from outbox where published_at is null"), 0);
        (await operations.ReplayEventsAsync(new() { Topic = world.Ledger.Topic, Since = DateTimeOffset.UtcNow.AddMinutes(1).ToTimestamp() }, cancellationToken: Cancel)).Events.ShouldBe(0);
        await world.CountAsync(service, commands: 2, keys);

        foreach (var key in keys) await World.UntilAsync(async () => (await world.EntriesAsync(key)).LastOrDefault(), 11);
        (await world.FollowerValueAsync<long>("select count(*) from entries")).ShouldBe(22);
        var foreign = await Should.ThrowAsync<RpcException>(async () => await operations.ReplayEventsAsync(new() { Topic = "content.articles.v1" }, cancellationToken: Cancel));
        foreign.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task The_status_tells_what_waits_and_how_far_behind_the_service_is()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        var follower = await world.StartFollowerAsync();
        var keys = await world.CountAsync(service, commands: 30, keys: 3);
        await world.UntilEntriesAsync(30);
        var operations = world.Operations(follower);
        async Task<long> Lag() => (await operations.GetEventStatusAsync(new(), cancellationToken: Cancel)).Topics.Single().Lag;
        await World.UntilAsync(Lag, 0);

        await world.StopAsync(follower);
        await world.CountAsync(service, commands: 9, keys);
        await World.UntilAsync(() => world.ServiceValueAsync<long>("select count(*) from outbox where published_at is null"), 0);
        using var stop = new ManualResetEventSlim();
        var blocked = await world.StartFollowerAsync(_ => stop.Wait(TimeSpan.FromSeconds(20)));
        try
        {
            var status = await world.Operations(blocked).GetEventStatusAsync(new(), cancellationToken: Cancel);
            status.Topics.Single().Lag.ShouldBe(9);
            status.Topics.Single().Age.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
            status.Topics.Single().Partitions.ShouldBe(8);
            using var http = new HttpClient();
            (await http.GetStringAsync(new Uri(World.Http(blocked), "/events"), Cancel)).ShouldContain(world.Ledger.Topic);
        }
        finally
        {
            stop.Set();
        }
    }

    [Fact]
    public async Task Only_services_may_ask()
    {
        await using var world = await World.CreateAsync(postgres, broker);
        var service = await world.StartServiceAsync();
        using var channel = GrpcChannel.ForAddress(service.Urls.First());

        var refused = await Should.ThrowAsync<RpcException>(async () => await new Operations.OperationsClient(channel).GetEventStatusAsync(new(), cancellationToken: Cancel));

        refused.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        var nothing = await Should.ThrowAsync<RpcException>(async () => await world.Operations(service).ListDeadLettersAsync(new(), cancellationToken: Cancel));
        nothing.Reason().ShouldBe("FOLLOWS_NOTHING");
    }

    [Fact]
    public async Task The_command_line_lists_retries_and_shows_the_status()
    {
        var (world, follower, key, mend) = await WithDeadLettersAsync();
        await using var _ = world;
        var service = await world.StartServiceAsync();
        Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) => RunAsync(world, service, follower, arguments);

        (await CommandAsync("dead", "list")).Output.ShouldContain("Not the second.");
        var (code, status) = await CommandAsync("status");
        code.ShouldBe(1);
        status.ShouldContain(world.Ledger.Topic);
        mend();
        (await CommandAsync("dead", "retry", "--service", world.Ledger.Group, "--all")).Output.ShouldContain("4 events handled, 0 dead letters stay");
        (await world.EntriesAsync(key)).ShouldBe(UpTo(5));
        (await CommandAsync("dead", "retry", "--service", world.Ledger.Group)).ExitCode.ShouldBe(2);
    }

    static async Task<(int ExitCode, string Output)> RunAsync(World world, WebApplication service, WebApplication follower, string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var tool = Path.GetFullPath($"../../../../../tools/Blog.Cli/bin/{configuration}/net10.0/Blog.Cli.dll", AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet", [tool, "events", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in world.Ledger.Settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        // What tells the tool that it need not ask the AppHost.
        start.Environment["services__content__grpc__0"] = service.Urls.First();
        start.Environment[$"services__{world.Ledger.Group}__grpc__0"] = follower.Urls.First();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output + await error);
    }
}
