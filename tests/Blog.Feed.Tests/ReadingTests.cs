using Blog.Events.V1;
using Blog.Feed.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Feed.Tests;

public sealed class ReadingTests(FeedFixture feed)
{
    readonly Guid reader = Guid.CreateVersion7(), author = Guid.CreateVersion7(), other = Guid.CreateVersion7();
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_followed_people_publish_appears_newest_first_with_its_reason()
    {
        await feed.ReadsAsync(reader);
        await feed.SettledAsync(await feed.FollowAsync(reader, author));
        var older = await feed.PublishAsync(author);
        var newer = await feed.PublishAsync(author, "tides");
        await feed.PublishAsync(other);

        await feed.ShowsAsync(reader, newer, older);

        var first = (await feed.AllOfAsync(reader))[0];
        first.AuthorId.ShouldBe(author.ToString());
        first.PublishTime.ToDateTime().ShouldBe(newer.Time);
        first.Reasons.ShouldHaveSingleItem().ShouldBe(new FeedReason { Kind = FeedReason.Types.Kind.Person, Id = author.ToString() });
    }

    [Fact]
    public async Task An_article_of_several_authors_reaches_the_followers_of_each_and_leaves_those_of_who_left()
    {
        await feed.ReadsAsync(reader);
        await feed.SettledAsync(await feed.FollowAsync(reader, other));
        var story = new Story(author) { CoAuthors = [other] };
        await feed.SettledAsync(await feed.TellAsync(story));
        (await feed.AllOfAsync(reader)).ShouldHaveSingleItem().Reasons.ShouldHaveSingleItem().Id.ShouldBe(other.ToString());

        story.CoAuthors = [];
        await feed.SettledAsync(await feed.TellAsync(story, ArticleChanged.Types.Change.Updated));
        (await feed.AllOfAsync(reader)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_article_appears_once_with_all_of_its_reasons()
    {
        var (topic, publication) = ($"topic-{reader:N}", Guid.CreateVersion7());
        await feed.ReadsAsync(reader);
        await feed.FollowAsync(reader, FollowTarget.Topic, topic);
        await feed.FollowAsync(reader, author);
        await feed.SettledAsync(await feed.FollowAsync(reader, FollowTarget.Publication, publication.ToString()));
        var story = new Story(author) { Topics = ["other", topic], Publication = publication };
        await feed.SettledAsync(await feed.TellAsync(story));

        var entry = (await feed.AllOfAsync(reader)).ShouldHaveSingleItem();

        entry.Reasons.Select(r => (r.Kind, r.Id)).ShouldBe(
        [
            (FeedReason.Types.Kind.Person, author.ToString()),
            (FeedReason.Types.Kind.Publication, publication.ToString()),
            (FeedReason.Types.Kind.Topic, topic),
        ]);
    }

    [Fact]
    public async Task Who_begins_to_follow_sees_what_was_published_before()
    {
        var first = await feed.PublishAsync(author);
        var second = await feed.PublishAsync(author);
        await feed.ReadsAsync(reader);

        await feed.FollowAsync(reader, author);

        await feed.ShowsAsync(reader, second, first);
    }

    [Fact]
    public async Task Who_unfollows_sees_it_no_more_but_for_another_reason()
    {
        var topic = $"topic-{reader:N}";
        await feed.ReadsAsync(reader);
        await feed.FollowAsync(reader, author);
        await feed.SettledAsync(await feed.FollowAsync(reader, FollowTarget.Topic, topic));
        var plain = await feed.PublishAsync(author);
        var inTopic = await feed.PublishAsync(author, topic);
        await feed.ShowsAsync(reader, inTopic, plain);

        await feed.FollowAsync(reader, author, following: false);

        await feed.ShowsAsync(reader, inTopic);
        (await feed.AllOfAsync(reader))[0].Reasons.ShouldHaveSingleItem().Id.ShouldBe(topic);
    }

    [Fact]
    public async Task An_unpublished_or_deleted_article_vanishes_and_comes_back_to_its_place()
    {
        await feed.ReadsAsync(reader);
        await feed.SettledAsync(await feed.FollowAsync(reader, author));
        var (first, second, third) = (await feed.PublishAsync(author), await feed.PublishAsync(author), await feed.PublishAsync(author));
        await feed.ShowsAsync(reader, third, second, first);

        await feed.TellAsync(second, Change.Unpublished);
        await feed.TellAsync(third, Change.Deleted);
        await feed.ShowsAsync(reader, first);

        await feed.TellAsync(second);
        await feed.ShowsAsync(reader, second, first);
    }

    [Fact]
    public async Task A_changed_article_keeps_its_place_and_moves_between_topics()
    {
        var (left, entered) = ($"left-{reader:N}", $"entered-{reader:N}");
        var another = Guid.CreateVersion7();
        await feed.ReadsAsync(reader, another);
        await feed.FollowAsync(reader, FollowTarget.Topic, left);
        await feed.SettledAsync(await feed.FollowAsync(another, FollowTarget.Topic, entered));
        var moving = await feed.PublishAsync(author, left);
        var staying = await feed.PublishAsync(author, left, entered);
        await feed.ShowsAsync(reader, staying, moving);

        moving.Topics = [entered];
        await feed.TellAsync(moving, Change.Updated);

        await feed.ShowsAsync(reader, staying);
        await feed.ShowsAsync(another, staying, moving);
    }

    [Fact]
    public async Task An_imported_article_takes_its_place_by_its_own_date()
    {
        await feed.ReadsAsync(reader);
        await feed.SettledAsync(await feed.FollowAsync(reader, author));
        var present = await feed.PublishAsync(author);
        await feed.ShowsAsync(reader, present);

        var old = new Story(author) { Time = new DateTime(2014, 11, 3, 0, 0, 0, DateTimeKind.Utc) };
        await feed.TellAsync(old);

        await feed.ShowsAsync(reader, present, old);
    }

    [Fact]
    public async Task Muted_people_are_left_out_also_of_topics_until_they_are_unmuted()
    {
        var topic = $"topic-{reader:N}";
        await feed.ReadsAsync(reader);
        await feed.FollowAsync(reader, author);
        await feed.SettledAsync(await feed.FollowAsync(reader, FollowTarget.Topic, topic));
        var (muted, heard) = (await feed.PublishAsync(author, topic), await feed.PublishAsync(other, topic));
        await feed.ShowsAsync(reader, heard, muted);

        await feed.RelateAsync(reader, author, muted: true);
        await feed.ShowsAsync(reader, heard);

        await feed.RelateAsync(reader, author);
        await feed.ShowsAsync(reader, heard, muted);
    }

    [Fact]
    public async Task A_block_hides_both_from_each_other()
    {
        await feed.ReadsAsync(reader, author);
        await feed.FollowAsync(reader, author);
        await feed.SettledAsync(await feed.FollowAsync(author, reader));
        var (theirs, mine) = (await feed.PublishAsync(author), await feed.PublishAsync(reader));
        await feed.ShowsAsync(reader, theirs);
        await feed.ShowsAsync(author, mine);

        await feed.RelateAsync(author, reader, blocked: true);

        await feed.ShowsAsync(reader);
        await feed.ShowsAsync(author);
    }

    [Fact]
    public async Task Both_may_have_blocked_and_one_of_them_undoes_it()
    {
        await feed.ReadsAsync(reader);
        await feed.SettledAsync(await feed.FollowAsync(reader, author));
        var story = await feed.PublishAsync(author);
        await feed.ShowsAsync(reader, story);
        await feed.RelateAsync(reader, author, blocked: true);
        await feed.RelateAsync(author, reader, blocked: true);
        await feed.ShowsAsync(reader);

        await feed.SettledAsync(await feed.RelateAsync(author, reader));
        (await feed.IdsOfAsync(reader)).ShouldBeEmpty();

        await feed.RelateAsync(reader, author);
        await feed.ShowsAsync(reader, story);
    }

    [Fact]
    public async Task News_counts_what_came_above_a_page()
    {
        await feed.ReadsAsync(reader);
        await feed.SettledAsync(await feed.FollowAsync(reader, author));
        var empty = await feed.As(reader).ListFeedAsync(new(), cancellationToken: Cancel);
        await feed.ShowsAsync(reader, await feed.PublishAsync(author));
        var page = await feed.As(reader).ListFeedAsync(new(), cancellationToken: Cancel);
        (await NewsAsync(page.NewsToken)).ShouldBe(0);
        (await NewsAsync(empty.NewsToken)).ShouldBe(1);

        await feed.PublishAsync(author);
        await feed.PublishAsync(author);
        await feed.TellAsync(new Story(author) { Time = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc) });

        await FeedFixture.Until(async () => await NewsAsync(page.NewsToken) == 2);
        await FeedFixture.Until(async () => await NewsAsync(empty.NewsToken) == 4);

        async Task<int> NewsAsync(string since) => (await feed.As(reader).GetFeedNewsAsync(new() { Since = since })).Count;
    }

    [Fact]
    public async Task An_empty_feed_tells_whether_anything_is_followed()
    {
        (await feed.As(reader).ListFeedAsync(new(), cancellationToken: Cancel)).FollowsNothing.ShouldBeTrue();
        await feed.SettledAsync(await feed.FollowAsync(reader, author));
        (await feed.As(reader).ListFeedAsync(new(), cancellationToken: Cancel)).FollowsNothing.ShouldBeFalse();
    }

    [Fact]
    public async Task A_feed_is_read_by_its_own_person_only_and_wrong_tokens_are_named()
    {
        var anonymous = new HomeFeed.HomeFeedClient(feed.Host.CallInvoker());
        (await FailureOf(anonymous.ListFeedAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        var service = new HomeFeed.HomeFeedClient(feed.Host.CallInvoker(feed.Issuer.ServiceToken()));
        (await FailureOf(service.ListFeedAsync(new()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);

        var mine = feed.As(reader);
        FieldOf(await FailureOf(mine.ListFeedAsync(new() { PageToken = "nonsense" }))).ShouldBe("page_token");
        FieldOf(await FailureOf(mine.ListFeedAsync(new() { PageSize = -1 }))).ShouldBe("page_size");
        FieldOf(await FailureOf(mine.GetFeedNewsAsync(new()))).ShouldBe("since");
        FieldOf(await FailureOf(mine.GetFeedNewsAsync(new() { Since = "x" }))).ShouldBe("since");

        static string FieldOf(RpcException failure) => failure.Detail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field;
    }

    static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);
}
