using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.Recommendations.Data;
using Blog.Recommendations.Ranking;
using Microsoft.FeatureManagement;
using Npgsql;

namespace Blog.Recommendations.Experiments;

/// <summary>A formula that is tried.</summary>
/// <param name="Name">Within the experiment.</param>
/// <param name="Weights">What differs from the formula in use, by the names of <see cref="Feature"/>.</param>
sealed record Variant(string Name, IReadOnlyDictionary<string, double> Weights)
{
    /// <summary>A weight beyond it drowns out everything else.</summary>
    const double Most = 10;

    /// <summary>Why no formula can be made of it; null: one can.</summary>
    public string? Problem =>
        Weights.FirstOrDefault(weight => Enum.GetNames<Feature>().All(name => name != weight.Key) || Math.Abs(weight.Value) is not <= Most) is { Key: { } name } wrong
            ? $"“{name} = {wrong.Value}” is no weight: features are {string.Join(", ", Enum.GetNames<Feature>())}, weights -{Most} to {Most}."
            : null;
}

/// <summary>Formulas tried on people. What it is never changes; it ends once.</summary>
/// <param name="Id">Of it.</param>
/// <param name="Name">As operators gave it, unique for ever.</param>
/// <param name="Variants">The first is <see cref="Control"/>.</param>
/// <param name="People">Percentage of people who take part; each variant gets the same part of it.</param>
/// <param name="Window">For how long after the first page something counts.</param>
/// <param name="StartTime">Since when it runs.</param>
/// <param name="StopTime">Null: it runs.</param>
sealed partial record Experiment(Guid Id, string Name, IReadOnlyList<Variant> Variants, int People, TimeSpan Window, DateTime StartTime, DateTime? StopTime)
{
    /// <summary>The variant that is the formula in use.</summary>
    public const string Control = Formula.DefaultName;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    public static partial Regex Names { get; }

    /// <summary>Its name among features.</summary>
    public string Feature => $"experiment:{Name}";

    /// <summary>
    /// As a feature with variants. A person's percentile is a hash (SHA-256) of the person and this feature's name: always the same, and of one experiment independent of that of another.
    /// </summary>
    public FeatureDefinition ToFeature()
    {
        var part = People / (double)Variants.Count;
        return new()
        {
            Name = Feature,
            EnabledFor = [new() { Name = "AlwaysOn" }],
            Variants = [.. Variants.Select(variant => new VariantDefinition { Name = variant.Name })],
            Allocation = new()
            {
                Percentile = [.. Variants.Select((variant, index) => new PercentileAllocation { Variant = variant.Name, From = part * index, To = index + 1 == Variants.Count ? People : part * (index + 1) })],
            },
        };
    }
}

/// <summary>The table <c>experiments</c>.</summary>
static class ExperimentTable
{
    /// <param name="connection">To the database.</param>
    /// <param name="which">What follows after the table's name.</param>
    /// <param name="values">$1 and on.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<List<Experiment>> ListExperimentsAsync(this NpgsqlConnection connection, string which, object?[] values, CancellationToken cancel)
    {
        await using var select = connection.Statement($"select id, name, variants::text, people, time_frame, started_at, stopped_at from experiments {which}", values);
        await using var row = await select.ExecuteReaderAsync(cancel);
        var found = new List<Experiment>();
        while (await row.ReadAsync(cancel))
            found.Add(new(row.GetGuid(0), row.GetString(1), JsonSerializer.Deserialize<Variant[]>(row.GetString(2), JsonSerializerOptions.Web)!, row.GetInt16(3), row.GetTimeSpan(4),
                row.GetDateTime(5), row.IsDBNull(6) ? null : row.GetDateTime(6)));
        return found;
    }

    /// <summary>False: there was one of this name.</summary>
    public static async Task<bool> TryAddAsync(this NpgsqlConnection connection, Experiment experiment, CancellationToken cancel) => await connection.DoAsync(
        "insert into experiments (id, name, variants, people, time_frame, started_at) values ($1, $2, $3::jsonb, $4, $5, $6) on conflict do nothing",
        [experiment.Id, experiment.Name, JsonSerializer.Serialize(experiment.Variants, JsonSerializerOptions.Web), (short)experiment.People, experiment.Window, experiment.StartTime], cancel) == 1;
}
