using System.Globalization;
using System.Text.Json;

namespace Blog.Bench;

/// <summary>One measured value.</summary>
/// <param name="Name">Lower case with hyphens; begins with the benchmark's name.</param>
/// <param name="Value">The median of the rounds unless the name says otherwise.</param>
/// <param name="Unit">SI or plain: req/s, ms, s, MB, ratio.</param>
sealed record Figure(string Name, double Value, string Unit);

/// <summary>Collects figures and writes them in the form that scripts read.</summary>
sealed class Figures(bool json)
{
    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    readonly List<Figure> all = [];

    public void Add(string name, double value, string unit) => all.Add(new(name, Math.Round(value, 3), unit));

    /// <summary>Adds the median of several rounds.</summary>
    public void AddMedian(string name, IEnumerable<double> rounds, string unit) => Add(name, Median(rounds), unit);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>What happened on the way, for the person who waits; not part of the result.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);

    public void Print()
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(all, Web));
            return;
        }
        foreach (var figure in all)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure {figure.Name} {figure.Value} {figure.Unit}"));
    }
}
