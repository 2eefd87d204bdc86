using Blog.Recommendations.People;
using Blog.Recommendations.Shelves;
using Kind = Blog.Recommendations.V1.Reason.Types.Kind;

namespace Blog.Recommendations.Ranking;

/// <summary>
/// What a formula that learns from readers would never find. New articles get a first audience: until they were shown so often, they come into the places kept for it, before those who are likelier
/// to like them first. And articles of topics that the person does not read, popular with others, so that nobody is shut in with their own taste.
/// </summary>
sealed class Exploration(Profile profile, Taste taste, Candidates candidates, Library library, Catalogue catalogue, RecommendationsOptions options, DateTime now, uint seed)
{
    /// <summary>How many new articles are compared for a place, the newest.</summary>
    const int Looked = 1_000;

    /// <summary>How much chance weighs against interest in a topic, which is 0 to 1½.</summary>
    const double ByChance = 0.5;

    /// <summary>One for a place that is kept; they take turns. Null: there is none.</summary>
    public Recommendation? Find(int turn, HashSet<int> taken) => turn % 2 == 1 ? New(turn, taken) ?? Different(turn, taken) : Different(turn, taken) ?? New(turn, taken);

    Recommendation? New(int turn, HashSet<int> taken)
    {
        var (best, most) = ((ArticleFacts?)null, double.NegativeInfinity);
        foreach (var shelved in library.New.AsSpan(0, Math.Min(library.New.Length, Looked)))
        {
            if (shelved.Time > now || Present(shelved, taken) is not { } article || now - article.Time > options.New || article.Shown >= options.FirstAudience)
                continue;
            var interest = 0f;
            foreach (var topic in article.Topics)
                interest = Math.Max(interest, taste.TopicShare.GetValueOrDefault(topic) + (profile.Topics.Contains(topic) ? 0.5f : 0));
            var worth = interest + ByChance * Chance.Of(seed + (uint)turn, article.Number);
            if (worth > most)
                (best, most) = (article, worth);
        }
        return best is null ? null : new(best, new(Kind.New));
    }

    Recommendation? Different(int turn, HashSet<int> taken)
    {
        var (best, most) = ((ArticleFacts?)null, double.NegativeInfinity);
        foreach (var shelved in library.Popular)
        {
            if (Present(shelved, taken) is not { } article || profile.People.Contains(article.Author) || taste.PersonShare.ContainsKey(article.Author)
                || article.Topics.Any(topic => profile.Topics.Contains(topic) || taste.TopicShare.GetValueOrDefault(topic) > 0.1))
                continue;
            var worth = Math.Log2(1 + Library.PopularAt(article, now)) * (0.3 + Chance.Of(seed + (uint)turn, article.Number));
            if (worth > most)
                (best, most) = (article, worth);
        }
        return best is null ? null : new(best, new(profile.IsCold ? Kind.Popular : Kind.Different));
    }

    ArticleFacts? Present(ArticleFacts shelved, HashSet<int> taken) =>
        !taken.Contains(shelved.Number) && catalogue.Find(shelved.Number) is { } article && candidates.IsWelcome(article) ? article : null;
}
