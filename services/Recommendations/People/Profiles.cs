using Blog.Recommendations.Data;
using Npgsql;

namespace Blog.Recommendations.People;

/// <summary>What can be followed; numbers of the column <c>follows.kind</c> and of blog.events.v1.FollowTarget.</summary>
enum FollowKind : short
{
    Person = 1,
    Publication = 2,
    Topic = 3,
}

/// <summary>What can be turned down; numbers of the column <c>turned_down.kind</c> and of the contract.</summary>
enum TurnedDownKind : short
{
    Article = 1,
    Person = 2,
    Topic = 3,
}

/// <param name="Number">Of the article.</param>
/// <param name="Strength">How much the person took to it.</param>
/// <param name="At">When last.</param>
readonly record struct Signal(int Number, float Strength, DateTime At);

/// <summary>All that is known of a person for ranking, as of this moment.</summary>
sealed class Profile
{
    public required Guid Person { get; init; }
    public HashSet<Guid> People { get; } = [];
    public HashSet<Guid> Publications { get; } = [];
    public HashSet<string> Topics { get; } = new(StringComparer.Ordinal);

    /// <summary>Last first.</summary>
    public List<Signal> Signals { get; } = [];

    /// <summary>Whom they muted or blocked, who blocked them, and whom they turned down.</summary>
    public HashSet<Guid> Hidden { get; } = [];
    public HashSet<Guid> NotPeople { get; } = [];
    public HashSet<string> NotTopics { get; } = new(StringComparer.Ordinal);
    public HashSet<int> NotArticles { get; } = [];

    /// <summary>How often an article was shown in earlier sessions.</summary>
    public Dictionary<int, int> Shown { get; } = [];

    /// <summary>Nothing tells what they like.</summary>
    public bool IsCold => People.Count + Publications.Count + Topics.Count + Signals.Count == 0;
}

/// <summary>Reads profiles: one round trip, five index ranges.</summary>
sealed class Profiles(RecommendationsDatabase database, TimeProvider time)
{
    /// <summary>What is looked back at.</summary>
    public const int MostSignals = 500, MostFollows = 3_000, MostTurnedDown = 1_000;

    /// <summary>What was shown longer ago is new again.</summary>
    static readonly TimeSpan Forgets = TimeSpan.FromDays(14);

    public async Task<Profile> ReadAsync(Guid person, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Statements.Statement($"select kind, target from follows where person_id = $1 limit {MostFollows}", person),
                Statements.Statement($"select number, strength, last_at from signals where person_id = $1 order by last_at desc limit {MostSignals}", person),
                Statements.Statement("select other_id from relations where person_id = $1 and (muted or blocked) union select person_id from relations where other_id = $1 and blocked", person),
                Statements.Statement($"select kind, subject, number from turned_down where person_id = $1 order by time desc limit {MostTurnedDown}", person),
                Statements.Statement("select numbers, times, session, recent, at from shown where person_id = $1", person),
            },
        };
        var profile = new Profile { Person = person };
        await using var row = await batch.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            switch ((FollowKind)row.GetInt16(0))
            {
                case FollowKind.Person: profile.People.Add(Guid.Parse(row.GetString(1))); break;
                case FollowKind.Publication: profile.Publications.Add(Guid.Parse(row.GetString(1))); break;
                default: profile.Topics.Add(row.GetString(1)); break;
            }
        await row.NextResultAsync(cancel);
        while (await row.ReadAsync(cancel))
            profile.Signals.Add(new(row.GetInt32(0), row.GetFloat(1), row.GetDateTime(2)));
        await row.NextResultAsync(cancel);
        while (await row.ReadAsync(cancel))
            profile.Hidden.Add(row.GetGuid(0));
        await row.NextResultAsync(cancel);
        while (await row.ReadAsync(cancel))
            switch ((TurnedDownKind)row.GetInt16(0))
            {
                case TurnedDownKind.Article: profile.NotArticles.Add(row.GetInt32(2)); break;
                case TurnedDownKind.Person: profile.NotPeople.Add(Guid.Parse(row.GetString(1))); break;
                default: profile.NotTopics.Add(row.GetString(1)); break;
            }
        await row.NextResultAsync(cancel);
        var now = time.GetUtcNow();
        if (await row.ReadAsync(cancel) && now - row.GetDateTime(4) < Forgets)
        {
            foreach (var (number, times) in row.GetFieldValue<int[]>(0).Zip(row.GetFieldValue<short[]>(1)))
                profile.Shown[number] = times;
            if (row.GetInt64(2) != Session.Of(now))
                foreach (var number in row.GetFieldValue<int[]>(3))
                    profile.Shown[number] = profile.Shown.GetValueOrDefault(number) + 1;
        }
        return profile;
    }
}

/// <summary>Half an hour: within one, a first page that is read again is the same page, if nothing happened.</summary>
static class Session
{
    static readonly TimeSpan Length = TimeSpan.FromMinutes(30);

    public static long Of(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / Length.Ticks;
}
