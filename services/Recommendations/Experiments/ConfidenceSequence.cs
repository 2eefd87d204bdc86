namespace Blog.Recommendations.Experiments;

/// <param name="People">How many count.</param>
/// <param name="Successes">How many of them did what is measured.</param>
readonly record struct Arm(long People, long Successes);

/// <param name="Estimate">Of the difference of two shares, -1 to 1.</param>
/// <param name="Lowest">Not below it.</param>
/// <param name="Highest">Not above it.</param>
readonly record struct Difference(double Estimate, double Lowest, double Highest);

/// <summary>
/// An interval for the difference of two shares that holds at every moment at once: whoever looks every minute, and stops as soon as it leaves out zero, is wrong about two equal
/// variants at most as often as stated. The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic
/// confidence sequences", Annals of Statistics 52 (2024), arXiv:2103.06476, theorem 2.2 (Robbins' normal mixture, with an estimated variance), for the difference of means of a randomised
/// experiment (section 3): with t people, V the variance of the estimate and α the error,
/// estimate ± √V · √( 2(tρ² + 1)/(tρ²) · ln(√(tρ² + 1)/α) ).
/// Each person counts once, when their window is over, so that what was counted does not change. The interval is about 1.5 times as wide as the one for a single look.
/// </summary>
static class ConfidenceSequence
{
    /// <summary>The sum of all people for which the interval is narrowest; a matter of taste, it holds for every number of them.</summary>
    const double Tightest = 5_000;

    /// <summary>Fewer than so many people in an arm, or so many who did, or did not, in both: normal approximations do not hold yet.</summary>
    const long FewestPeople = 100, FewestOfAKind = 10;

    /// <param name="control">What is compared with.</param>
    /// <param name="other">What is compared.</param>
    /// <param name="error">How often the true difference may lie outside at any time.</param>
    /// <returns>Null: too few people yet.</returns>
    public static Difference? Of(Arm control, Arm other, double error)
    {
        var (people, successes) = (control.People + other.People, control.Successes + other.Successes);
        if (Math.Min(control.People, other.People) < FewestPeople || Math.Min(successes, people - successes) < FewestOfAKind)
            return null;
        var estimate = Share(other) - Share(control);
        var rho = people * RhoSquared(error);
        var width = Math.Sqrt((Variance(control) + Variance(other)) * 2 * (rho + 1) / rho * Math.Log(Math.Sqrt(rho + 1) / error));
        return new(estimate, Math.Max(-1, estimate - width), Math.Min(1, estimate + width));
    }

    static double Share(Arm arm) => arm.Successes / (double)arm.People;

    /// <summary>Of the share; with one success and one failure added, so that it is not nothing while all are alike (Agresti, Caffo 2000).</summary>
    static double Variance(Arm arm)
    {
        var share = (arm.Successes + 1d) / (arm.People + 2);
        return share * (1 - share) / arm.People;
    }

    /// <summary>The mixture's variance that makes the interval narrowest at <see cref="Tightest"/> (appendix B.2 there).</summary>
    static double RhoSquared(double error) => (-2 * Math.Log(error) + Math.Log(-2 * Math.Log(error)) + 1) / Tightest;
}
