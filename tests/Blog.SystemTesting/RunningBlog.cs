using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.SystemTesting;

/// <summary>The whole system, started from its AppHost on free ports with a data folder of its own that goes with it.</summary>
public sealed class RunningBlog : IAsyncDisposable
{
    static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    readonly DistributedApplication app;
    readonly DirectoryInfo data;
    readonly string clientSecret;

    RunningBlog(DistributedApplication app, DirectoryInfo data, string clientSecret)
    {
        this.app = app;
        this.data = data;
        this.clientSecret = clientSecret;
        Origin = app.GetEndpoint("bff", "http");
        Mailbox = new(app.GetEndpoint("mail", "http"));
    }

    /// <summary>Where people see the site.</summary>
    public Uri Origin { get; }

    /// <summary>What the system mailed.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>Starts everything and waits until all of it is healthy.</summary>
    public static async Task<RunningBlog> StartAsync(CancellationToken cancel)
    {
        var data = Directory.CreateTempSubdirectory("blog-system-");
        // PostgreSQL runs as another user and has to reach its folder inside.
        if (!OperatingSystem.IsWindows()) data.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Blog_AppHost>([$"--Blog:DataFolder={data.FullName}"], cancel);
        var app = await builder.BuildAsync(cancel);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(StartTime);
        var waitingFor = "the AppHost";
        try
        {
            await app.StartAsync(deadline.Token);
            foreach (var resource in builder.Resources.Where(r => r is ProjectResource or ExecutableResource or ContainerResource))
            {
                waitingFor = resource.Name;
                await app.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, deadline.Token);
            }
            var secret = builder.Resources.OfType<ParameterResource>().Single(p => p.Name == "cli-secret");
            return new(app, data, (await secret.GetValueAsync(deadline.Token))!);
        }
        catch (Exception problem)
        {
            var log = new FileInfo(Path.Combine(data.FullName, "logs", waitingFor + ".log"));
            var said = log.Exists ? string.Join('\n', File.ReadLines(log.FullName).TakeLast(20)) : "";
            await app.DisposeAsync();
            data.Delete(recursive: true);
            if (problem is OperationCanceledException && !cancel.IsCancellationRequested) throw new TimeoutException($"{waitingFor} did not become healthy within {StartTime}.\n{said}", problem);
            throw;
        }
    }

    /// <summary>Where a resource listens.</summary>
    public Uri Endpoint(string resource, string endpoint) => app.GetEndpoint(resource, endpoint);

    /// <summary>How to connect to a database, cache or broker of the system.</summary>
    public async Task<string> ConnectionStringAsync(string resource, CancellationToken cancel) =>
        await app.GetConnectionStringAsync(resource, cancel) ?? throw new InvalidOperationException($"{resource} has no connection string.");

    /// <summary>Stops a resource as the dashboard's button does.</summary>
    public Task StopAsync(string resource, CancellationToken cancel) => Command(resource, "resource-stop", cancel);

    /// <summary>Starts a stopped resource and waits until it is healthy.</summary>
    public async Task StartAgainAsync(string resource, CancellationToken cancel)
    {
        await Command(resource, "resource-start", cancel);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancel);
    }

    async Task Command(string resource, string command, CancellationToken cancel)
    {
        var result = await app.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command, cancel);
        if (!result.Success) throw new InvalidOperationException($"{command} of {resource} failed: {result.ErrorMessage}");
    }

    /// <summary>Environment with which a process is a client of this system, as <c>./blog import</c> is of the one that is up.</summary>
    public Dictionary<string, string> ClientEnvironment() => new()
    {
        ["Blog__ClientId"] = "cli",
        ["Blog__ClientSecret"] = clientSecret,
        ["services__identity__http__0"] = Address("identity", "http"),
        ["services__users__grpc__0"] = Address("users", "grpc"),
        ["services__content__grpc__0"] = Address("content", "grpc"),
        ["services__content__http__0"] = Address("content", "http"),
        ["services__interactions__grpc__0"] = Address("interactions", "grpc"),
        ["Blog__PublicOrigin"] = Origin.ToString().TrimEnd('/'),
    };

    /// <summary>The same as configuration, for a host inside the test.</summary>
    public IConfiguration ClientConfiguration() => new ConfigurationBuilder()
        .AddInMemoryCollection(ClientEnvironment().Select(e => KeyValuePair.Create(e.Key.Replace("__", ":", StringComparison.Ordinal), (string?)e.Value))).Build();

    string Address(string resource, string endpoint) => Endpoint(resource, endpoint).ToString().TrimEnd('/');

    /// <summary>Runs <c>./blog import</c> against this system.</summary>
    /// <returns>Exit code and everything it printed.</returns>
    public Task<(int ExitCode, string Output)> ImportAsync(string folder, string? asHandle, CancellationToken cancel) =>
        CommandAsync(["import", folder, .. asHandle is null ? Array.Empty<string>() : ["--as", asHandle]], cancel);

    /// <summary>Runs a command of the command line against this system.</summary>
    /// <returns>Exit code and everything it printed.</returns>
    public async Task<(int ExitCode, string Output)> CommandAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var tool = Path.Combine(RepositoryRoot, "tools", "Blog.Cli", "bin", configuration, "net10.0", "Blog.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [tool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in ClientEnvironment()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The folder that holds Blog.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Blog.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("Blog.sln is not above the test.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        data.Delete(recursive: true);
    }
}
