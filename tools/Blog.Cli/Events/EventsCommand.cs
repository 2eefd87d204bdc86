using System.Globalization;
using Blog.Events.V1;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Blog.Cli.Events;

/// <summary><c>./blog events status | dead list, retry, drop | replay</c>: what an operator asks of the services' events.</summary>
static class EventsCommand
{
    public const string Usage = """
        Usage: ./blog events status [--service S]
               ./blog events dead list [--service S] [--topic T]
               ./blog events dead retry --service S (--id N | --all)
               ./blog events dead drop --service S --id N
               ./blog events replay --topic T [--since TIME] [--service S]

          status    what waits in each outbox, how far behind each service is, dead letters
          dead      events that a service could not handle: list them, handle them again with what waits behind them, or give one up
          replay    read a topic again from its outbox: by service S, to rebuild its read model, or by all that follow it
          --since   RFC 3339 (2026-11-22T12:00:00Z) or a span back from now (90m, 24h, 7d); without it from the beginning
        """;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), ReplayPatience = TimeSpan.FromMinutes(10);

    /// <returns>0: done; 1: done in part, or there are dead letters; 2: called wrongly; 3: a service is away.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        if (Options.Parse(args) is not { } call)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        await using var services = await Services.ConnectAsync(cancel);
        return await Operator.ReportAsync(() => call.Command switch
        {
            "status" => StatusAsync(services, call, cancel),
            "dead list" => ListAsync(services, call, cancel),
            "dead retry" => RetryAsync(services.Of(call.Service!), call, cancel),
            "dead drop" => DropAsync(services.Of(call.Service!), call.Id!.Value, cancel),
            _ => ReplayAsync(services, call, cancel),
        });
    }

    static async Task<int> StatusAsync(Services services, Options call, CancellationToken cancel)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("service", "topic").AddColumns(Right("behind"), Right("oldest"), Right("dead letters"));
        var (dead, away) = (0L, false);
        foreach (var name in services.Names.Where(name => call.Service is null || name == call.Service))
        {
            GetEventStatusResponse status;
            try
            {
                status = await services.Of(name).GetEventStatusAsync(new(), deadline: Deadline(Patience), cancellationToken: cancel);
            }
            catch (RpcException none) when (none.StatusCode == StatusCode.Unimplemented)
            {
                continue;
            }
            catch (RpcException problem) when (problem.StatusCode == StatusCode.Unavailable)
            {
                (away, _) = (true, table.AddRow(Cell(name), new Markup("[red]away[/]"), Cell(problem.Status.Detail), Cell(""), Cell("")));
                continue;
            }
            table.AddRow(Cell(name), Cell("(its outbox)"), Cell(Number(status.Waiting)), Cell(Span(status.OldestWaiting)), Cell(""));
            foreach (var topic in status.Topics)
                table.AddRow(Cell(""), Cell(topic.Topic), Cell(status.BrokerProblem.Length > 0 ? "?" : Number(topic.Lag)), Cell(Span(topic.Age)), Cell(Number(topic.DeadLetters)));
            if (status.BrokerProblem.Length > 0) table.AddRow(Cell(""), new Markup("[red]the broker does not answer[/]"), Cell(""), Cell(""), Cell(""));
            dead += status.Topics.Sum(topic => topic.DeadLetters);
        }
        AnsiConsole.Write(table);
        return away ? 3 : dead > 0 ? 1 : 0;

        static TableColumn Right(string name) => new TableColumn(name).RightAligned();
    }

    static async Task<int> ListAsync(Services services, Options call, CancellationToken cancel)
    {
        var (total, away) = (0, false);
        foreach (var name in services.Names.Where(name => call.Service is null || name == call.Service))
            try
            {
                await foreach (var letter in LettersAsync(services.Of(name), call.Topic, cancel))
                {
                    total++;
                    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                        $"{name} {letter.Id}  [bold]{letter.Reason}[/]  {letter.Topic}/{letter.Partition}@{letter.Offset} key {letter.Key} event {letter.EventId} since {letter.DeadTime.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss}Z, {letter.Attempts} attempts");
                    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"    {letter.Error}");
                }
            }
            catch (RpcException none) when (none.StatusCode == StatusCode.Unimplemented || none.Reason() == "FOLLOWS_NOTHING")
            {
                // It has none.
            }
            catch (RpcException problem) when (problem.StatusCode == StatusCode.Unavailable)
            {
                away = true;
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{name} is away[/]: {problem.Status.Detail}");
            }
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{total} dead letters");
        return away ? 3 : 0;
    }

    static async IAsyncEnumerable<DeadLetterInfo> LettersAsync(Operations.OperationsClient service, string? topic, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var token = "";
        do
        {
            var page = await service.ListDeadLettersAsync(new() { Topic = topic ?? "", PageSize = 100, PageToken = token }, deadline: Deadline(Patience), cancellationToken: cancel);
            foreach (var letter in page.DeadLetters) yield return letter;
            token = page.NextPageToken;
        }
        while (token.Length > 0);
    }

    static async Task<int> RetryAsync(Operations.OperationsClient service, Options call, CancellationToken cancel)
    {
        var ids = new List<long>();
        if (call.Id is { } one) ids.Add(one);
        else
            // What is behind follows the one that it is behind.
            await foreach (var letter in LettersAsync(service, call.Topic, cancel))
                if (letter.Reason != "behind") ids.Add(letter.Id);
        var (handled, failed) = (0, 0);
        foreach (var id in ids)
            try
            {
                var outcome = await service.RetryDeadLetterAsync(new() { Id = id }, deadline: Deadline(ReplayPatience), cancellationToken: cancel);
                handled += outcome.Handled;
                if (outcome.Error.Length == 0) continue;
                failed++;
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]{id}[/] not handled: {outcome.Error}");
            }
            catch (RpcException gone) when (gone.StatusCode == StatusCode.NotFound && call.Id is null)
            {
                // Handled with the one before it.
            }
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{handled} events handled, {failed} dead letters stay");
        return failed == 0 ? 0 : 1;
    }

    static async Task<int> DropAsync(Operations.OperationsClient service, long id, CancellationToken cancel)
    {
        var outcome = await service.DropDeadLetterAsync(new() { Id = id }, deadline: Deadline(ReplayPatience), cancellationToken: cancel);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Dropped. {outcome.Handled} events behind it handled.");
        if (outcome.Error.Length == 0) return 0;
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]The next one stays[/]: {outcome.Error}");
        return 1;
    }

    static async Task<int> ReplayAsync(Services services, Options call, CancellationToken cancel)
    {
        var owner = Topics.OwnerOf(call.Topic!);
        if (!services.Names.Contains(owner))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]There is no service '{owner}', which would publish {call.Topic}.[/]");
            return 2;
        }
        if (call.Service is { } follower)
        {
            var status = await services.Of(follower).GetEventStatusAsync(new(), deadline: Deadline(Patience), cancellationToken: cancel);
            if (status.Topics.All(topic => topic.Topic != call.Topic))
            {
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]The service {follower} does not follow {call.Topic}.[/]");
                return 2;
            }
        }
        var replay = await services.Of(owner).ReplayEventsAsync(new()
        {
            Topic = call.Topic, ForService = call.Service ?? "", Since = call.Since?.ToTimestamp(),
        }, deadline: Deadline(ReplayPatience), cancellationToken: cancel);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{replay.Events} events of {call.Topic} are sent again to {call.Service ?? "all that follow it"}. ./blog events status shows how far it is.");
        return 0;
    }

    static DateTime Deadline(TimeSpan patience) => TimeProvider.System.GetUtcNow().UtcDateTime + patience;
    static Text Cell(string text) => new(text);
    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
    static string Span(Duration? span) => span is null || span.ToTimeSpan() <= TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $"{span.ToTimeSpan().TotalSeconds:0.0} s");

    /// <summary>What was typed.</summary>
    internal sealed record Options(string Command, string? Service, string? Topic, DateTimeOffset? Since, long? Id)
    {
        /// <summary>Null: it makes no sense.</summary>
        public static Options? Parse(string[] args)
        {
            var words = args.TakeWhile(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
            var command = string.Join(' ', words);
            var named = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = words.Length; i < args.Length; i++)
            {
                if (args[i] == "--all") named["--all"] = "";
                else if (args[i] is "--service" or "--topic" or "--since" or "--id" && i + 1 < args.Length) named[args[i]] = args[++i];
                else return null;
            }
            DateTimeOffset? since = null;
            if (named.TryGetValue("--since", out var text) && (since = Time(text)) is null) return null;
            long? id = null;
            if (named.TryGetValue("--id", out var number))
            {
                if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)) return null;
                id = parsed;
            }
            var options = new Options(command, named.GetValueOrDefault("--service"), named.GetValueOrDefault("--topic"), since, id);
            return command switch
            {
                "status" or "dead list" => options,
                "dead retry" when options.Service is not null && id is null == named.ContainsKey("--all") => options,
                "dead drop" when options.Service is not null && id is not null => options,
                "replay" when options.Topic is not null => options,
                _ => null,
            };
        }

        static DateTimeOffset? Time(string text)
        {
            if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && text[^1] is 'm' or 'h' or 'd')
                return TimeProvider.System.GetUtcNow() - (text[^1] switch { 'm' => TimeSpan.FromMinutes(count), 'h' => TimeSpan.FromHours(count), _ => TimeSpan.FromDays(count) });
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        }
    }

    /// <summary>The services that run, each with a client of its own.</summary>
    sealed class Services(Dictionary<string, string?> settings, IReadOnlyList<string> names) : IAsyncDisposable
    {
        readonly Dictionary<string, IHost> hosts = [];

        public IReadOnlyList<string> Names => names;

        public static async Task<Services> ConnectAsync(CancellationToken cancel)
        {
            var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            var settings = await RunningSystem.ConfigurationAsync(environment, cancel);
            var all = new ConfigurationBuilder().AddConfiguration(environment).AddInMemoryCollection(settings).Build();
            return new(settings, [.. all.GetSection("services").GetChildren().Where(service => service["grpc:0"] is not null && service.Key != "bff").Select(service => service.Key).Order(StringComparer.Ordinal)]);
        }

        public Operations.OperationsClient Of(string service)
        {
            if (!names.Contains(service)) throw new RpcException(new(StatusCode.NotFound, $"There is no service '{service}'. There are: {string.Join(", ", names)}."));
            if (!hosts.TryGetValue(service, out var host))
            {
                var builder = Host.CreateApplicationBuilder();
                builder.Logging.ClearProviders();
                builder.Configuration.AddInMemoryCollection(settings);
                builder.AddServiceDefaults();
                builder.Services.AddBlogGrpcClient<Operations.OperationsClient>(service, CallAs.Service);
                hosts[service] = host = builder.Build();
            }
            return host.Services.GetRequiredService<Operations.OperationsClient>();
        }

        public ValueTask DisposeAsync()
        {
            foreach (var host in hosts.Values) host.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
