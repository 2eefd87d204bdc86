using System.Diagnostics;
using System.Globalization;
using Blog.Content.V1;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Cli.Import;

/// <summary><c>./blog import PATH [--as HANDLE]</c></summary>
static class ImportCommand
{
    public const string Usage = """
        Usage: ./blog import PATH [--as HANDLE]

          PATH      a folder of Markdown files with YAML or TOML front matter
          --as      all articles belong to this person; otherwise to the author each file names,
                    who gets an unclaimed profile when there is none
        """;

    /// <returns>0: all imported; 1: some files failed; 2: called wrongly.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        if (Parse(args) is not { } call)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        if (!Directory.Exists(call.Path))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]There is no folder {Path.GetFullPath(call.Path)}.[/]");
            return 2;
        }
        using var host = await Connect(cancel);
        var authors = new Authors(host.Services.GetRequiredService<UsersClient>(), TimeProvider.System);
        try
        {
            var only = call.Handle is null ? null : await authors.ByHandle(call.Handle, cancel);
            if (call.Handle is not null && only is null)
            {
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]--as: nobody has the handle {call.Handle}.[/]");
                return 2;
            }
            var importer = new Importer(new SourceFolder(call.Path), authors,
                host.Services.GetRequiredService<Articles.ArticlesClient>(), host.Services.GetRequiredService<Media.MediaClient>(), only);
            var watch = Stopwatch.StartNew();
            var report = await WithProgress(importer, cancel);
            return Print(report, importer.Pictures, watch.Elapsed);
        }
        catch (RpcException away)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]The import stopped: {away.Status.Detail}[/] Run it again; what was imported is not imported twice.");
            return 3;
        }
        catch (HttpRequestException away)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]The import stopped: {away.Message}[/]");
            return 3;
        }
    }

    static async Task<IHost> Connect(CancellationToken cancel)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(await RunningSystem.ConfigurationAsync(builder.Configuration, cancel));
        builder.AddServiceDefaults();
        builder.Services.AddBlogGrpcClient<UsersClient>("users", CallAs.Service);
        builder.Services.AddBlogGrpcClient<Articles.ArticlesClient>("content", CallAs.Service);
        builder.Services.AddBlogGrpcClient<Media.MediaClient>("content", CallAs.Service);
        return builder.Build();
    }

    static async Task<IReadOnlyList<ReportLine>> WithProgress(Importer importer, CancellationToken cancel)
    {
        if (Console.IsOutputRedirected)
        {
            int total = 0, done = 0;
            return await importer.RunAsync(count => total = count, () =>
            {
                if (Interlocked.Increment(ref done) % 100 == 0) Console.WriteLine($"{done} of {total}");
            }, cancel);
        }
        return await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var task = progress.AddTask("Importing");
            return await importer.RunAsync(count => task.MaxValue = Math.Max(count, 1), () => task.Increment(1), cancel);
        });
    }

    static int Print(IReadOnlyList<ReportLine> report, int pictures, TimeSpan elapsed)
    {
        var remarks = report.Where(line => line.Reason.Length > 0).ToList();
        foreach (var line in remarks)
        {
            var colour = line.Outcome switch { Outcome.Failed => "red", Outcome.Skipped => "yellow", _ => "grey" };
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[{colour}]{line.Outcome.ToString().ToLowerInvariant(),-8}[/] {line.Path}: {line.Reason}");
        }
        int Count(Outcome outcome) => report.Count(line => line.Outcome == outcome);
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture, $"{Count(Outcome.Created)} created, {Count(Outcome.Updated)} updated, {Count(Outcome.Unchanged)} unchanged, {Count(Outcome.Skipped)} skipped, {Count(Outcome.Failed)} failed; {pictures} pictures shown; {elapsed.TotalSeconds:0.0} s");
        return Count(Outcome.Failed) == 0 ? 0 : 1;
    }

    static (string Path, string? Handle)? Parse(string[] args) => args switch
    {
        [var path] when !path.StartsWith('-') => (path, null),
        [var path, "--as", var handle] => (path, handle),
        ["--as", var handle, var path] => (path, handle),
        _ => null,
    };
}
