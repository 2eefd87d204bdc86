using Blog.Events.V1;
using Blog.Recommendations.V1;
using Blog.ServiceDefaults.Events;
using static Blog.Recommendations.V1.Reason.Types;

namespace Blog.Recommendations.Tests;

public sealed class DiscoveryTests(RecommendationsFixture blog)
{
    readonly Guid reader = Guid.CreateVersion7(), author = Guid.CreateVersion7(), other = Guid.CreateVersion7();
    readonly string topic = $"topic-{Guid.NewGuid():N}";
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Guid[] People(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    async Task<List<RecommendedArticle>> RelatedAsync(Story story) => [.. (await blog.Public.ListRelatedAsync(new() { ArticleId = story.Id.ToString() }, cancellationToken: Cancel)).Articles];

    async Task<List<string>> TrendingAsync(int size = 20)
    {
        var (ids, token) = (new List<string>(), "");
        do
        {
            var page = await blog.Public.ListTrendingAsync(new() { Topic = topic, PageSize = size, PageToken = token }, cancellationToken: Cancel);
            ids.AddRange(page.Articles.Select(r => r.ArticleId));
            token = page.NextPageToken;
        } while (token.Length > 0);
        return ids;
    }

    /// <summary>People who read many authors, and these stories too.</summary>
    async Task OrdinaryReadAsync(int count, params Story[] stories)
    {
        var library = await blog.PublishAsync([.. Enumerable.Range(0, 12).Select(_ => new Story(Guid.CreateVersion7()) { Time = Story.LongAgo })]);
        foreach (var (person, index) in People(count).Select((person, index) => (person, index)))
            await blog.ReadAsync(person, [.. Enumerable.Range(0, 4).Select(i => library[(index + i * 3) % library.Length]), .. stories]);
    }

    [Fact]
    public async Task Related_are_those_with_like_words_then_those_of_author_and_topic_and_never_too_many_of_one_author()
    {
        const string Text = "<p>Lighthouse keepers wrote logbooks of fog, lamp oil and passing barques, night after night.</p>";
        var story = new Story(author, topic) { Html = Text, Time = Story.LongAgo };
        var (like, inTopic) = (new Story(other) { Html = Text + "<p>And of gulls.</p>", Time = Story.LongAgo }, new Story(Guid.CreateVersion7(), topic) { Time = Story.LongAgo });
        Story[] ofAuthor = [.. Enumerable.Range(0, 6).Select(_ => new Story(author) { Time = Story.LongAgo })];
        await blog.PublishAsync([story, like, inTopic, .. ofAuthor]);

        await RecommendationsFixture.Until(async () => (await RelatedAsync(story)).Count == 5);

        var related = await RelatedAsync(story);
        related[0].ArticleId.ShouldBe(like.Id.ToString());
        related[0].Reason.ShouldBe(new Reason { Kind = Kind.Read, SubjectId = story.Id.ToString() });
        related.Single(r => r.ArticleId == inTopic.Id.ToString()).Reason.ShouldBe(new Reason { Kind = Kind.SameTopic, SubjectId = topic });
        related.Where(r => r.AuthorId == author.ToString()).ShouldAllBe(r => r.Reason.Kind == Kind.SameAuthor);
        related.Count(r => r.AuthorId == author.ToString()).ShouldBe(3);
        related.ShouldAllBe(r => r.ArticleId != story.Id.ToString());
        (await blog.Public.ListRelatedAsync(new() { ArticleId = Guid.NewGuid().ToString() }, cancellationToken: Cancel)).Articles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Related_follow_the_text_when_it_is_edited_and_words_come_later_when_content_is_away()
    {
        const string Old = "<p>Bellringers counted changes in the belfry above Salisbury.</p>", New = "<p>Marmalade wants Seville oranges and a wide copper pan.</p>";
        var (story, bells, jam) = (new Story(author) { Html = Old }, new Story(other) { Html = Old }, new Story(Guid.CreateVersion7()) { Html = New });
        await blog.PublishAsync(story, bells, jam);
        await RecommendationsFixture.Until(async () => (await RelatedAsync(story)).FirstOrDefault()?.ArticleId == bells.Id.ToString());

        blog.ContentIsAway = true;
        story.Html = New;
        await blog.TellAsync(story, ArticleChanged.Types.Change.Updated);
        await RecommendationsFixture.Until(async () => (int)(await blog.ScalarAsync("select coalesce(max(attempts), 0) from text_jobs"))! > 0);
        blog.ContentIsAway = false;

        await RecommendationsFixture.Until(async () => (await RelatedAsync(story)).FirstOrDefault()?.ArticleId == jam.Id.ToString());
        await RecommendationsFixture.Until(async () => (await RelatedAsync(bells)).All(r => r.ArticleId != story.Id.ToString()));
    }

    [Fact]
    public async Task A_ring_that_applauds_its_own_author_does_not_trend_above_a_few_ordinary_readers()
    {
        var (applauded, read) = (new Story(author, topic), new Story(other, topic));
        // More of the ring's author, which the ring applauds as well.
        Story[] more = [.. Enumerable.Range(0, 4).Select(_ => new Story(author))];
        await blog.PublishAsync([applauded, read, .. more]);
        foreach (var fan in People(15))
            await blog.SettledAsync([.. await Task.WhenAll(more.Append(applauded).Select(story => blog.ClapsAsync(fan, story, 50)))]);
        await OrdinaryReadAsync(5, read);

        await RecommendationsFixture.Until(async () => (await TrendingAsync()).Count == 2);

        (await TrendingAsync()).ShouldBe([read.Id.ToString(), applauded.Id.ToString()]);
    }

    [Fact]
    public async Task A_trend_fades_for_one_that_is_newer_and_has_pages()
    {
        var stories = await blog.PublishAsync([.. Enumerable.Range(0, 5).Select(_ => new Story(Guid.CreateVersion7(), topic))]);
        await OrdinaryReadAsync(8, stories[0]);
        blog.Clock.Advance(TimeSpan.FromDays(4));
        foreach (var story in stories[1..])
            await OrdinaryReadAsync(3, story);

        await RecommendationsFixture.Until(async () => (await TrendingAsync(2)).Count == 5);

        var trending = await TrendingAsync(2);
        trending.ShouldBeUnique();
        trending[^1].ShouldBe(stories[0].Id.ToString());
        trending.ShouldBe(await TrendingAsync(100));
    }

    [Fact]
    public async Task An_event_told_again_counts_once()
    {
        var story = new Story(author, topic);
        await blog.PublishAsync(story);
        var (fan, response) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await TellAllAsync();
        var before = await MeasureAsync();

        await TellAllAsync();

        (await MeasureAsync()).ShouldBe(before);
        await blog.SettledAsync(await AnswerAsync(ResponseChanged.Types.Change.Deleted));
        (await blog.ScalarAsync("select cardinality(responses) from signals where person_id = $1", fan)).ShouldBe(0);

        async Task TellAllAsync() => await blog.SettledAsync(await blog.ReadsAsync(fan, story), await blog.ClapsAsync(fan, story, 7), await AnswerAsync(ResponseChanged.Types.Change.Created));

        Task<Guid> AnswerAsync(ResponseChanged.Types.Change change) => blog.SendAsync(Topics.Responses, story.Id, new ResponseChanged
        {
            ResponseId = response.ToString(), ArticleId = story.Id.ToString(), ArticleAuthorId = author.ToString(), AuthorId = fan.ToString(), Change = change,
        });

        Task<object?> MeasureAsync() => blog.ScalarAsync("select row(s.strength, m.readers)::text from signals s join audiences m using (number) where s.person_id = $1", fan);
    }

    [Fact]
    public async Task A_save_and_a_highlight_tell_of_interest_and_are_forgotten_when_they_are_taken_back()
    {
        var story = new Story(author, topic);
        await blog.PublishAsync(story);
        var mark = Guid.CreateVersion7();
        await TellAsync(true);
        (await blog.ScalarAsync("select strength from signals where person_id = $1", reader)).ShouldBe(1f);

        await TellAsync(false);

        (await blog.ScalarAsync("select count(*) from signals where person_id = $1", reader)).ShouldBe(0L);

        async Task TellAsync(bool present) => await blog.SettledAsync(
            await blog.SendAsync(Topics.Saves, reader, new SaveChanged { PersonId = reader.ToString(), ArticleId = story.Id.ToString(), Saved = present }),
            await blog.SendAsync(Topics.Highlights, story.Id, new HighlightChanged
            {
                HighlightId = mark.ToString(), ArticleId = story.Id.ToString(), ArticleAuthorId = author.ToString(), PersonId = reader.ToString(), Present = present,
            }));
    }

    [Fact]
    public async Task People_are_suggested_because_they_are_read_or_followed_by_those_one_follows()
    {
        var (friend, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await blog.FollowAsync(reader, friend);
        await blog.FollowAsync(reader, second);
        await blog.FollowAsync(friend, other);
        await blog.FollowAsync(second, other);
        var stories = await blog.PublishAsync([.. Enumerable.Range(0, 3).Select(_ => new Story(author, topic))]);
        await blog.ReadAsync(reader, stories);

        await RecommendationsFixture.Until(async () => (await SuggestedAsync(author))?.Reason.Kind == Kind.ReadPerson);

        var followed = await SuggestedAsync(other);
        (followed!.Reason.Kind, followed.Reason.Count).ShouldBe((Kind.FollowedByFollowed, 2));
        (await SuggestedAsync(friend)).ShouldBeNull();
        (await SuggestedAsync(reader)).ShouldBeNull();
        await blog.As(reader).TurnDownAsync(new() { Kind = TurnedDown.Types.Kind.Person, SubjectId = other.ToString() }, cancellationToken: Cancel);
        await blog.RelateAsync(reader, author, muted: true);
        (await SuggestedAsync(other)).ShouldBeNull();
        (await SuggestedAsync(author)).ShouldBeNull();

        async Task<SuggestedPerson?> SuggestedAsync(Guid id) =>
            (await blog.As(reader).SuggestPeopleAsync(new() { PageSize = 100 }, cancellationToken: Cancel)).People.SingleOrDefault(p => p.PersonId == id.ToString());
    }

    [Fact]
    public async Task Topics_are_suggested_because_they_are_read_until_they_are_followed()
    {
        var stories = await blog.PublishAsync([.. Enumerable.Range(0, 3).Select(_ => new Story(author, topic))]);
        await blog.ReadAsync(reader, stories);
        await RecommendationsFixture.Until(async () => await SuggestedAsync() is { Reason: { Kind: Kind.ReadTopic } reason } && reason.SubjectId == topic);

        await blog.FollowAsync(reader, FollowTarget.Topic, topic);

        (await SuggestedAsync()).ShouldBeNull();

        async Task<SuggestedTopic?> SuggestedAsync() => (await blog.As(reader).SuggestTopicsAsync(new() { PageSize = 100 }, cancellationToken: Cancel)).Topics.SingleOrDefault(t => t.Topic == topic);
    }

    [Fact]
    public async Task Who_is_not_signed_in_finds_popular_people_and_topics()
    {
        var story = new Story(author, topic);
        await blog.PublishAsync(story);
        await OrdinaryReadAsync(6, story);

        await RecommendationsFixture.Until(async () => (await blog.Public.ListPopularPeopleAsync(new() { PageSize = 100 }, cancellationToken: Cancel)).People
            .Any(p => p.PersonId == author.ToString() && p.Reason is { Kind: Kind.PopularInTopic } reason && reason.SubjectId == topic));
        await RecommendationsFixture.Until(async () => (await blog.Public.ListPopularTopicsAsync(new() { PageSize = 100 }, cancellationToken: Cancel)).Topics.Any(t => t.Topic == topic));
    }
}
