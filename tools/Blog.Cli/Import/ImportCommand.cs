using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Blog.Archives;
using Blog.Archives.Importing;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Net;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Cli.Import;

/// <summary><c>./blog import PATH</c>: any archive that can be read.</summary>
static class ImportCommand
{
    public const string Usage = """
        Usage: ./blog import PATH [--as HANDLE] [--site ADDRESS] [--drafts]

          PATH      a Medium or Substack archive (ZIP), a Ghost export (JSON or ZIP), a WordPress export (XML),
                    or Markdown files with YAML or TOML front matter (a folder or ZIP); its content tells which
          --as      all articles belong to this person; otherwise to the author each names,
                    who gets an unclaimed profile when there is none
          --site    the address of the former site, where pictures and links that name no host are found
          --drafts  everything becomes a draft
        """;

    /// <returns>0: all imported; 1: some items failed; 2: called wrongly; 3: the system is away.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        if (Call.Parse(args) is not { } call)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        if (!Directory.Exists(call.Path) && !File.Exists(call.Path))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]There is neither a file nor a folder {Path.GetFullPath(call.Path)}.[/]");
            return 2;
        }
        try
        {
            using var archive = Archive.Open(call.Path);
            using var host = await Operator.ConnectAsync(AddClients, cancel);
            var authors = new Authors(host.Services.GetRequiredService<UsersClient>(), TimeProvider.System);
            var only = call.Handle is null ? null : await authors.ByHandle(call.Handle, cancel);
            if (call.Handle is not null && only is null)
            {
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]--as: nobody has the handle {call.Handle}.[/]");
                return 2;
            }
            using var internet = new PublicInternet(allowLoopback: false).CreateClient();
            var target = new RunningSite(authors, host.Services.GetRequiredService<Articles.ArticlesClient>(), host.Services.GetRequiredService<Media.MediaClient>(), FactsOf(host.Services), only, archive.Files.Name);
            var importer = new Importer(archive, target, new WebPictures(internet), new ImportOptions { Site = call.Site, AsDrafts = call.AsDrafts });
            var watch = Stopwatch.StartNew();
            var report = await WithProgress(importer, cancel);
            return Print(report, importer.Pictures, watch.Elapsed);
        }
        catch (ArchiveRefusedException refused)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{refused.Message}[/]");
            return 2;
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

    static SiteFacts FactsOf(IServiceProvider services)
    {
        var (series, publications) = (services.GetRequiredService<ArticleSeries.ArticleSeriesClient>(), services.GetRequiredService<Publications.PublicationsClient>());
        return new(services.GetRequiredService<Portability.PortabilityClient>(), async request => (await series.ImportSeriesAsync(request)).Created, async request => await publications.ImportPublicationAsync(request));
    }

    static void AddClients(IServiceCollection services)
    {
        services.AddBlogGrpcClient<UsersClient>("users", CallAs.Service);
        services.AddBlogGrpcClient<Articles.ArticlesClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Media.MediaClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<ArticleSeries.ArticleSeriesClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Publications.PublicationsClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Portability.PortabilityClient>("interactions", CallAs.Service);
    }

    static async Task<IReadOnlyList<ImportedItem>> WithProgress(Importer importer, CancellationToken cancel)
    {
        var report = new ConcurrentBag<ImportedItem>();
        async Task RunAsync(Action<int> onCount, Action onItem)
        {
            var plan = await importer.PlanAsync(cancel);
            onCount(plan.Items.Count);
            await importer.RunAsync(plan, new Dictionary<int, string>(), item =>
            {
                report.Add(item);
                onItem();
                return Task.CompletedTask;
            }, cancel);
        }
        if (Console.IsOutputRedirected)
        {
            int total = 0, done = 0;
            await RunAsync(count => total = count, () =>
            {
                if (Interlocked.Increment(ref done) % 100 == 0) Console.WriteLine($"{done} of {total}");
            });
        }
        else
        {
            await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
            {
                var task = progress.AddTask("Importing");
                await RunAsync(count => task.MaxValue = Math.Max(count, 1), () => task.Increment(1));
            });
        }
        return [.. report.OrderBy(item => item.Number)];
    }

    static int Print(IReadOnlyList<ImportedItem> report, int pictures, TimeSpan elapsed)
    {
        foreach (var item in report)
        {
            var colour = item.Outcome switch { ImportOutcome.Failed => "red", ImportOutcome.Skipped => "yellow", _ => "grey" };
            if (item.Reason.Length > 0) AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[{colour}]{item.Outcome.ToString().ToLowerInvariant(),-8}[/] {item.Path}: {item.Reason}");
            foreach (var note in item.Notes) AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{"noted",-8}[/] {item.Path}: {note}");
        }
        int Count(ImportOutcome outcome) => report.Count(item => item.Outcome == outcome);
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture, $"{Count(ImportOutcome.Created)} created, {Count(ImportOutcome.Updated)} updated, {Count(ImportOutcome.Unchanged)} unchanged, {Count(ImportOutcome.Skipped)} skipped, {Count(ImportOutcome.Failed)} failed; {pictures} pictures shown; {elapsed.TotalSeconds:0.0} s");
        return Count(ImportOutcome.Failed) == 0 ? 0 : 1;
    }

    sealed record Call(string Path, string? Handle, Uri? Site, bool AsDrafts)
    {
        public static Call? Parse(string[] args)
        {
            string? path = null, handle = null;
            Uri? site = null;
            var drafts = false;
            for (var at = 0; at < args.Length; at++)
            {
                var value = at + 1 < args.Length ? args[at + 1] : null;
                switch (args[at])
                {
                    case "--as" when value is not null: (handle, at) = (value, at + 1); break;
                    case "--site" when Uri.TryCreate(value, UriKind.Absolute, out site) && site.Scheme is "http" or "https": at++; break;
                    case "--drafts": drafts = true; break;
                    case var word when path is null && !word.StartsWith('-'): path = word; break;
                    default: return null;
                }
            }
            return path is null ? null : new(path, handle, site, drafts);
        }
    }
}
