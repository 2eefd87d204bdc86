using Blog.Events.V1;
using Blog.Feed.Data;
using Blog.Feed.Sources;
using Blog.Feed.Spreading;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Blog.Feed.Tests;

/// <summary>How articles reach feeds while other things happen: each test is a race or a fault with its outcome fixed.</summary>
public sealed class SpreadingTests(FeedFixture feed)
{
    readonly Guid author = Guid.CreateVersion7();
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Guid[] People(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    async Task<SourceMode> ModeAsync() => await feed.ScalarAsync("select mode from sources where source_id = $1", author) is short mode ? (SourceMode)mode : SourceMode.Small;

    async Task FollowAllAsync(Guid[] people, bool following = true) =>
        await feed.SettledAsync(await Task.WhenAll(people.Select(person => feed.FollowAsync(person, author, following))));

    Task<long> EntriesAsync(Story story) => CountAsync("select count(*) from entries where article_id = $1", story.Id);

    async Task<long> CountAsync(string sql, params object[] values) => (long)(await feed.ScalarAsync(sql, values))!;

    [Fact]
    public async Task A_source_becomes_big_and_small_again_and_no_feed_changes()
    {
        var people = People(FeedFixture.BigSource + 4);
        await feed.ReadsAsync(people);
        await FollowAllAsync(people[..FeedFixture.BigSource]);
        var first = await feed.PublishAsync(author);
        await feed.ShowsAsync(people[0], first);
        (await ModeAsync()).ShouldBe(SourceMode.Small);
        await FeedFixture.Until(async () => await EntriesAsync(first) == FeedFixture.BigSource);

        await FollowAllAsync(people[FeedFixture.BigSource..]);
        await FeedFixture.Until(async () => await ModeAsync() == SourceMode.Big);
        var second = await feed.PublishAsync(author);
        foreach (var person in people)
            await feed.ShowsAsync(person, second, first);
        (await EntriesAsync(second)).ShouldBe(0);

        await FollowAllAsync(people[7..], following: false);
        await FeedFixture.Until(async () => await ModeAsync() == SourceMode.Small);
        (await EntriesAsync(second)).ShouldBe(7);
        var third = await feed.PublishAsync(author);
        foreach (var person in people[..7])
            await feed.ShowsAsync(person, third, second, first);
        foreach (var person in people[7..])
            await feed.ShowsAsync(person);
        (await CountAsync("select count(*) from big_follows where source_id = $1", author)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_published_while_a_source_grows_reaches_everybody_once()
    {
        var people = People(40);
        await feed.ReadsAsync(people);
        var stories = new List<Story>();
        var follows = people.Select(person => feed.FollowAsync(person, author)).ToArray();
        for (var n = 0; n < 10; n++)
            stories.Insert(0, await feed.PublishAsync(author));

        await feed.SettledAsync(await Task.WhenAll(follows));

        foreach (var person in people)
            await feed.ShowsAsync(person, [.. stories]);
        (await ModeAsync()).ShouldBe(SourceMode.Big);
    }

    [Fact]
    public async Task A_follow_that_commits_while_the_article_is_spread_does_not_miss_it()
    {
        var reader = Guid.CreateVersion7();
        await feed.ReadsAsync(reader);
        await using var connection = await feed.Database.OpenConnectionAsync(Cancel);
        await using var follow = await connection.BeginTransactionAsync(Cancel);
        await connection.ExecuteAsync("insert into follows values ($1, $2)", [reader, author], Cancel);
        await connection.ExecuteAsync("insert into jobs (kind, source_id, person_id, delta, created_at) values (2, $1, $2, 1, now())", [author, reader], Cancel);
        var story = await feed.PublishAsync(author);
        await FeedFixture.Until(async () => await CountAsync("select count(*) from source_articles where source_id = $1", author) == 1);
        await FeedFixture.Until(async () => await CountAsync("select count(*) from jobs where source_id = $1", author) == 0);

        await follow.CommitAsync(Cancel);

        await feed.ShowsAsync(reader, story);
    }

    [Fact]
    public async Task An_unfollow_that_comes_while_the_article_is_spread_leaves_nothing_behind()
    {
        var reader = Guid.CreateVersion7();
        await feed.ReadsAsync(reader);
        await FollowAllAsync([reader]);
        await using var worker = await feed.Database.OpenConnectionAsync(Cancel);
        await using var turn = await worker.BeginTransactionAsync(Cancel);
        // A worker in the midst of its turn: it has locked the follower and written the entry.
        await worker.ExecuteAsync("select from follows where person_id = $1 for key share", [reader], Cancel);
        await worker.ExecuteAsync("insert into entries values ($1, now(), $2, $3)", [reader, Guid.CreateVersion7(), author], Cancel);
        var unfollowed = await feed.FollowAsync(reader, author, following: false);
        await FeedFixture.Until(async () => await CountAsync("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from follows%'") > 0);

        await turn.CommitAsync(Cancel);

        await feed.SettledAsync(unfollowed);
        (await CountAsync("select count(*) from entries where person_id = $1", reader)).ShouldBe(0);
    }

    [Fact]
    public async Task A_turn_that_dies_is_done_again_by_another_and_no_follower_gets_it_twice()
    {
        var people = People(FeedFixture.BigSource);
        await feed.ReadsAsync(people);
        await FollowAllAsync(people);
        var story = new Story(author);
        await using (var connection = await feed.Database.OpenConnectionAsync(Cancel))
        await using (await connection.BeginTransactionAsync(Cancel))
        {
            // The article and its job as an event would write them; a first chunk is served, then the worker is gone before it commits.
            await WriteAsync(connection, story);
            (await new Turn(connection, new FeedOptions { Chunk = 3 }, TimeProvider.System, Cancel).SpreadAsync()).ShouldBeGreaterThan(0);
            await using var served = connection.Command("select count(*) from entries where article_id = $1", story.Id);
            (await served.ExecuteScalarAsync(Cancel)).ShouldBe(3L);
        }
        (await EntriesAsync(story)).ShouldBe(0);

        await feed.TellAsync(story);

        foreach (var person in people)
            await feed.ShowsAsync(person, story);
        await FeedFixture.Until(async () => await EntriesAsync(story) == people.Length);

        async Task WriteAsync(NpgsqlConnection connection, Story told)
        {
            await connection.ExecuteAsync("insert into source_articles values ($1, $2, $3, $1, 1, null)", [author, told.Time, told.Id], Cancel);
            await connection.ExecuteAsync("insert into jobs (kind, turn, source_id, article_id, publish_time, created_at) values (1, -1, $1, $2, $3, now())", [author, told.Id, told.Time], Cancel);
        }
    }

    [Fact]
    public async Task Several_workers_share_the_followers_of_one_article()
    {
        var people = People(FeedFixture.BigSource);
        await feed.ReadsAsync(people);
        await FollowAllAsync(people);
        var workers = feed.Host.Services.GetRequiredService<Workers>();
        var stories = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => feed.PublishAsync(author)));

        // Beside the one that runs in the service.
        var turns = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 100; n++)
                await workers.TakeTurnAsync(JobKind.Spread, Cancel);
        }));
        await Task.WhenAll(turns);

        foreach (var person in people)
            await feed.ShowsAsync(person, [.. stories.OrderByDescending(s => s.Time)]);
        foreach (var story in stories)
            (await EntriesAsync(story)).ShouldBe(people.Length);
    }

    [Fact]
    public async Task Who_stays_away_costs_nothing_and_finds_everything_on_coming_back()
    {
        var reader = Guid.CreateVersion7();
        await feed.ReadsAsync(reader);
        await FollowAllAsync([reader]);
        var before = await feed.PublishAsync(author);
        await feed.ShowsAsync(reader, before);
        var workers = feed.Host.Services.GetRequiredService<Workers>();
        await AwayAsync(TimeSpan.FromDays(30.5));
        (await CountAsync("select count(*) from entries where person_id = $1", reader)).ShouldBe(1);
        await AwayAsync(TimeSpan.FromDays(31.5));
        (await CountAsync("select count(*) from entries where person_id = $1", reader)).ShouldBe(0);

        var after = await feed.PublishAsync(author);
        await FeedFixture.Until(async () => await CountAsync("select count(*) from source_articles where source_id = $1", author) == 2);
        await FeedFixture.Until(async () => await CountAsync("select count(*) from jobs where source_id = $1", author) == 0);
        (await CountAsync("select count(*) from entries where person_id = $1", reader)).ShouldBe(0);

        (await feed.IdsOfAsync(reader)).ShouldBe([after.Id, before.Id]);
        await FeedFixture.Until(async () => await CountAsync("select count(*) from entries where person_id = $1", reader) == 2);
        (await feed.IdsOfAsync(reader)).ShouldBe([after.Id, before.Id]);

        async Task AwayAsync(TimeSpan time)
        {
            await feed.ScalarAsync("update readers set read_at = now() - $2 where person_id = $1", reader, time);
            while (await workers.SweepOnceAsync(Cancel) > 0);
        }
    }

    [Fact]
    public async Task Pages_beyond_what_is_kept_are_read_from_the_sources_without_a_gap()
    {
        var reader = Guid.CreateVersion7();
        var others = People(3);
        await feed.ReadsAsync(reader);
        await feed.SettledAsync(await Task.WhenAll(others.Select(other => feed.FollowAsync(reader, other))));
        var stories = new List<Story>();
        for (var n = 0; n < 40; n++)
            stories.Insert(0, await feed.PublishAsync(others[n % 3]));
        await feed.ShowsAsync(reader, [.. stories]);

        // Twice: the first raises the horizon, the second deletes what is below.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await feed.ScalarAsync("insert into jobs (kind, person_id, created_at) values (6, $1, now())", reader);
            await FeedFixture.Until(async () => await CountAsync("select count(*) from jobs where person_id = $1", reader) == 0);
            (await feed.IdsOfAsync(reader, 7)).ShouldBe(stories.Select(s => s.Id));
        }

        (await CountAsync("select count(*) from entries where person_id = $1", reader)).ShouldBe(12);
        foreach (var size in new[] { 1, 12, 13, 100 })
            (await feed.IdsOfAsync(reader, size)).ShouldBe(stories.Select(s => s.Id));
    }

    [Fact]
    public async Task Paging_neither_repeats_nor_skips_while_new_articles_arrive()
    {
        var reader = Guid.CreateVersion7();
        var topic = $"topic-{reader:N}";
        await feed.ReadsAsync(reader);
        await feed.FollowAsync(reader, FollowTarget.Topic, topic);
        await feed.SettledAsync(await feed.FollowAsync(reader, author));
        var before = new List<Story>();
        for (var n = 0; n < 30; n++)
            before.Insert(0, await feed.PublishAsync(n % 2 == 0 ? author : Guid.CreateVersion7(), topic));
        await feed.ShowsAsync(reader, [.. before]);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var arriving = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await feed.PublishAsync(author, topic);
        }, Cancel);
        for (var round = 0; round < 10; round++)
        {
            var seen = (await feed.AllOfAsync(reader, pageSize: 1 + round)).Select(e => Guid.Parse(e.ArticleId)).ToArray();
            seen.Distinct().Count().ShouldBe(seen.Length);
            seen[^30..].ShouldBe(before.Select(s => s.Id));
        }
        await enough.CancelAsync();
        await arriving;
    }

    /// <summary>What the feed of everybody must be, computed the plain way.</summary>
    sealed class Model
    {
        public HashSet<(Guid Person, Source Source)> Follows { get; } = [];
        public HashSet<(Guid Person, Guid Other)> Muted { get; } = [];
        public HashSet<(Guid Person, Guid Other)> Blocked { get; } = [];
        public Dictionary<Story, bool> Stories { get; } = [];

        public (Guid Id, string[] Reasons)[] FeedOf(Guid person) =>
        [
            .. from story in Stories where story.Value select story.Key into story
               let reasons = SourcesOf(story).Where(source => Follows.Contains((person, source))).ToArray()
               where reasons.Length > 0 && !Muted.Contains((person, story.Author)) && !Blocked.Contains((person, story.Author)) && !Blocked.Contains((story.Author, person))
               orderby story.Time descending
               select (story.Id, reasons.Select(r => r.Name ?? r.Id.ToString()).Order(StringComparer.Ordinal).ToArray()),
        ];

        static IEnumerable<Source> SourcesOf(Story story) => story.Topics.Select(Source.Topic).Prepend(Source.Person(story.Author));
    }

    [Theory]
    [InlineData(2), InlineData(3)]
    public async Task Whatever_happens_in_whatever_order_everybody_sees_what_the_rules_say(int seed)
    {
        var random = new Random(seed);
        var model = new Model();
        var people = People(16);
        string[] topics = [.. Enumerable.Range(0, 3).Select(n => $"{author:N}-{n}")];
        var sent = new List<Task<Guid>>();
        // Not everybody reads from the beginning.
        await feed.ReadsAsync(people[..10]);
        for (var step = 0; step < 300; step++)
        {
            // The first few people and topics are followed by most, and cross the measure for big sources up and down.
            var (person, other) = (Pick(people), people[random.Next(random.Next(1, people.Length))]);
            switch (random.Next(12))
            {
                case < 4 when person != other:
                    Follow(person, Source.Person(other), random.Next(3) > 0);
                    break;
                case < 5:
                    Follow(person, Source.Topic(Pick(topics)), random.Next(3) > 0);
                    break;
                case < 8:
                    var story = new Story(other) { Topics = [.. topics.Where(_ => random.Next(3) == 0)], Time = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.Next(100_000_000)).AddMicroseconds(step) };
                    model.Stories[story] = true;
                    sent.Add(feed.TellAsync(story));
                    break;
                case < 10 when model.Stories.Count > 0:
                    var known = Pick(model.Stories.Keys.ToArray());
                    known.Topics = [.. topics.Where(_ => random.Next(3) == 0)];
                    model.Stories[known] = random.Next(3) > 0;
                    sent.Add(feed.TellAsync(known, model.Stories[known] ? ArticleChanged.Types.Change.Updated : ArticleChanged.Types.Change.Unpublished));
                    break;
                case 10 when person != other:
                    var (mute, block) = (random.Next(2) == 0, random.Next(3) == 0);
                    Set(model.Muted, (person, other), mute);
                    Set(model.Blocked, (person, other), block);
                    sent.Add(feed.RelateAsync(person, other, mute, block));
                    break;
                case 11:
                    await feed.As(person).ListFeedAsync(new() { PageSize = 3 }, cancellationToken: Cancel);
                    break;
            }
        }

        await feed.SettledAsync(await Task.WhenAll(sent));

        foreach (var person in people)
            foreach (var size in new[] { 4, 100 })
            {
                var shown = await feed.AllOfAsync(person, size);
                var wanted = model.FeedOf(person);
                shown.Select(e => Guid.Parse(e.ArticleId)).ShouldBe(wanted.Select(w => w.Id), $"person {Array.IndexOf(people, person)}, page size {size}");
                shown.Select(e => string.Join(' ', e.Reasons.Select(r => r.Id).Order(StringComparer.Ordinal))).ShouldBe(wanted.Select(w => string.Join(' ', w.Reasons)));
            }

        T Pick<T>(T[] all) => all[random.Next(all.Length)];

        static void Set<T>(HashSet<T> set, T item, bool wanted)
        {
            if (wanted) set.Add(item);
            else set.Remove(item);
        }

        void Follow(Guid person, Source source, bool following)
        {
            Set(model.Follows, (person, source), following);
            sent.Add(feed.FollowAsync(person, (FollowTarget)source.Kind, source.Name ?? source.Id.ToString(), following));
        }
    }
}
