using System.Globalization;
using Blog.Recommendations.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;
using ExperimentsClient = Blog.Recommendations.V1.Experiments.ExperimentsClient;

namespace Blog.Cli.Experiments;

/// <summary><c>./blog experiments list | start | stop</c>: formulas of the ranked home, tried on people.</summary>
static class ExperimentsCommand
{
    public const string Usage = """
        Usage: ./blog experiments list
               ./blog experiments start NAME --variant NAME:FEATURE=WEIGHT,… [--variant …] [--people PERCENT] [--window HOURS]
               ./blog experiments stop NAME

          list       what runs and what ran, and how the variants compare
          start      try other weights of the formula beside the one in use (default); features: docs/recommendations.md
          --people   how many take part, 1 to 100 percent (default: 100), the same part for each variant
          --window   for how long after their first page what people do counts (default: 24 hours)
          stop       everybody has the formula in use again, within seconds
        """;

    /// <returns>0: done; 1: refused; 2: called wrongly; 3: the service is away.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        var start = args is ["start", _, ..] ? TryRead(args[1], args[2..]) : null;
        if (args is not (["list"] or ["stop", _]) && start is null)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        return await Operator.AskAsync<ExperimentsClient>("recommendations", async experiments =>
        {
            if (start is not null)
                Say(await experiments.StartExperimentAsync(start, deadline: Operator.Deadline, cancellationToken: cancel));
            else if (args is ["stop", var name])
                Say(await experiments.StopExperimentAsync(new() { Name = name }, deadline: Operator.Deadline, cancellationToken: cancel));
            else
                foreach (var experiment in (await experiments.ListExperimentsAsync(new(), deadline: Operator.Deadline, cancellationToken: cancel)).Experiments)
                    Say(experiment);
            return 0;
        }, cancel);
    }

    /// <summary>Null: it cannot be read.</summary>
    internal static StartExperimentRequest? TryRead(string name, string[] args)
    {
        var request = new StartExperimentRequest { Name = name };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
                return null;
            switch (args[i])
            {
                case "--variant" when TryReadVariant(args[i + 1]) is { } variant:
                    request.Variants.Add(variant);
                    break;
                case "--people" when int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var people):
                    request.People = people;
                    break;
                case "--window" when double.TryParse(args[i + 1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours < 10_000:
                    request.Window = Duration.FromTimeSpan(TimeSpan.FromHours(hours));
                    break;
                default:
                    return null;
            }
        }
        return request.Variants.Count > 0 ? request : null;
    }

    static Variant? TryReadVariant(string text)
    {
        if (text.Split(':') is not [var name, var weights])
            return null;
        var variant = new Variant { Name = name };
        foreach (var weight in weights.Split(','))
            if (weight.Split('=') is [var feature, var value] && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                variant.Weights[feature] = number;
            else
                return null;
        return variant;
    }

    static void Say(Experiment experiment)
    {
        var state = experiment.StopTime is { } end ? string.Create(CultureInfo.InvariantCulture, $"ended {end.ToDateTime():yyyy-MM-dd HH:mm}Z") : "runs";
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"[bold]{experiment.Name}[/] {state}, begun {experiment.StartTime.ToDateTime():yyyy-MM-dd HH:mm}Z, {experiment.People} % of people, what they do within {experiment.Window.ToTimeSpan().TotalHours:0.#} hours");
        foreach (var variant in experiment.Variants)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {variant.Name,-20} shown to {variant.Exposed:N0}, {variant.Counted:N0} count {string.Join(", ", variant.Weights.Select(weight => $"{weight.Key}={weight.Value.ToString(CultureInfo.InvariantCulture)}"))}");
            if (variant.Problem.Length > 0)
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"    [red]cannot be used: {variant.Problem}[/]");
            foreach (var outcome in variant.Outcomes.Where(_ => variant.Counted > 0))
            {
                var interval = outcome.HasDifference ? string.Create(CultureInfo.InvariantCulture, $", {100 * outcome.Difference:+0.0;-0.0} points ({100 * outcome.Lowest:+0.0;-0.0} to {100 * outcome.Highest:+0.0;-0.0})") : "";
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"    {Word(outcome.Kind),-22} {100.0 * outcome.People / variant.Counted:0.0} %{interval}");
            }
        }
    }

    static string Word(Outcome.Types.Kind kind) => kind switch
    {
        Outcome.Types.Kind.Opened => "opened a story",
        Outcome.Types.Kind.Finished => "read one to the end",
        Outcome.Types.Kind.Clapped => "clapped",
        Outcome.Types.Kind.Followed => "followed",
        _ => "turned something down",
    };
}
