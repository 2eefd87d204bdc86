using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Blog.AppHost.Tests;

public sealed class CrashTests
{
    [Fact]
    public void The_pause_before_a_restart_doubles_up_to_half_a_minute() =>
        Enumerable.Range(0, 9).Select(i => ResourceRunner.Pause(i).TotalSeconds).ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);

    [Fact]
    public async Task A_crashed_resource_starts_again_on_the_same_port_and_says_how_it_ended()
    {
        await using var app = await TestApp.StartAsync(builder =>
            builder.AddExecutable("fragile", "sh", ".", "-c", "echo port $PORT; exec sleep 1000").WithHttpEndpoint(env: "PORT"));
        await app.StateAsync("fragile", KnownResourceStates.Running);
        await LogUntilAsync(app, "fragile", lines => lines.Count > 0);
        var first = app.ProcessOf("fragile")!.Value;

        LinuxProcess.Signal(first, "KILL");
        await app.States.WaitForResourceAsync("fragile", e => e.Snapshot is { Restarts: 1, ProcessId: { } pid } && pid != first, Deadline.Token);

        var log = await LogUntilAsync(app, "fragile", lines => lines.Count(l => l.StartsWith("port ", StringComparison.Ordinal)) == 2);
        log.Where(l => l.StartsWith("port ", StringComparison.Ordinal)).Distinct().Count().ShouldBe(1);
        log.ShouldContain(l => l.Contains("ended unexpectedly with exit code 137") && l.Contains("0.5 s"));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_fails_to_start_and_others_go_on()
    {
        await using var app = await TestApp.StartAsync(builder =>
        {
            builder.AddExecutable("missing", "/no/such/program", ".");
            builder.AddExecutable("present", "sleep", ".", "1000");
        });

        await app.StateAsync("present", KnownResourceStates.Running);

        // setsid reports the missing program and ends with 127, as a shell would.
        await app.States.WaitForResourceAsync("missing", e => e.Snapshot.Restarts > 0, Deadline.Token);
        (await LogUntilAsync(app, "missing", lines => lines.Any(l => l.Contains("/no/such/program")))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_stopped_resource_stays_stopped_until_it_is_started()
    {
        await using var app = await TestApp.StartAsync(builder => builder.AddExecutable("one", "sleep", ".", "1000"));
        await app.StateAsync("one", KnownResourceStates.Running);
        var first = app.ProcessOf("one")!.Value;

        (await app.App.ResourceCommands.ExecuteCommandAsync("one", KnownResourceCommands.StopCommand, Deadline.Token)).Success.ShouldBeTrue();
        app.StateOf("one").ShouldBe(KnownResourceStates.Exited);
        Processes.Lives(first).ShouldBeFalse();

        (await app.App.ResourceCommands.ExecuteCommandAsync("one", KnownResourceCommands.StartCommand, Deadline.Token)).Success.ShouldBeTrue();
        await app.StateAsync("one", KnownResourceStates.Running);
        app.ProcessOf("one").ShouldNotBe(first);

        (await app.App.ResourceCommands.ExecuteCommandAsync("nobody", KnownResourceCommands.StopCommand, Deadline.Token)).ErrorMessage!.ShouldContain("'nobody'");
    }

    internal static async Task<List<string>> LogUntilAsync(TestApp app, string resource, Func<List<string>, bool> enough)
    {
        var seen = new List<string>();
        await foreach (var batch in app.LogOf(resource).WithCancellation(Deadline.Token))
        {
            seen.AddRange(batch.Select(l => l.Content));
            if (enough(seen))
                break;
        }

        return seen;
    }
}
