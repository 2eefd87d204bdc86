using Blog.Recommendations.Data;
using Blog.Recommendations.Ranking;
using Blog.Recommendations.Shelves;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Kind = Blog.Recommendations.V1.Reason.Types.Kind;

namespace Blog.Recommendations.Serving;

partial class ForYouService
{
    /// <summary>How many of those a person follows are asked whom they follow, and how many of theirs are looked at.</summary>
    const int AskedOfFollowed = 200, FollowedOfEach = 100;

    /// <summary>How much each reason to follow somebody weighs at most.</summary>
    const double ByReading = 1, ByFollowed = 0.8, BySimilar = 0.7, ByTopic = 0.5, ByPopularity = 0.3;

    public override async Task<V1.SuggestPeopleResponse> SuggestPeople(V1.SuggestPeopleRequest request, ServerCallContext context)
    {
        var (person, cancel, size) = (Person(context), context.CancellationToken, PageToken.Size(request.PageSize));
        await catalogue.LoadedAsync(cancel);
        var profile = await profiles.ReadAsync(person, cancel);
        var now = time.GetUtcNow().UtcDateTime;
        var library = catalogue.Library;
        var taste = new Taste(profile, catalogue, library, now);
        var found = new Suggestions<Guid>(id => id != person && !profile.People.Contains(id) && !profile.Hidden.Contains(id) && !profile.NotPeople.Contains(id));

        foreach (var (author, share) in taste.PersonShare)
            found.Add(author, ByReading * share, new(Kind.ReadPerson, author.ToString()));
        foreach (var (id, count, one) in await FollowedByFollowedAsync(person, cancel))
            found.Add(id, ByFollowed * count / (count + 3.0), new(Kind.FollowedByFollowed, one.ToString(), count));
        foreach (var seed in taste.Seeds)
        {
            foreach (var (number, score) in seed.Article.CoRead.Numbers.Zip(seed.Article.CoRead.Scores))
                if (catalogue.Find(number) is { } article)
                    found.Add(article.Author, BySimilar * score * seed.Weight, new(Kind.ReadersLikeYou, seed.Article.Id.ToString()));
            foreach (var (number, score) in seed.Article.Similar.Numbers.Zip(seed.Article.Similar.Scores))
                if (catalogue.Find(number) is { } article)
                    found.Add(article.Author, BySimilar * 0.5 * score * seed.Weight, new(Kind.Read, seed.Article.Id.ToString()));
        }
        foreach (var topic in profile.Topics.Concat(taste.TopicShare.OrderByDescending(share => share.Value).Take(5).Select(share => share.Key)).Distinct().Except(profile.NotTopics))
            if (library.ByTopic.TryGetValue(topic, out var shelf))
                foreach (var article in shelf.Popular.Take(30))
                    found.Add(article.Author, ByTopic * Library.PopularAt(article, now) / (Library.PopularAt(article, now) + library.PopularPivot) / 2, new(Kind.PopularInTopic, topic));
        foreach (var (author, audience, topic) in library.Authors)
            found.Add(author, ByPopularity * audience / (audience + library.PopularPivot), Popular(topic));
        return new V1.SuggestPeopleResponse { People = { found.Best(size).Select(s => new V1.SuggestedPerson { PersonId = s.Id.ToString(), Reason = Messages.ToMessage(s.Reason) }) } };
    }

    public override async Task<V1.SuggestTopicsResponse> SuggestTopics(V1.SuggestTopicsRequest request, ServerCallContext context)
    {
        var (cancel, size) = (context.CancellationToken, PageToken.Size(request.PageSize));
        await catalogue.LoadedAsync(cancel);
        var profile = await profiles.ReadAsync(Person(context), cancel);
        var library = catalogue.Library;
        var taste = new Taste(profile, catalogue, library, time.GetUtcNow().UtcDateTime);
        var found = new Suggestions<string>(topic => !profile.Topics.Contains(topic) && !profile.NotTopics.Contains(topic));
        foreach (var (topic, share) in taste.TopicShare)
            found.Add(topic, ByReading * share, new(Kind.ReadTopic, topic));
        // What the people one follows write of.
        foreach (var author in profile.People.Take(AskedOfFollowed))
            foreach (var topic in (library.ByAuthor.TryGetValue(author, out var shelf) ? shelf.Take(10) : []).SelectMany(article => article.Topics).Distinct())
                found.Add(topic, ByFollowed * 0.1, new(Kind.FollowedPerson, author.ToString()));
        var most = library.Topics.Length == 0 ? 0 : library.Topics[0].Value.Audience;
        foreach (var (topic, shelf) in library.Topics.Take(100))
            found.Add(topic, ByPopularity * (shelf.Audience + 0.01) / (most + 0.01), new(Kind.Popular));
        return new V1.SuggestTopicsResponse { Topics = { found.Best(size).Select(s => new V1.SuggestedTopic { Topic = s.Id, Reason = Messages.ToMessage(s.Reason) }) } };
    }

    async Task<List<(Guid Id, int Count, Guid One)>> FollowedByFollowedAsync(Guid person, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var select = connection.Statement(
            $"""
            select theirs.target, count(*)::int, min(mine.target)
            from (select target from follows where person_id = $1 and kind = 1 limit {AskedOfFollowed}) mine
            cross join lateral (select target from follows where person_id = mine.target::uuid and kind = 1 limit {FollowedOfEach}) theirs
            group by theirs.target order by 2 desc, 1 limit 200
            """, person);
        await using var row = await select.ExecuteReaderAsync(cancel);
        var found = new List<(Guid, int, Guid)>();
        while (await row.ReadAsync(cancel))
            found.Add((Guid.Parse(row.GetString(0)), row.GetInt32(1), Guid.Parse(row.GetString(2))));
        return found;
    }

    internal static Reason Popular(string? topic) => topic is null ? new(Kind.Popular) : new(Kind.PopularInTopic, topic);

    /// <summary>Sums what speaks for each, and keeps the strongest as its reason.</summary>
    sealed class Suggestions<T>(Func<T, bool> isEligible) where T : notnull
    {
        readonly Dictionary<T, (double Score, double Most, Reason Reason)> found = [];

        public void Add(T id, double score, Reason reason)
        {
            if (score <= 0 || !isEligible(id))
                return;
            var known = found.GetValueOrDefault(id);
            found[id] = score > known.Most ? (known.Score + score, score, reason) : (known.Score + score, known.Most, known.Reason);
        }

        public IEnumerable<(T Id, Reason Reason)> Best(int count) =>
            found.OrderByDescending(one => one.Value.Score).ThenBy(one => one.Key).Take(count).Select(one => (one.Key, one.Value.Reason));
    }
}
