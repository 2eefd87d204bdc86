using Blog.Recommendations.Data;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using Kind = Blog.Recommendations.V1.Outcome.Types.Kind;

namespace Blog.Recommendations.Experiments;

/// <summary>What is known of an experiment now.</summary>
static class Report
{
    /// <summary>What people did arrives by events; a window that is over for so long is complete.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <summary>How often a difference may be stated of an experiment's variants, with one outcome, where there is none.</summary>
    const double Error = 0.05;

    public static async Task<V1.Experiment> ReadAsync(NpgsqlConnection connection, Experiment experiment, DateTime now, CancellationToken cancel)
    {
        // Who was first shown a page so late that their window was not over when it ended, or is not over now, does not count.
        var last = (experiment.StopTime is { } stopped && stopped < now - Late ? stopped : now - Late) - experiment.Window;
        var people = await CountAsync(connection, "select variant, 0::smallint, count(*), count(*) filter (where first_at <= $2) from exposures where experiment_id = $1 group by 1", experiment.Id, last, cancel);
        var did = await CountAsync(connection,
            "select e.variant, o.kind, 0::bigint, count(*) from exposures e join outcomes o using (person_id, experiment_id) where e.experiment_id = $1 and e.first_at <= $2 group by 1, 2", experiment.Id, last, cancel);
        var control = experiment.Variants[0];
        return new V1.Experiment
        {
            Name = experiment.Name,
            People = experiment.People,
            Window = Duration.FromTimeSpan(experiment.Window),
            StartTime = Timestamp.FromDateTime(experiment.StartTime),
            StopTime = experiment.StopTime is { } end ? Timestamp.FromDateTime(end) : null,
            Variants = { experiment.Variants.Select(Said) },
        };

        V1.Variant Said(Variant variant) => new()
        {
            Name = variant.Name,
            Weights = { variant.Weights.ToDictionary() },
            Problem = variant.Problem ?? "",
            Exposed = people.GetValueOrDefault((variant.Name, default)).All,
            Counted = people.GetValueOrDefault((variant.Name, default)).Counted,
            Outcomes = { System.Enum.GetValues<Kind>().Where(kind => kind != Kind.Unspecified).Select(kind => Compared(variant, kind)) },
        };

        V1.Outcome Compared(Variant variant, Kind kind)
        {
            var outcome = new V1.Outcome { Kind = kind, People = did.GetValueOrDefault((variant.Name, kind)).Counted };
            // Each further variant is another chance to be wrong (Bonferroni).
            if (variant != control && ConfidenceSequence.Of(ArmOf(control, kind), ArmOf(variant, kind), Error / (experiment.Variants.Count - 1)) is { } difference)
                (outcome.Difference, outcome.Lowest, outcome.Highest) = (difference.Estimate, difference.Lowest, difference.Highest);
            return outcome;
        }

        Arm ArmOf(Variant variant, Kind kind) => new(people.GetValueOrDefault((variant.Name, default)).Counted, did.GetValueOrDefault((variant.Name, kind)).Counted);
    }

    static async Task<Dictionary<(string Variant, Kind Kind), (long All, long Counted)>> CountAsync(NpgsqlConnection connection, string sql, Guid experiment, DateTime last, CancellationToken cancel)
    {
        await using var select = connection.Statement(sql, experiment, last);
        await using var row = await select.ExecuteReaderAsync(cancel);
        var counts = new Dictionary<(string, Kind), (long, long)>();
        while (await row.ReadAsync(cancel))
            counts[(row.GetString(0), (Kind)row.GetInt16(1))] = (row.GetInt64(2), row.GetInt64(3));
        return counts;
    }
}
