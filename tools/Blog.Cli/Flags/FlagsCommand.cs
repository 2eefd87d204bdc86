using System.Globalization;
using Blog.ServiceDefaults.FeatureFlags;
using Spectre.Console;
using FlagsClient = Blog.Flags.V1.Flags.FlagsClient;
using FlagState = Blog.Flags.V1.Flag;

namespace Blog.Cli.Flags;

/// <summary><c>./blog flags list | on | off | share</c>: the switches of the platform.</summary>
static class FlagsCommand
{
    public const string Usage = """
        Usage: ./blog flags list
               ./blog flags on NAME
               ./blog flags off NAME
               ./blog flags share NAME PERCENT [--person ID …]

          list   every flag, how it stands and what it switches
          on     on for everybody; takes effect in every instance within seconds
          off    off for everybody
          share  on for a percentage of people, always the same ones, and for those named
        """;

    /// <returns>0: done; 1: refused; 2: called wrongly; 3: the service is away.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        Func<FlagState, FlagState>? change = args switch
        {
            ["list"] => known => known,
            ["on", _] => known => new() { Name = known.Name, Revision = known.Revision, On = true, Share = 100 },
            ["off", _] => known => new(known) { On = false },
            ["share", _, var percent, .. var people] when int.TryParse(percent, NumberStyles.None, CultureInfo.InvariantCulture, out var share) && People(people) is { } named =>
                known => new() { Name = known.Name, Revision = known.Revision, On = true, Share = share, PersonIds = { named } },
            _ => null,
        };
        if (change is null)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        return await Operator.AskAsync<FlagsClient>("recommendations", async flags =>
        {
            var known = (await flags.ListFlagsAsync(new(), deadline: Operator.Deadline, cancellationToken: cancel)).Flags;
            if (args is not [_, var name, ..])
            {
                foreach (var one in known)
                    Say(one);
                return 0;
            }
            if (known.FirstOrDefault(flag => flag.Name == name) is not { } flag)
            {
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]There is no flag {name}.[/] There are {string.Join(", ", known.Select(one => one.Name))}.");
                return 1;
            }
            var wanted = change(flag);
            Say(await flags.SetFlagAsync(new() { Name = name, On = wanted.On, Share = wanted.Share, PersonIds = { wanted.PersonIds }, Revision = flag.Revision }, deadline: Operator.Deadline, cancellationToken: cancel));
            return 0;
        }, cancel);
    }

    /// <summary>The ids of --person ID --person ID; null: it is something else.</summary>
    static List<string>? People(string[] args)
    {
        var people = new List<string>();
        for (var i = 0; i < args.Length; i += 2)
            if (args[i] == "--person" && i + 1 < args.Length)
                people.Add(args[i + 1]);
            else
                return null;
        return people;
    }

    static void Say(FlagState flag)
    {
        var state = !flag.On ? "off" : flag.Share == 100 ? "on" : string.Create(CultureInfo.InvariantCulture, $"on for {flag.Share} %{(flag.PersonIds.Count > 0 ? $" and {flag.PersonIds.Count} by name" : "")}");
        var since = flag.ChangeTime is { } time ? string.Create(CultureInfo.InvariantCulture, $" since {time.ToDateTime():yyyy-MM-dd HH:mm:ss}Z") : "";
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{flag.Name,-20} {state}{since}. {Flag.All.FirstOrDefault(known => known.Name == flag.Name)?.Does}");
    }
}
