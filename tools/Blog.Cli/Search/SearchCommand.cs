using System.Globalization;
using Blog.Search.V1;
using Spectre.Console;
using Stage = Blog.Search.V1.Rebuild.Types.Stage;

namespace Blog.Cli.Search;

/// <summary><c>./blog search status | rebuild</c>: what an operator asks of the index.</summary>
static class SearchCommand
{
    public const string Usage = """
        Usage: ./blog search status
               ./blog search rebuild [--anew] [--detach]

          status    what the index holds, what waits, what could not be indexed, how far a rebuild is
          rebuild   build a new index beside the one that serves and let it take its place; goes on with one that is under way
          --anew    give up one that is under way and begin again
          --detach  do not wait for it
        """;

    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    /// <returns>0: done; 1: something could not be indexed, or the rebuild was given up; 2: called wrongly; 3: the service is away.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        if (args is not (["status"] or ["rebuild", ..]) || args.Skip(1).Any(arg => arg is not ("--anew" or "--detach")))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        return await Operator.AskAsync<Indexing.IndexingClient>("search",
            index => args[0] == "status" ? StatusAsync(index, cancel) : RebuildAsync(index, args.Contains("--anew"), args.Contains("--detach"), cancel), cancel);
    }

    static async Task<int> StatusAsync(Indexing.IndexingClient index, CancellationToken cancel)
    {
        var status = await AskAsync(index, cancel);
        var documents = string.Join(", ", status.Documents.Select(count => $"{Number(count.Count)} {(count.Kind == "person" ? "people" : count.Kind + "s")}"));
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"engine    {status.Engine}: {documents}");
        var oldest = status.OldestWaiting is { } age && status.Waiting > 0 ? string.Create(CultureInfo.InvariantCulture, $", the oldest for {age.ToTimeSpan().TotalSeconds:0.0} s") : "";
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"waiting   {Number(status.Waiting)} changes{oldest}; {Number(status.WaitingInBulk)} in bulk");
        if (status.Rebuild is { } rebuild)
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"rebuild   {Said(rebuild)}");
        if (status.Failed == 0)
            return 0;
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]{Number(status.Failed)} could not be indexed[/]:");
        foreach (var failure in status.Failures)
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"    {failure.Kind} {failure.Key}, {failure.Attempts} attempts: {failure.Error}");
        return 1;
    }

    static async Task<int> RebuildAsync(Indexing.IndexingClient index, bool anew, bool detach, CancellationToken cancel)
    {
        var begun = (await index.StartRebuildAsync(new() { Anew = anew }, deadline: Operator.Deadline, cancellationToken: cancel)).Rebuild;
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{begun.Index}: {Said(begun)}");
        var said = "";
        while (!detach)
        {
            var status = await AskAsync(index, cancel);
            var rebuild = status.Rebuild;
            if (rebuild.Id != begun.Id || rebuild.Stage == Stage.GivenUp)
            {
                AnsiConsole.MarkupLine("[red]It was given up.[/]");
                return 1;
            }
            if (rebuild.Stage is Stage.Serving or Stage.Done)
            {
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{rebuild.Index} serves, after {(rebuild.StageTime.ToDateTime() - rebuild.StartTime.ToDateTime()).TotalSeconds:0} s.");
                return 0;
            }
            var now = $"{Said(rebuild)}, {Number(status.WaitingInBulk)} wait";
            if (now != said)
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {now}");
            said = now;
            await Task.Delay(Glance, cancel);
        }
        return 0;
    }

    static string Said(Rebuild rebuild) => rebuild.Stage switch
    {
        Stage.Making => "the new index is being made",
        Stage.Listing => $"{Number(rebuild.Listed)} things listed",
        Stage.Filling => $"all {Number(rebuild.Listed)} things listed, the last are being put into it",
        Stage.Serving or Stage.Done => string.Create(CultureInfo.InvariantCulture, $"{rebuild.Index} was built from {Number(rebuild.Listed)} things, begun {rebuild.StartTime.ToDateTime():yyyy-MM-dd HH:mm:ss}Z"),
        _ => "given up",
    } + (rebuild.Problem.Length > 0 ? $"; it waits: {rebuild.Problem}" : "");

    static async Task<GetIndexStatusResponse> AskAsync(Indexing.IndexingClient index, CancellationToken cancel) => await index.GetIndexStatusAsync(new(), deadline: Operator.Deadline, cancellationToken: cancel);

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
