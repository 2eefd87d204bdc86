using System.Diagnostics;
using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

// The stand-in runs on Linux only: sessions, /proc, signals.
[assembly: SupportedOSPlatform("linux")]

namespace Blog.AppHost.Tests;

/// <summary>An application in this process, on free ports and a folder of its own.</summary>
sealed class TestApp : IAsyncDisposable
{
    readonly DirectoryInfo folder;
    readonly bool ownsFolder;

    TestApp(DistributedApplication app, DirectoryInfo folder, bool ownsFolder)
    {
        App = app;
        this.folder = folder;
        this.ownsFolder = ownsFolder;
    }

    public DistributedApplication App { get; }

    public string Folder => folder.FullName;

    public ResourceNotificationService States => App.ResourceNotifications;

    public string Dashboard => App.Services.GetRequiredService<IConfiguration>()["ASPNETCORE_URLS"]!;

    public static async Task<TestApp> StartAsync(Action<IDistributedApplicationBuilder> describe, string? folder = null)
    {
        var data = folder is null ? Directory.CreateTempSubdirectory("apphost-test-") : new DirectoryInfo(folder);
        var builder = DistributedApplication.CreateBuilder([
            "--DcpPublisher:RandomizePorts=true", $"--Aspire:Store:Path={data.FullName}", "--Logging:LogLevel:Default=Warning",
            "--ASPNETCORE_URLS=http://localhost:1", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:1", "--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=http://localhost:1",
        ]);
        describe(builder);
        var app = new TestApp(builder.Build(), data, folder is null);
        try
        {
            await app.App.StartAsync(Deadline.Token);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public Task StateAsync(string resource, string state) => States.WaitForResourceAsync(resource, state, Deadline.Token);

    public string? StateOf(string resource) => States.Current.First(e => e.ResourceId == resource).Snapshot.State?.Text;

    public int? ProcessOf(string resource) => States.Current.First(e => e.ResourceId == resource).Snapshot.ProcessId;

    public IAsyncEnumerable<IReadOnlyList<LogLine>> LogOf(string resource) => App.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (ownsFolder)
            folder.Delete(recursive: true);
    }
}

static class Deadline
{
    /// <summary>Ends when the test has waited long enough for anything to happen, on the busiest machine.</summary>
    public static CancellationToken Token => CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    /// <summary>Waits for what has no notification: a file, a process of somebody else.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), $"waiting for: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}

static class Processes
{
    public static bool Lives(int pid) => LinuxProcess.Find(pid) is { Alive: true };

    /// <summary>Processes whose command line or environment names the text, so that nothing is overlooked that changed its parent.</summary>
    public static List<(int Pid, string Command)> Mentioning(string text) => [.. LinuxProcess.All()
        .Where(p => p.Alive && p.Pid != Environment.ProcessId && (Read(p.Pid, "cmdline").Contains(text, StringComparison.Ordinal) || Read(p.Pid, "environ").Contains(text, StringComparison.Ordinal)))
        .Select(p => (p.Pid, LinuxProcess.CommandLine(p.Pid)))];

    static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
