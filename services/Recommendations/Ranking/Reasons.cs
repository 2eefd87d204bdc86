using Blog.Recommendations.People;
using Blog.Recommendations.Shelves;
using Kind = Blog.Recommendations.V1.Reason.Types.Kind;

namespace Blog.Recommendations.Ranking;

/// <summary>The reason of a candidate: what contributed most to its score, and can be told.</summary>
sealed class Reasons(Profile profile, Formula formula, Library library, DateTime now, TimeSpan newFor)
{
    /// <summary>How far up in a topic an article is popular in it.</summary>
    const int PopularPlaces = 20;

    public Reason Of(Candidate candidate)
    {
        var (best, most) = (Fallback(candidate.Article), 1e-6);
        Consider(Feature.FollowedPerson, () => new(Kind.FollowedPerson, candidate.Article.Author.ToString()));
        Consider(Feature.FollowedPublication, () => new(Kind.FollowedPublication, candidate.Article.Publication.ToString()!));
        Consider(Feature.FollowedTopic, () => new(Kind.FollowedTopic, candidate.FollowedTopic!));
        Consider(Feature.Similar, () => new(Kind.Read, candidate.BestSimilar.Article!.Id.ToString()));
        Consider(Feature.CoRead, () => new(Kind.ReadersLikeYou, candidate.BestCoRead.Article!.Id.ToString()));
        Consider(Feature.ReadPerson, () => new(Kind.ReadPerson, candidate.Article.Author.ToString()));
        Consider(Feature.ReadTopic, () => new(Kind.ReadTopic, candidate.ReadTopic!));
        Consider(Feature.Popular, () => Popular(candidate.Article), also: Feature.Trending);
        if (now - candidate.Article.Time < newFor)
            Consider(Feature.Fresh, () => new(Kind.New));
        return best;

        void Consider(Feature feature, Func<Reason> reason, Feature? also = null)
        {
            var contribution = formula.Contribution(candidate.Features, feature) + (also is { } second ? formula.Contribution(candidate.Features, second) : 0);
            if (contribution > most)
                (best, most) = (reason(), contribution);
        }
    }

    Reason Fallback(ArticleFacts article) => article.Readers > 0 ? Popular(article) : new(now - article.Time < newFor ? Kind.New : Kind.Different);

    /// <summary>Popular in a topic when it is among the first there, in one of the person's topics if it can be; else on the whole site.</summary>
    public Reason Popular(ArticleFacts article)
    {
        var topic = article.Topics.Where(topic => library.ByTopic.TryGetValue(topic, out var shelf) && shelf.Popular.Take(PopularPlaces).Any(a => a.Number == article.Number))
            .OrderByDescending(profile.Topics.Contains).FirstOrDefault();
        return topic is null ? new(Kind.Popular) : new(Kind.PopularInTopic, topic);
    }
}
