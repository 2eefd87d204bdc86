using System.Buffers.Binary;
using Blog.Feed.Sources;
using Npgsql;
using NpgsqlTypes;

namespace Blog.Bench.Feed;

/// <summary>
/// A generated platform: 100,000 people with 5,000,000 follows (4,500,000 of people, 500,000 of topics), both ends drawn from power laws as in real
/// networks, and 60,000 articles of a year. One further author has exactly 10,000 followers among the people; another has 20,000 of them and 980,000
/// followers beyond, who never read. The same for the same seed.
/// </summary>
static class FeedGraph
{
    public const int People = 100_000, Topics = 200, Articles = 60_000, Threshold = 10_000;
    const int Follows = 5_000_000, TopicFollows = 500_000, Seed = 20261122;

    public static readonly DateTime Now = DateTime.UtcNow;

    /// <summary>Ids in the order of sign-up, as UUIDv7 are.</summary>
    public static Guid Person(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 0x0198_0000 + number);
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], number * -1640531527);
        return new Guid(bytes, bigEndian: true);
    }

    public static Guid WithTenThousand => Person(People);
    public static Guid WithAMillion => Person(People + 1);
    static Source Topic(int rank) => Source.Topic($"topic-{rank}");

    /// <summary>Who follows the author with 10,000 followers: every tenth person.</summary>
    public static IEnumerable<int> FollowersOfTenThousand => Enumerable.Range(0, People / 10).Select(n => n * 10);

    /// <summary>Who of the people follows the author with 1,000,000 followers: every fifth.</summary>
    public static IEnumerable<int> FollowersOfAMillion => Enumerable.Range(0, People / 5).Select(n => n * 5 + 1);

    /// <summary>Fills an empty database of the Feed service, and leaves it as a long life would: entries written out, big sources noted.</summary>
    public static async Task LoadAsync(string connectionString, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Command Timeout=600");
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Run("set maintenance_work_mem = '256MB'; set work_mem = '64MB'; set synchronous_commit = off");
        await Run("drop index follows_by_source; alter table follows drop constraint follows_pkey; alter table entries drop constraint entries_pkey; alter table source_articles drop constraint source_articles_pkey");

        await Copy("articles (article_id, author_id, revision, publish_time, source_ids)", ArticleRows().Select(a => (Action<NpgsqlBinaryImporter>)(row =>
        {
            row.Write(a.Id);
            row.Write(a.Sources[0].Id);
            row.Write(1L);
            row.Write(a.Time, NpgsqlDbType.TimestampTz);
            row.Write(a.Sources.Select(s => s.Id).ToArray());
        })));
        await Copy("source_articles (source_id, publish_time, article_id, author_id, kind, name)", ArticleRows().SelectMany(a => a.Sources.Select(s => (Action<NpgsqlBinaryImporter>)(row =>
        {
            row.Write(s.Id);
            row.Write(a.Time, NpgsqlDbType.TimestampTz);
            row.Write(a.Id);
            row.Write(a.Sources[0].Id);
            row.Write((short)s.Kind);
            if (s.Name is null) row.WriteNull();
            else row.Write(s.Name);
        }))));
        await Run("alter table source_articles add constraint source_articles_pkey primary key (source_id, publish_time, article_id) include (author_id, kind, name)");

        await Copy("follows (person_id, source_id)", FollowRows().Select(f => (Action<NpgsqlBinaryImporter>)(row =>
        {
            row.Write(f.Person);
            row.Write(f.Source);
        })));
        await Run("alter table follows add constraint follows_pkey primary key (person_id, source_id)");
        await Run("create index follows_by_source on follows (source_id, person_id)");
        Figures.Say("feed graph: follows are in");

        await Run($"insert into sources select source_id, count(*), case when count(*) > {Threshold} then 2 else 0 end from follows group by source_id");
        await Run("insert into big_follows select person_id, source_id from follows join sources using (source_id) where mode = 2");
        await Run($"insert into readers (person_id, state, read_at) select distinct person_id, 2, now() from follows where person_id < '{Person(People)}'");
        await Run($"""
            insert into entries select f.person_id, a.publish_time, a.article_id, a.source_id
            from follows f join sources s on s.source_id = f.source_id and s.mode = 0 join source_articles a on a.source_id = f.source_id
            where f.person_id < '{Person(People)}'
            """);
        await Run("alter table entries add constraint entries_pkey primary key (person_id, publish_time, article_id, source_id)");
        await Run("vacuum (analyze) entries; vacuum (analyze) source_articles; vacuum (analyze) follows; vacuum (analyze) big_follows; vacuum (analyze) readers; analyze sources");
        await using var count = new NpgsqlCommand("select (select count(*) from follows), (select count(*) from entries), (select count(*) from sources where mode = 2), (select max(followers) from sources)", connection);
        await using var counted = await count.ExecuteReaderAsync(cancel);
        await counted.ReadAsync(cancel);
        Figures.Say($"feed graph: {counted.GetInt64(0):N0} follows, {counted.GetInt64(1):N0} entries, {counted.GetInt64(2)} big sources, the most followed has {counted.GetInt64(3):N0}");

        async Task Run(string sql)
        {
            foreach (var statement in sql.Split("; "))
            {
                await using var command = new NpgsqlCommand(statement, connection);
                await command.ExecuteNonQueryAsync(cancel);
            }
        }

        async Task Copy(string columns, IEnumerable<Action<NpgsqlBinaryImporter>> rows)
        {
            await using var importer = await connection.BeginBinaryImportAsync($"copy {columns} from stdin (format binary)", cancel);
            foreach (var row in rows)
            {
                // Rows of millions: the asynchronous form would cost more than the row.
                importer.StartRow();
                row(importer);
            }
            await importer.CompleteAsync(cancel);
        }
    }

    static IEnumerable<(Guid Id, DateTime Time, Source[] Sources)> ArticleRows()
    {
        var random = new Random(Seed);
        for (var n = 0; n < Articles; n++)
        {
            var time = Now.AddSeconds(-1 - random.NextDouble() * 365 * 86_400);
            time = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
            Span<byte> id = stackalloc byte[16];
            random.NextBytes(id);
            var (one, two) = (Rank(random, Topics, 0.99), Rank(random, Topics, 0.99));
            yield return (new Guid(id, bigEndian: true), time,
                [Source.Person(Person(Rank(random, People, 0.3))), Topic(one), .. one == two ? Array.Empty<Source>() : [Topic(two)]]);
        }
    }

    static IEnumerable<(Guid Person, Guid Source)> FollowRows()
    {
        var random = new Random(Seed + 1);
        var topics = Enumerable.Range(0, Topics).Select(rank => Topic(rank).Id).ToArray();
        var left = Follows - People / 10 - People / 5;
        // How many each follows: a Pareto distribution (shape 1.5), the rest of the total spread evenly.
        var wish = new int[People];
        long wished = 0;
        for (var person = 0; person < People; person++)
            wished += wish[person] = (int)Math.Min(2_000, 12 / Math.Pow(1 - random.NextDouble(), 1 / 1.5));
        var scale = (left - TopicFollows) / (double)wished;
        var made = 0;
        var seen = new HashSet<int>();
        for (var person = 0; person < People; person++)
        {
            var id = Person(person);
            seen.Clear();
            // The most popular are spread over the ids, so that popularity and sign-up are independent.
            for (var tries = 0; seen.Count < wish[person] * scale && tries < 20_000; tries++)
            {
                if (Rank(random, People, 0.7) is var other && other != person && seen.Add(other))
                    yield return (id, Person(other));
            }
            made += seen.Count;
            seen.Clear();
            while (seen.Count < TopicFollows / People)
                seen.Add(Rank(random, Topics, 0.99));
            foreach (var topic in seen)
                yield return (id, topics[topic]);
            made += seen.Count;
        }
        foreach (var follower in FollowersOfTenThousand)
            yield return (Person(follower), WithTenThousand);
        foreach (var follower in FollowersOfAMillion)
            yield return (Person(follower), WithAMillion);
        for (var stranger = 0; stranger < 1_000_000 - People / 5; stranger++)
            yield return (Person(1_000_000 + stranger), WithAMillion);
        if (made < left * 0.99) throw new InvalidOperationException($"Only {made:N0} follows were drawn.");
    }

    /// <summary>A rank from 0, by inverse of the continuous power law with this exponent (below 1).</summary>
    static int Rank(Random random, int count, double exponent) => Math.Min(count - 1, (int)(count * Math.Pow(random.NextDouble(), 1 / (1 - exponent))));
}
