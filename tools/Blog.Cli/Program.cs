using System.Globalization;
using Blog.Cli;
using Blog.Cli.Events;
using Blog.Cli.Experiments;
using Blog.Cli.Export;
using Blog.Cli.Flags;
using Blog.Cli.Import;
using Blog.Cli.Search;
using Spectre.Console;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};

// A file or a pipe has neither colours nor a width: one line of the report stays one line.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
    AnsiConsole.Profile.Width = 1000;
}

try
{
    return args switch
    {
        ["import", .. var rest] => await ImportCommand.RunAsync(rest, stop.Token),
        ["export", .. var rest] => await ExportCommand.RunAsync(rest, stop.Token),
        ["events", .. var rest] => await EventsCommand.RunAsync(rest, stop.Token),
        ["search", .. var rest] => await SearchCommand.RunAsync(rest, stop.Token),
        ["flags", .. var rest] => await FlagsCommand.RunAsync(rest, stop.Token),
        ["experiments", .. var rest] => await ExperimentsCommand.RunAsync(rest, stop.Token),
        _ => Usage(),
    };
}
catch (SystemIsDownException down)
{
    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{down.Message}[/]");
    return 3;
}
catch (OperationCanceledException)
{
    AnsiConsole.MarkupLine("[yellow]Stopped.[/] What was done stays; run it again to go on.");
    return 130;
}

static int Usage()
{
    Console.Error.WriteLine(ImportCommand.Usage);
    Console.Error.WriteLine(ExportCommand.Usage);
    Console.Error.WriteLine(EventsCommand.Usage);
    Console.Error.WriteLine(SearchCommand.Usage);
    Console.Error.WriteLine(FlagsCommand.Usage);
    Console.Error.WriteLine(ExperimentsCommand.Usage);
    return 2;
}
