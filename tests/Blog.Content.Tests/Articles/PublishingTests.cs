using Blog.Content.V1;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class PublishingTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    [Fact]
    public async Task A_draft_is_written_published_and_read_by_anyone()
    {
        var mine = content.As(ines);
        var draft = await mine.DraftAsync(Written("The harbour clock", "# Tide\n\nIt is *always* wrong.", "Clocks", "C++"));
        draft.Status.ShouldBe(ArticleStatus.Draft);
        draft.Revision.ShouldBe(1);
        draft.PublishedSlug.ShouldBe("");
        (await FailureOf(content.Anonymous.GetPublishedArticleAsync(new() { AuthorId = ines.ToString(), Slug = "the-harbour-clock" }))).StatusCode.ShouldBe(StatusCode.NotFound);

        var published = (await mine.PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = 1 })).Article;
        published.Status.ShouldBe(ArticleStatus.Published);
        published.PublishedSlug.ShouldBe("the-harbour-clock");
        published.HasUnpublishedChanges.ShouldBeFalse();

        var read = (await content.Anonymous.ReadAsync(ines.ToString(), "the-harbour-clock")).Article;
        read.Summary.Title.ShouldBe("The harbour clock");
        read.Html.ShouldBe("<h2 id=\"tide\">Tide</h2>\n<p>It is <em>always</em> wrong.</p>");
        read.Headings.ShouldHaveSingleItem().ShouldBe(new Heading { Level = 2, Anchor = "tide", Text = "Tide" });
        read.Summary.Topics.Select(t => (t.Slug, t.Name, t.ArticleCount)).ShouldBe([("clocks", "Clocks", 1), ("cpp", "C++", 1)]);
        read.Summary.PublishTime.ShouldBe(published.FirstPublishTime);
        read.Summary.EditTime.ShouldBeNull();
        read.WordCount.ShouldBe(5);

        var change = (await content.EventsOfAsync(draft.Id)).ShouldHaveSingleItem();
        change.ShouldBe(new ArticleChanged
        {
            ArticleId = draft.Id, AuthorId = ines.ToString(), Change = ArticleChanged.Types.Change.Published, Slug = "the-harbour-clock", TopicSlugs = { "clocks", "cpp" }, Revision = 2,
            Title = "The harbour clock", PresentTopicSlugs = { "clocks", "cpp" }, PublishTime = published.FirstPublishTime, AuthorIds = { ines.ToString() },
        });
    }

    [Fact]
    public async Task The_text_readers_have_is_found_by_id_and_its_revision_grows_with_each_publication()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Pointed at", "First words."));
        var first = await content.Anonymous.GetPublishedTextAsync(new() { Id = article.Id });
        first.Html.ShouldBe("<p>First words.</p>");
        (first.AuthorId, first.Title, first.Revision).ShouldBe((ines.ToString(), "Pointed at", article.Revision));

        var saved = (await mine.UpdateArticleAsync(new() { Id = article.Id, Content = Written("Pointed at", "Second words."), ExpectedRevision = article.Revision })).Article;
        (await content.Anonymous.GetPublishedTextAsync(new() { Id = article.Id })).ShouldBe(first);
        var published = (await mine.PublishArticleAsync(new() { Id = article.Id, ExpectedRevision = saved.Revision })).Article;
        var second = await content.Anonymous.GetPublishedTextAsync(new() { Id = article.Id });
        second.Html.ShouldBe("<p>Second words.</p>");
        second.Revision.ShouldBe(published.Revision);
        second.Revision.ShouldBeGreaterThan(first.Revision);

        await mine.UnpublishArticleAsync(new() { Id = article.Id, ExpectedRevision = published.Revision });
        (await FailureOf(content.Anonymous.GetPublishedTextAsync(new() { Id = article.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(content.Anonymous.GetPublishedTextAsync(new() { Id = "nonsense" }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Lists_get_published_articles_by_id_and_no_drafts()
    {
        var mine = content.As(ines);
        var published = await mine.PublishedAsync(Written("Kept", "In a list."));
        var draft = await mine.DraftAsync(Written("Hidden", "Not yet."));

        var answer = await content.Anonymous.BatchGetPublishedArticlesAsync(new() { Ids = { published.Id, draft.Id, "nonsense" } });

        answer.Articles.ShouldHaveSingleItem().Title.ShouldBe("Kept");
        var tooMany = Enumerable.Range(0, 101).Select(_ => Guid.NewGuid().ToString());
        (await FailureOf(content.Anonymous.BatchGetPublishedArticlesAsync(new() { Ids = { tooMany } }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Readers_see_nothing_of_an_edit_before_it_is_published()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("One", "First text."));
        var edited = await mine.EditedAsync(article, c => c.Markdown = "Second text.");
        edited.HasUnpublishedChanges.ShouldBeTrue();
        (await content.Anonymous.ReadAsync(ines.ToString(), "one")).Article.Html.ShouldBe("<p>First text.</p>");

        var again = (await mine.PublishArticleAsync(new() { Id = edited.Id, ExpectedRevision = edited.Revision })).Article;
        again.HasUnpublishedChanges.ShouldBeFalse();
        var read = (await content.Anonymous.ReadAsync(ines.ToString(), "one")).Article;
        read.Html.ShouldBe("<p>Second text.</p>");
        read.Summary.PublishTime.ShouldBe(article.FirstPublishTime);
        read.Summary.EditTime.ShouldBe(again.UpdateTime);
        (await content.EventsOfAsync(article.Id)).Select(e => e.Change).ShouldBe([ArticleChanged.Types.Change.Published, ArticleChanged.Types.Change.Updated]);
    }

    [Fact]
    public async Task Publishing_again_without_a_change_changes_nothing()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Same"));
        var again = (await mine.PublishArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision })).Article;
        again.ShouldBe(article);
        (await content.EventsOfAsync(article.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_title_gives_a_new_address_and_every_old_one_leads_to_it()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("First title"));
        article = await mine.RepublishedAsync(article, c => c.Title = "Second title");
        article = await mine.RepublishedAsync(article, c => c.Title = "Third title");

        (await content.Anonymous.ReadAsync(ines.ToString(), "first-title")).MovedToSlug.ShouldBe("third-title");
        (await content.Anonymous.ReadAsync(ines.ToString(), "second-title")).MovedToSlug.ShouldBe("third-title");
        (await content.Anonymous.ReadAsync(ines.ToString(), "THIRD-title")).MovedToSlug.ShouldBe("third-title");
        (await content.Anonymous.ReadAsync(ines.ToString(), "third-title")).Article.Summary.Id.ShouldBe(article.Id);
        (await content.EventsOfAsync(article.Id))[^1].FormerSlug.ShouldBe("second-title");

        article = await mine.RepublishedAsync(article, c => c.Title = "First title");
        article.PublishedSlug.ShouldBe("first-title");
        (await content.Anonymous.ReadAsync(ines.ToString(), "third-title")).MovedToSlug.ShouldBe("first-title");
    }

    [Fact]
    public async Task A_slug_another_article_has_or_had_is_not_given_away_until_that_is_deleted()
    {
        var mine = content.As(ines);
        var first = await mine.PublishedAsync(Written("Same name"));
        var second = await mine.PublishedAsync(Written("Same name"));
        second.PublishedSlug.ShouldBe("same-name-2");
        first = await mine.RepublishedAsync(first, c => c.Title = "Other name");

        var third = await mine.DraftAsync(new() { Title = "Third", Markdown = "x", Slug = "Same name" });
        var refused = await FailureOf(mine.PublishArticleAsync(new() { Id = third.Id, ExpectedRevision = 1 }));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Detail<BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("content.slug");

        await mine.DeleteArticleAsync(new() { Id = first.Id, ExpectedRevision = first.Revision });
        (await mine.PublishArticleAsync(new() { Id = third.Id, ExpectedRevision = 1 })).Article.PublishedSlug.ShouldBe("same-name");
    }

    [Fact]
    public async Task An_article_does_not_take_the_address_of_another_page_of_its_author()
    {
        var mine = content.As(ines);
        (await mine.PublishedAsync(Written("Followers"))).PublishedSlug.ShouldBe("followers-2");

        var wished = await mine.DraftAsync(new() { Title = "On being led", Markdown = "x", Slug = "following" });
        var refused = await FailureOf(mine.PublishArticleAsync(new() { Id = wished.Id, ExpectedRevision = 1 }));
        refused.Detail<BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("content.slug");
    }

    [Fact]
    public async Task The_same_slug_of_two_authors_leads_to_each_ones_article()
    {
        var jun = Guid.CreateVersion7();
        var of = new[] { await content.As(ines).PublishedAsync(Written("Shared")), await content.As(jun).PublishedAsync(Written("Shared")) };
        (await content.Anonymous.ReadAsync(ines.ToString(), "shared")).Article.Summary.Id.ShouldBe(of[0].Id);
        (await content.Anonymous.ReadAsync(jun.ToString(), "shared")).Article.Summary.Id.ShouldBe(of[1].Id);
    }

    [Fact]
    public async Task An_unpublished_article_is_gone_for_readers_and_can_come_back()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Now and then", "x", "Fading"));
        var unpublished = (await mine.UnpublishArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision })).Article;
        unpublished.Status.ShouldBe(ArticleStatus.Unpublished);
        unpublished.Content.ShouldBe(article.Content);

        var gone = await FailureOf(content.Anonymous.GetPublishedArticleAsync(new() { AuthorId = ines.ToString(), Slug = "now-and-then" }));
        (gone.StatusCode, gone.Reason()).ShouldBe((StatusCode.FailedPrecondition, "GONE"));
        (await content.Anonymous.ListPublishedArticlesAsync(new() { TopicSlug = "fading" })).Articles.ShouldBeEmpty();
        (await content.Anonymous.ListTopicsAsync(new() { PageSize = 500 })).Topics.ShouldNotContain(t => t.Slug == "fading");
        (await FailureOf(mine.UnpublishArticleAsync(new() { Id = article.Id, ExpectedRevision = unpublished.Revision }))).Reason().ShouldBe("NOT_PUBLISHED");
        (await content.EventsOfAsync(article.Id))[^1].TopicSlugs.ShouldBe(["fading"]);

        var back = (await mine.PublishArticleAsync(new() { Id = article.Id, ExpectedRevision = unpublished.Revision })).Article;
        back.FirstPublishTime.ShouldBe(article.FirstPublishTime);
        (await content.Anonymous.ReadAsync(ines.ToString(), "now-and-then")).Article.Summary.EditTime.ShouldBeNull();
    }

    [Fact]
    public async Task A_deleted_article_is_gone_for_everyone()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Regretted"));
        await mine.DeleteArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision });
        (await FailureOf(content.Anonymous.GetPublishedArticleAsync(new() { AuthorId = ines.ToString(), Slug = "regretted" }))).Reason().ShouldBe("GONE");
        (await FailureOf(mine.GetArticleAsync(new() { Id = article.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await content.EventsOfAsync(article.Id))[^1].Change.ShouldBe(ArticleChanged.Types.Change.Deleted);
    }

    [Fact]
    public async Task A_stale_revision_overwrites_nothing_and_shows_what_is_there()
    {
        var mine = content.As(ines);
        var article = await mine.DraftAsync(Written("Race"));
        var winner = await mine.EditedAsync(article, c => c.Markdown = "The first to save.");

        var stale = await FailureOf(mine.UpdateArticleAsync(new() { Id = article.Id, Content = Written("Race", "Too late."), ExpectedRevision = article.Revision }));
        stale.StatusCode.ShouldBe(StatusCode.Aborted);
        stale.Reason().ShouldBe("STALE_REVISION");
        stale.Detail<Article>().ShouldBe(winner);
        foreach (var command in new[] { FailureOf(mine.PublishArticleAsync(new() { Id = article.Id, ExpectedRevision = 1 })), FailureOf(mine.DeleteArticleAsync(new() { Id = article.Id, ExpectedRevision = 1 })) })
            (await command).Reason().ShouldBe("STALE_REVISION");
        (await mine.GetArticleAsync(new() { Id = article.Id })).Article.ShouldBe(winner);
    }

    [Fact]
    public async Task A_stale_save_of_a_long_article_says_so_without_its_text()
    {
        var mine = content.As(ines);
        var article = await mine.DraftAsync(Written("Long", new string('x', 200_000)));
        await mine.EditedAsync(article, c => c.Title = "Longer");
        var stale = await FailureOf(mine.UpdateArticleAsync(new() { Id = article.Id, Content = article.Content, ExpectedRevision = 1 }));
        stale.Reason().ShouldBe("STALE_REVISION");
        stale.Detail<Article>()!.Revision.ShouldBe(2);
        stale.Detail<Article>()!.Content.ShouldBeNull();
    }

    [Fact]
    public async Task Of_saves_at_the_same_moment_one_wins_and_the_others_are_told()
    {
        var mine = content.As(ines);
        var article = await mine.DraftAsync(Written("Crowd"));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                return (await mine.UpdateArticleAsync(new() { Id = article.Id, Content = Written("Crowd", $"Version {i}"), ExpectedRevision = 1 })).Article.Content.Markdown;
            }
            catch (RpcException problem)
            {
                return problem.Reason();
            }
        }));
        outcomes.Count(o => o == "STALE_REVISION").ShouldBe(7);
        (await mine.GetArticleAsync(new() { Id = article.Id })).Article.Content.Markdown.ShouldBe(outcomes.Single(o => o != "STALE_REVISION"));
    }

    [Fact]
    public async Task A_command_with_a_key_is_carried_out_once()
    {
        var mine = content.As(ines);
        var (create, publish) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        static Metadata With(string key) => new() { { "idempotency-key", key } };
        var first = (await mine.CreateArticleAsync(new() { Content = Written("Once") }, With(create))).Article;
        var second = (await mine.CreateArticleAsync(new() { Content = Written("Once") }, With(create))).Article;
        second.ShouldBe(first);
        (await mine.ListMyArticlesAsync(new())).Articles.Count(a => a.Content.Title == "Once").ShouldBe(1);

        var other = await FailureOf(mine.CreateArticleAsync(new() { Content = Written("Another") }, With(create)));
        other.StatusCode.ShouldBe(StatusCode.InvalidArgument);

        var published = (await mine.PublishArticleAsync(new() { Id = first.Id, ExpectedRevision = 1 }, With(publish))).Article;
        (await mine.PublishArticleAsync(new() { Id = first.Id, ExpectedRevision = 1 }, With(publish))).Article.ShouldBe(published);
        (await content.EventsOfAsync(first.Id)).Count.ShouldBe(1);
    }
}
