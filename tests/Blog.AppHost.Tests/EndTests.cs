using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Running;
using Blog.AppHost.TestHost;

namespace Blog.AppHost.Tests;

/// <summary>However the AppHost ends, nothing is left.</summary>
public sealed class EndTests : IDisposable
{
    // Two levels of children, which a signal to the first process alone would leave behind.
    const string Tree = "sh -c 'sleep 1000 & sleep 1000' & sleep 1000 & wait";
    const string DeafTree = "trap '' TERM; while :; do sleep 1000; done";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("apphost-end-");

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_stops_everything_within_ten_seconds(string signal)
    {
        using var host = await StartHostAsync(Tree);

        LinuxProcess.Signal(host.Id, signal);
        var clock = Stopwatch.StartNew();
        await host.WaitForExitAsync(Deadline.Token);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        host.ExitCode.ShouldBe(0);
        Left().ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(folder.FullName, "run")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_ignores_the_signal_is_ended_by_force()
    {
        using var host = await StartHostAsync(DeafTree);

        LinuxProcess.Signal(host.Id, "TERM");
        var clock = Stopwatch.StartNew();
        await host.WaitForExitAsync(Deadline.Token);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        Left().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_killed_AppHost_leaves_the_next_one_ends_and_nothing_else()
    {
        using var stranger = Process.Start("sleep", "1000");
        using var host = await StartHostAsync(DeafTree);
        LinuxProcess.Signal(host.Id, "KILL");
        await host.WaitForExitAsync(Deadline.Token);
        var left = Left();
        left.ShouldNotBeEmpty("the program ignores the signal that the kernel sends it");

        using var next = await StartHostAsync(Tree);
        foreach (var process in left)
            Processes.Lives(process.Pid).ShouldBeFalse(process.Command);
        Processes.Lives(stranger.Id).ShouldBeTrue();

        LinuxProcess.Signal(next.Id, "TERM");
        await next.WaitForExitAsync(Deadline.Token);
        Left().ShouldBeEmpty();
        stranger.Kill();
    }

    [Fact]
    public async Task Programs_end_by_themselves_when_the_AppHost_is_killed()
    {
        using var host = await StartHostAsync("exec sleep 1000");

        LinuxProcess.Signal(host.Id, "KILL");
        await host.WaitForExitAsync(Deadline.Token);

        await Deadline.UntilAsync(() => Left().Count == 0, "the program to end");
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_folder_is_refused_and_told_who_has_it()
    {
        using var host = await StartHostAsync("exec sleep 1000");

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => TestApp.StartAsync(_ => { }, folder.FullName));

        error.Message.ShouldContain($"process {host.Id}");
        LinuxProcess.Signal(host.Id, "TERM");
        await host.WaitForExitAsync(Deadline.Token);
    }

    [Fact]
    public async Task A_record_whose_process_number_now_belongs_to_somebody_else_ends_nobody()
    {
        using var stranger = Process.Start("setsid", "sleep 1000");
        var run = Directory.CreateDirectory(Path.Combine(folder.FullName, "run"));
        await File.WriteAllTextAsync(Path.Combine(run.FullName, "old.json"), $$"""{"Pid":{{stranger.Id}},"StartTicks":1,"StopSignal":"TERM"}""", Deadline.Token);

        await using (await TestApp.StartAsync(_ => { }, folder.FullName))
            Processes.Lives(stranger.Id).ShouldBeTrue();
        stranger.Kill();
    }

    [Fact]
    public async Task An_AppHost_whose_port_is_taken_says_by_whom_and_ends_with_an_error()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        using var host = Process.Start(HostInfo("exec sleep 1000", $"--Port={port}"))!;
        var error = await host.StandardError.ReadToEndAsync(Deadline.Token);
        await host.WaitForExitAsync(Deadline.Token);

        host.ExitCode.ShouldBe(1);
        error.Trim().ShouldStartWith($"Port {port}, which 'program' (http) needs, is in use by process {Environment.ProcessId} (");
        error.ShouldNotContain("   at ");
        Left().ShouldBeEmpty();
    }

    public void Dispose()
    {
        foreach (var process in Left())
            LinuxProcess.Signal(process.Pid, "KILL");
        folder.Delete(recursive: true);
    }

    List<(int Pid, string Command)> Left() => Processes.Mentioning(folder.FullName);

    ProcessStartInfo HostInfo(string command, params string[] more)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            typeof(Marker).Assembly.Location, $"--Aspire:Store:Path={folder.FullName}", $"--Command={command}",
            "--Aspire:Dashboard:Disabled=true", "--Logging:LogLevel:Default=Warning", .. more])
        {
            info.ArgumentList.Add(argument);
        }

        // Every process of the tree inherits it, which is how the tests find them all.
        info.Environment["APPHOST_TEST"] = folder.FullName;
        return info;
    }

    async Task<Process> StartHostAsync(string command)
    {
        var host = Process.Start(HostInfo(command))!;
        host.OutputDataReceived += (_, _) => { };
        host.ErrorDataReceived += (_, _) => { };
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        var record = Path.Combine(folder.FullName, "run", "program.json");
        var started = host.StartTime.ToUniversalTime().AddSeconds(-1);
        await Deadline.UntilAsync(
            () => host.HasExited || (File.Exists(record) && File.GetLastWriteTimeUtc(record) > started && Left().Count >= (command == Tree ? 5 : 2)), "the program to run");
        host.HasExited.ShouldBeFalse();
        return host;
    }
}
