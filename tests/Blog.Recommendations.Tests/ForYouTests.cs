using Blog.Events.V1;
using Blog.Recommendations.V1;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using static Blog.Recommendations.V1.Reason.Types;
using static Blog.Events.V1.ArticleChanged.Types;
using Down = Blog.Recommendations.V1.TurnedDown.Types.Kind;

namespace Blog.Recommendations.Tests;

public sealed class ForYouTests(RecommendationsFixture blog)
{
    const string Harbour = "<p>The harbour clock counts the tide, and the mussels on the gauge keep a quieter count of brackish water.</p>";
    readonly Guid reader = Guid.CreateVersion7(), author = Guid.CreateVersion7(), other = Guid.CreateVersion7();
    readonly string topic = $"topic-{Guid.NewGuid():N}";
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Guid[] People(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    /// <summary>Stories of other authors for people to read beside what a test is about, so that they are ordinary readers.</summary>
    async Task<Story[]> OrdinaryAsync(int count) => await blog.PublishAsync([.. Enumerable.Range(0, count).Select(_ => new Story(Guid.CreateVersion7()) { Time = Story.LongAgo })]);

    [Fact]
    public async Task What_a_followed_person_writes_is_recommended_because_they_are_followed()
    {
        await blog.FollowAsync(reader, author);
        var story = new Story(author);
        await blog.PublishAsync(story);

        await blog.IsRecommendedAsync(reader, story, Kind.FollowedPerson, author.ToString());

        (await blog.FindAsync(reader, story))!.AuthorId.ShouldBe(author.ToString());
    }

    [Fact]
    public async Task What_appears_in_a_followed_topic_or_publication_is_recommended_because_of_it()
    {
        var publication = Guid.CreateVersion7();
        await blog.FollowAsync(reader, FollowTarget.Topic, topic);
        await blog.FollowAsync(reader, FollowTarget.Publication, publication.ToString());
        var (inTopic, inPublication) = (new Story(author, "another", topic), new Story(other) { Publication = publication });
        await blog.PublishAsync(inTopic, inPublication);

        await blog.IsRecommendedAsync(reader, inTopic, Kind.FollowedTopic, topic);
        await blog.IsRecommendedAsync(reader, inPublication, Kind.FollowedPublication, publication.ToString());
    }

    [Fact]
    public async Task A_story_with_like_words_is_recommended_because_the_first_was_read()
    {
        var (read, like, unlike) = (new Story(author) { Html = Harbour, Time = Story.LongAgo }, new Story(other) { Html = Harbour + "<p>Nobody hurries here.</p>", Time = Story.LongAgo },
            new Story(other) { Html = "<p>Compilers borrow what they cannot own, said our lecturer.</p>", Time = Story.LongAgo });
        await blog.PublishAsync(read, like, unlike);

        await blog.ReadAsync(reader, read);

        await blog.IsRecommendedAsync(reader, like, Kind.Read, read.Id.ToString());
        (await blog.FindAsync(reader, unlike))?.Reason.Kind.ShouldNotBe(Kind.Read);
    }

    [Fact]
    public async Task What_the_readers_of_a_story_read_too_is_recommended_because_of_them()
    {
        var (one, two) = (new Story(author) { Time = Story.LongAgo }, new Story(other) { Time = Story.LongAgo });
        await blog.PublishAsync(one, two);
        foreach (var person in People(6))
            await blog.ReadAsync(person, one, two);

        await blog.ReadAsync(reader, one);

        await blog.IsRecommendedAsync(reader, two, Kind.ReadersLikeYou, one.Id.ToString());
    }

    [Fact]
    public async Task What_is_written_by_who_is_often_read_is_recommended_because_of_that()
    {
        var before = await blog.PublishAsync([.. Enumerable.Range(0, 4).Select(_ => new Story(author) { Time = Story.LongAgo })]);
        var next = new Story(author) { Time = Story.LongAgo };
        await blog.PublishAsync(next);

        await blog.ReadAsync(reader, before);

        await blog.IsRecommendedAsync(reader, next, Kind.ReadPerson, author.ToString());
    }

    [Fact]
    public async Task Who_is_new_gets_what_is_popular_with_its_topic_and_is_told_to_be_new()
    {
        var story = new Story(author, topic) { Time = Story.LongAgo };
        await blog.PublishAsync(story);
        var ordinary = await OrdinaryAsync(3);
        foreach (var person in People(12))
            await blog.ReadAsync(person, [.. ordinary, story]);

        await blog.IsRecommendedAsync(reader, story, Kind.PopularInTopic, topic);
        (await blog.As(reader).ListForYouAsync(new(), cancellationToken: Cancel)).Cold.ShouldBeTrue();

        await blog.FollowAsync(reader, FollowTarget.Topic, topic);
        (await blog.As(reader).ListForYouAsync(new(), cancellationToken: Cancel)).Cold.ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_story_that_nobody_has_read_gets_its_first_readers()
    {
        await RecommendationsFixture.Until(async () =>
        {
            // Another one each time: other tests look at it too, until its first audience has seen it, and one of them puts the clock forward.
            var story = new Story(author, topic) { Time = blog.Clock.GetUtcNow().UtcDateTime.AddMinutes(-1) };
            await blog.PublishAsync(story);
            foreach (var person in People(5))
                if (await blog.FindAsync(person, story) is { } found)
                    return found.Reason.Kind == Kind.New;
            return false;
        });
    }

    [Fact]
    public async Task Neither_ones_own_stories_nor_what_was_read_are_recommended()
    {
        await blog.FollowAsync(reader, author);
        var (read, unread, own) = (new Story(author), new Story(author), new Story(reader));
        await blog.PublishAsync(read, unread, own);
        await blog.IsRecommendedAsync(reader, read, Kind.FollowedPerson, author.ToString());

        await blog.ReadAsync(reader, read);

        (await blog.FindAsync(reader, read)).ShouldBeNull();
        (await blog.FindAsync(reader, own)).ShouldBeNull();
        (await blog.FindAsync(reader, unread)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_unpublished_story_is_gone_and_comes_back_when_it_is_published_again()
    {
        await blog.FollowAsync(reader, author);
        var story = new Story(author);
        await blog.PublishAsync(story);
        await blog.IsRecommendedAsync(reader, story, Kind.FollowedPerson, author.ToString());

        await blog.TellAsync(story, Change.Unpublished);
        await RecommendationsFixture.Until(async () => await blog.FindAsync(reader, story) is null);

        await blog.TellAsync(story);
        await blog.IsRecommendedAsync(reader, story, Kind.FollowedPerson, author.ToString());
    }

    [Fact]
    public async Task What_is_turned_down_is_gone_with_the_next_page_and_back_when_it_is_taken_back()
    {
        await blog.FollowAsync(reader, author);
        await blog.FollowAsync(reader, FollowTarget.Topic, topic);
        var (story, ofAuthor, inTopic) = (new Story(author), new Story(author), new Story(other, topic));
        await blog.PublishAsync(story, ofAuthor, inTopic);
        await blog.IsRecommendedAsync(reader, story, Kind.FollowedPerson, author.ToString());
        await blog.IsRecommendedAsync(reader, inTopic, Kind.FollowedTopic, topic);

        await AbsentAsync(Down.Article, story.Id.ToString(), [story], [ofAuthor, inTopic]);
        await AbsentAsync(Down.Person, author.ToString(), [story, ofAuthor], [inTopic]);
        await AbsentAsync(Down.Topic, topic, [inTopic], [story, ofAuthor]);

        async Task AbsentAsync(Down kind, string subject, Story[] gone, Story[] there)
        {
            await blog.As(reader).TurnDownAsync(new() { Kind = kind, SubjectId = subject }, cancellationToken: Cancel);
            await blog.As(reader).TurnDownAsync(new() { Kind = kind, SubjectId = subject }, cancellationToken: Cancel);
            var ids = (await blog.AllAsync(reader)).Select(r => r.ArticleId).ToHashSet();
            gone.ShouldAllBe(one => !ids.Contains(one.Id.ToString()));
            there.ShouldAllBe(one => ids.Contains(one.Id.ToString()));
            (await blog.As(reader).ListTurnDownsAsync(new(), cancellationToken: Cancel)).TurnedDown.ShouldHaveSingleItem().SubjectId.ShouldBe(subject);
            await blog.As(reader).UndoTurnDownAsync(new() { Kind = kind, SubjectId = subject }, cancellationToken: Cancel);
            ids = [.. (await blog.AllAsync(reader)).Select(r => r.ArticleId)];
            gone.ShouldAllBe(one => ids.Contains(one.Id.ToString()));
        }
    }

    [Fact]
    public async Task Less_like_this_lowers_what_is_like_it()
    {
        await blog.FollowAsync(reader, FollowTarget.Topic, topic);
        const string Text = "<p>Sourdough wants patience, rye flour, and a kitchen that forgets the hurry of weekdays.</p>";
        var (turned, like, unlike) = (new Story(author, topic) { Html = Text }, new Story(other, topic) { Html = Text + "<p>Salt.</p>" }, new Story(Guid.CreateVersion7(), topic) { Html = "<p>Quartz watches drift predictably through seasons.</p>" });
        await blog.PublishAsync(turned, like, unlike);
        await blog.IsRecommendedAsync(reader, like, Kind.FollowedTopic, topic);

        await blog.As(reader).TurnDownAsync(new() { Kind = Down.Article, SubjectId = turned.Id.ToString() }, cancellationToken: Cancel);

        // As soon as the service knows that their words are alike.
        await RecommendationsFixture.Until(async () =>
        {
            var order = (await blog.AllAsync(reader)).Select(r => r.ArticleId).ToList();
            var (wanted, lowered) = (order.IndexOf(unlike.Id.ToString()), order.IndexOf(like.Id.ToString()));
            return wanted >= 0 && (lowered < 0 || lowered > wanted);
        });
    }

    [Fact]
    public async Task The_list_of_what_was_turned_down_has_pages()
    {
        var people = People(5);
        foreach (var person in people)
            await blog.As(reader).TurnDownAsync(new() { Kind = Down.Person, SubjectId = person.ToString() }, cancellationToken: Cancel);

        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await blog.As(reader).ListTurnDownsAsync(new() { PageSize = 2, PageToken = token }, cancellationToken: Cancel);
            listed.AddRange(page.TurnedDown.Select(t => t.SubjectId));
            token = page.NextPageToken;
        } while (token.Length > 0);

        listed.ShouldBe(people.Reverse().Select(person => person.ToString()));
        (await blog.As(other).ListTurnDownsAsync(new(), cancellationToken: Cancel)).TurnedDown.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_muted_or_blocked_in_either_direction_is_left_out_at_once()
    {
        var third = Guid.CreateVersion7();
        foreach (var person in new[] { author, other, third })
            await blog.FollowAsync(reader, person);
        var (muted, blocked, blocking) = (new Story(author), new Story(other), new Story(third));
        await blog.PublishAsync(muted, blocked, blocking);
        await blog.IsRecommendedAsync(reader, blocking, Kind.FollowedPerson, third.ToString());

        await blog.RelateAsync(reader, author, muted: true);
        await blog.RelateAsync(reader, other, blocked: true);
        await blog.RelateAsync(third, reader, blocked: true);

        foreach (var story in new[] { muted, blocked, blocking })
            (await blog.FindAsync(reader, story)).ShouldBeNull();
        await blog.RelateAsync(reader, author);
        (await blog.FindAsync(reader, muted)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_skip_and_a_page_read_again_keeps_its_order()
    {
        await blog.FollowAsync(reader, FollowTarget.Topic, topic);
        var stories = await blog.PublishAsync([.. Enumerable.Range(0, 30).Select(_ => new Story(Guid.CreateVersion7(), topic))]);
        await RecommendationsFixture.Until(async () => (await blog.AllAsync(reader)).Select(r => r.ArticleId).Intersect(stories.Select(s => s.Id.ToString())).Count() == 30);

        var first = await blog.As(reader).ListForYouAsync(new() { PageSize = 7 }, cancellationToken: Cancel);
        var second = await blog.As(reader).ListForYouAsync(new() { PageSize = 7, PageToken = first.NextPageToken }, cancellationToken: Cancel);
        // Something new comes between two pages.
        var late = new Story(Guid.CreateVersion7(), topic) { Time = blog.Clock.GetUtcNow().UtcDateTime };
        await blog.PublishAsync(late);
        var again = await blog.As(reader).ListForYouAsync(new() { PageSize = 7, PageToken = first.NextPageToken }, cancellationToken: Cancel);
        var all = new List<RecommendedArticle>([.. first.Articles, .. second.Articles]);
        for (var token = second.NextPageToken; token.Length > 0;)
        {
            var page = await blog.As(reader).ListForYouAsync(new() { PageSize = 7, PageToken = token }, cancellationToken: Cancel);
            all.AddRange(page.Articles);
            token = page.NextPageToken;
        }

        // Other tests publish and read as well, so a place that is kept for what is new or different may have another story in it.
        var (before, after) = (second.Articles.Select(r => r.ArticleId).ToList(), again.Articles.Select(r => r.ArticleId).ToList());
        after.Intersect(before).Count().ShouldBeGreaterThanOrEqualTo(5);
        var own = stories.Select(story => story.Id.ToString()).ToHashSet();
        after.Where(before.Contains).Where(own.Contains).ShouldBe(before.Where(after.Contains).Where(own.Contains));
        after.Intersect(first.Articles.Select(r => r.ArticleId)).ShouldBeEmpty();
        after.ShouldNotContain(late.Id.ToString());
        all.Select(r => r.ArticleId).ShouldBeUnique();
        stories.ShouldAllBe(story => all.Any(r => r.ArticleId == story.Id.ToString()));
    }

    [Fact]
    public async Task One_author_does_not_fill_a_page()
    {
        await blog.FollowAsync(reader, author);
        await blog.FollowAsync(reader, FollowTarget.Topic, topic);
        await blog.PublishAsync([.. Enumerable.Range(0, 8).Select(_ => new Story(author, topic)), .. Enumerable.Range(0, 8).Select(_ => new Story(Guid.CreateVersion7(), topic))]);
        await RecommendationsFixture.Until(async () => (await blog.AllAsync(reader)).Count(r => r.AuthorId == author.ToString()) == 8);

        (await blog.PageAsync(reader, 10)).Count(r => r.AuthorId == author.ToString()).ShouldBeInRange(2, 6);
    }

    [Fact]
    public async Task Erased_history_is_forgotten_with_all_that_was_learned_from_it()
    {
        var (one, two) = (new Story(author) { Time = Story.LongAgo }, new Story(other) { Time = Story.LongAgo });
        await blog.PublishAsync(one, two);
        foreach (var person in People(6))
            await blog.ReadAsync(person, one, two);
        await blog.ReadAsync(reader, one);
        await blog.IsRecommendedAsync(reader, two, Kind.ReadersLikeYou, one.Id.ToString());
        await blog.SettledAsync(await blog.ClapsAsync(other, one));
        await blog.ReadAsync(other, one);

        await EraseAsync(reader, null);
        await EraseAsync(other, one);

        (await blog.AllAsync(reader)).ShouldAllBe(r => r.Reason.SubjectId != one.Id.ToString());
        (await blog.As(reader).ListForYouAsync(new(), cancellationToken: Cancel)).Cold.ShouldBeTrue();
        (await blog.ScalarAsync("select count(*) from signals where person_id = $1", reader)).ShouldBe(0L);
        // What was applauded in public is no history.
        (await blog.ScalarAsync("select count(*) from signals where person_id = $1 and read_at is null and claps = 1", other)).ShouldBe(1L);

        async Task EraseAsync(Guid person, Story? story) => await blog.SettledAsync(await blog.SendAsync(Topics.Reads, person, new ReadingChanged
        {
            PersonId = person.ToString(), ArticleId = story?.Id.ToString() ?? "", Change = story is null ? ReadingChanged.Types.Change.AllErased : ReadingChanged.Types.Change.Erased,
        }));
    }

    [Fact]
    public async Task Somebody_elses_recommendations_cannot_be_read_and_wrong_input_is_named()
    {
        (await FailureOf(new ForYou.ForYouClient(blog.Host.CallInvoker()).ListForYouAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await FailureOf(new ForYou.ForYouClient(blog.Host.CallInvoker(blog.Issuer.ServiceToken())).ListForYouAsync(new()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);

        var mine = blog.As(reader);
        foreach (var token in new[] { "nonsense", "AAAA", "AQ", new string('A', 10_000), "é\0" })
            FieldOf(await FailureOf(mine.ListForYouAsync(new() { PageToken = token }))).ShouldBe("page_token");
        FieldOf(await FailureOf(mine.ListForYouAsync(new() { PageSize = -1 }))).ShouldBe("page_size");
        FieldOf(await FailureOf(mine.TurnDownAsync(new() { SubjectId = author.ToString() }))).ShouldBe("kind");
        FieldOf(await FailureOf(mine.TurnDownAsync(new() { Kind = Down.Person, SubjectId = "somebody" }))).ShouldBe("subject_id");
        FieldOf(await FailureOf(mine.TurnDownAsync(new() { Kind = Down.Topic }))).ShouldBe("subject_id");
        (await FailureOf(mine.TurnDownAsync(new() { Kind = Down.Article, SubjectId = author.ToString() }))).StatusCode.ShouldBe(StatusCode.NotFound);

        static string FieldOf(RpcException failure) => failure.Detail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field;
    }

    static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);
}
