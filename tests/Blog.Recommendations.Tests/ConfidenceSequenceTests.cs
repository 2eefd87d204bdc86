using Blog.Recommendations.Experiments;

namespace Blog.Recommendations.Tests;

/// <summary>Simulated experiments at which somebody looks after every single person.</summary>
public sealed class ConfidenceSequenceTests
{
    const int Experiments = 1_000, People = 10_000;
    const double Error = 0.05;

    /// <summary>In how many of the experiments the interval ever left out zero; when, in the median of those; and whether it said the right sign.</summary>
    static (double Found, int People, bool Right) Simulate(double control, double other, double shareOfOther, Func<Arm, Arm, Difference?> interval)
    {
        var random = new Random(20_261_122);
        var found = new List<(int After, bool Right)>();
        for (var experiment = 0; experiment < Experiments; experiment++)
        {
            var (one, two) = (new Arm(), new Arm());
            for (var person = 1; person <= People; person++)
            {
                if (random.NextDouble() < shareOfOther)
                    two = new(two.People + 1, two.Successes + (random.NextDouble() < other ? 1 : 0));
                else
                    one = new(one.People + 1, one.Successes + (random.NextDouble() < control ? 1 : 0));
                if (interval(one, two) is not { } seen || seen.Lowest <= 0 && seen.Highest >= 0)
                    continue;
                found.Add((person, Math.Sign(seen.Estimate) == Math.Sign(other - control)));
                break;
            }
        }
        return (found.Count / (double)Experiments, found.Count == 0 ? 0 : found.Select(f => f.After).Order().ElementAt(found.Count / 2), found.All(f => f.Right));
    }

    [Theory, InlineData(0.5, 0.5), InlineData(0.3, 0.5), InlineData(0.05, 0.5), InlineData(0.02, 0.5), InlineData(0.95, 0.5), InlineData(0.1, 0.1), InlineData(0.1, 0.9)]
    public void Two_equal_variants_are_told_apart_in_five_of_a_hundred_experiments_at_most_although_one_looks_after_every_person(double rate, double shareOfOther) =>
        Simulate(rate, rate, shareOfOther, (one, two) => ConfidenceSequence.Of(one, two, Error)).Found.ShouldBeLessThanOrEqualTo(Error);

    [Fact]
    public void The_interval_for_a_single_look_would_tell_them_apart_in_every_third()
    {
        // What the test above is for: it can fail.
        Simulate(0.3, 0.3, 0.5, ForOneLook).Found.ShouldBeGreaterThan(0.3);

        static Difference? ForOneLook(Arm one, Arm two)
        {
            if (Math.Min(one.People, two.People) < 100)
                return null;
            var (p, q) = (one.Successes / (double)one.People, two.Successes / (double)two.People);
            var width = 1.96 * Math.Sqrt(p * (1 - p) / one.People + q * (1 - q) / two.People);
            return new(q - p, q - p - width, q - p + width);
        }
    }

    [Theory, InlineData(0.3, 0.35), InlineData(0.3, 0.25), InlineData(0.05, 0.075)]
    public void A_real_difference_is_found_with_its_sign(double control, double other)
    {
        var (found, people, right) = Simulate(control, other, 0.5, (one, two) => ConfidenceSequence.Of(one, two, Error));

        found.ShouldBeGreaterThan(0.9);
        right.ShouldBeTrue();
        people.ShouldBeLessThan(People);
    }

    [Fact]
    public void Nothing_is_said_of_few_people_or_of_few_who_did_it()
    {
        ConfidenceSequence.Of(new(99, 30), new(500, 300), Error).ShouldBeNull();
        ConfidenceSequence.Of(new(500, 4), new(500, 5), Error).ShouldBeNull();
        ConfidenceSequence.Of(new(500, 500), new(500, 495), Error).ShouldBeNull();
        ConfidenceSequence.Of(new(500, 5), new(500, 5), Error).ShouldNotBeNull();
        ConfidenceSequence.Of(new(0, 0), new(0, 0), Error).ShouldBeNull();
    }
}
