using Blog.Recommendations.People;
using Blog.Recommendations.Shelves;
using Microsoft.Extensions.Options;
using Kind = Blog.Recommendations.V1.Reason.Types.Kind;

namespace Blog.Recommendations.Ranking;

/// <summary>Why something is recommended.</summary>
/// <param name="Kind">Of the contract.</param>
/// <param name="Subject">Id or slug; empty: none.</param>
/// <param name="Count">Only for <see cref="Kind.FollowedByFollowed"/>.</param>
readonly record struct Reason(Kind Kind, string Subject = "", int Count = 0);

/// <param name="Article">What to read.</param>
/// <param name="Reason">Why.</param>
readonly record struct Recommendation(ArticleFacts Article, Reason Reason);

/// <summary>
/// Puts a page of recommendations together: candidates, their score by the formula, then one place after the other. What follows articles of the same author or topic is worth less, and
/// some places are kept for what is new or different. Deterministic: the same profile, moment, seed and articles before give the same page.
/// </summary>
sealed class Ranker(Catalogue catalogue, IOptions<RecommendationsOptions> options)
{
    /// <summary>Each article of the same author among the last so many makes the next worth so much of itself; the same with topics.</summary>
    const int AuthorsBack = 15, TopicsBack = 8;
    const double SameAuthor = 0.7, SameTopic = 0.94;

    /// <summary>Scores differ by so much from one session to the next, so that a home page is not the same every day.</summary>
    const double Jitter = 0.06;

    /// <param name="profile">Whose.</param>
    /// <param name="formula">By which.</param>
    /// <param name="now">Of the session.</param>
    /// <param name="seed">Of the session.</param>
    /// <param name="before">Numbers of the articles shown before, in this order.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="explore">False: no places are kept for what is new or different.</param>
    /// <returns>As many, or all there are.</returns>
    public List<Recommendation> Rank(Profile profile, Formula formula, DateTime now, uint seed, IReadOnlyList<int> before, int count, bool explore = true)
    {
        var library = catalogue.Library;
        var taste = new Taste(profile, catalogue, library, now);
        var candidates = new Candidates(profile, taste, library, catalogue, now);
        var taken = before.ToHashSet();
        var ranked = candidates.Collect().Where(c => !taken.Contains(c.Article.Number)).ToArray();
        var keys = new double[ranked.Length];
        for (var i = 0; i < ranked.Length; i++)
            keys[i] = -(ranked[i].Score = Jittered(formula.Score(ranked[i].Features), ranked[i].Article.Number, seed));
        Array.Sort(keys, ranked);

        var exploration = new Exploration(profile, taste, candidates, library, catalogue, options.Value, now, seed);
        var page = new List<Recommendation>(count);
        var sequence = new List<ArticleFacts>(before.Select(catalogue.Find).OfType<ArticleFacts>());
        var reasons = new Reasons(profile, formula, library, now, options.Value.New);
        for (var place = before.Count; page.Count < count; place++)
        {
            var explored = explore && (place + 1) % options.Value.ExploreEvery == 0 ? exploration.Find((place + 1) / options.Value.ExploreEvery, taken) : null;
            if (explored is null && Best(ranked, taken, sequence) is { } best)
                explored = new(best.Article, reasons.Of(best));
            if ((explored ?? exploration.Find(place, taken)) is not { } next)
                break;
            page.Add(next);
            sequence.Add(next.Article);
            taken.Add(next.Article.Number);
        }
        return page;
    }

    /// <summary>The best that is left, in view of what was shown just before. Sorted by score, which variety only lessens: what is below the best need not be looked at.</summary>
    static Candidate? Best(Candidate[] ranked, HashSet<int> taken, List<ArticleFacts> sequence)
    {
        Candidate? best = null;
        var most = double.NegativeInfinity;
        foreach (var candidate in ranked)
        {
            if (candidate.Score <= most)
                break;
            if (taken.Contains(candidate.Article.Number))
                continue;
            var factor = Variety(candidate.Article, sequence);
            var worth = candidate.Score > 0 ? candidate.Score * factor : candidate.Score / factor;
            if (worth > most)
                (best, most) = (candidate, worth);
        }
        return best;
    }

    static double Variety(ArticleFacts article, List<ArticleFacts> sequence)
    {
        var factor = 1d;
        for (var back = 1; back <= AuthorsBack && back <= sequence.Count; back++)
        {
            var before = sequence[^back];
            if (before.Author == article.Author)
                factor *= SameAuthor;
            if (back <= TopicsBack && article.Topics.Length > 0 && before.Topics.Length > 0 && article.Topics[0] == before.Topics[0])
                factor *= SameTopic;
        }
        return factor;
    }

    static double Jittered(double score, int number, uint seed) => score + Math.Abs(score) * Jitter * (Chance.Of(seed, number) - 0.5);
}

/// <summary>Chance that can be repeated.</summary>
static class Chance
{
    /// <summary>0 to 1, by the seed and a number (the finaliser of MurmurHash3).</summary>
    public static double Of(uint seed, int number)
    {
        var hash = seed ^ ((uint)number * 0x9E3779B1u);
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return ((hash ^ (hash >> 16)) >> 8) / (double)(1 << 24);
    }
}
