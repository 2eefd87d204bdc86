using Blog.Content.V1;
using Grpc.Core;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class ListingTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    [Fact]
    public async Task Paging_neither_repeats_nor_skips_while_new_articles_arrive()
    {
        var mine = content.As(ines);
        var titles = new List<string>();
        for (var i = 0; i < 7; i++)
            titles.Add((await mine.PublishedAsync(Written($"Number {i}"))).Id);

        var seen = new List<string>();
        var token = "";
        do
        {
            var page = await content.Anonymous.ListPublishedArticlesAsync(new() { AuthorId = ines.ToString(), PageSize = 3, PageToken = token });
            page.Articles.Count.ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(page.Articles.Select(article => article.Id));
            token = page.NextPageToken;
            await mine.PublishedAsync(Written("Arrived meanwhile"));
        }
        while (token.Length > 0);
        seen.ShouldBe(titles.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task Articles_of_a_topic_are_listed_newest_first_and_counted()
    {
        var topic = $"Tides {Guid.NewGuid():N}";
        var mine = content.As(ines);
        var first = await mine.PublishedAsync(Written("First", "x", topic));
        var second = await mine.PublishedAsync(Written("Second", "x", topic.ToUpperInvariant(), "Other"));
        await mine.DraftAsync(Written("Draft", "x", topic));

        var slug = topic.Replace(' ', '-').ToLowerInvariant();
        var listed = (await content.Anonymous.ListPublishedArticlesAsync(new() { TopicSlug = slug })).Articles;
        listed.Select(article => article.Id).ShouldBe([second.Id, first.Id]);
        listed[0].Topics[0].ShouldBe(new Topic { Slug = slug, Name = topic, ArticleCount = 2 });
        (await content.Anonymous.ListTopicsAsync(new() { PageSize = 500 })).Topics.Single(t => t.Slug == slug).ArticleCount.ShouldBe(2);

        (await content.Anonymous.BatchGetTopicsAsync(new() { Slugs = { slug, "nobody-wrote-about-this", "a\0b" } })).Topics.ShouldHaveSingleItem().Name.ShouldBe(topic);

        var page = await content.Anonymous.ListPublishedArticlesAsync(new() { TopicSlug = slug, AuthorId = ines.ToString(), PageSize = 1 });
        page.Articles.ShouldHaveSingleItem().Id.ShouldBe(second.Id);
        page = await content.Anonymous.ListPublishedArticlesAsync(new() { TopicSlug = slug, AuthorId = ines.ToString(), PageSize = 1, PageToken = page.NextPageToken });
        (page.Articles.ShouldHaveSingleItem().Id, page.NextPageToken).ShouldBe((first.Id, ""));

        await mine.RepublishedAsync(first, c => c.Topics.Clear());
        (await content.Anonymous.ListPublishedArticlesAsync(new() { TopicSlug = slug })).Articles.Select(article => article.Id).ShouldBe([second.Id]);
        (await content.EventsOfAsync(first.Id))[^1].TopicSlugs.ShouldBe([slug]);
    }

    [Fact]
    public async Task My_articles_are_listed_by_state_last_changed_first_without_their_text()
    {
        var mine = content.As(ines);
        var draft = await mine.DraftAsync(Written("Draft", "long text"));
        var published = await mine.PublishedAsync(Written("Published"));
        draft = await mine.EditedAsync(draft, c => c.Title = "Draft, changed");
        published = await mine.EditedAsync(published, c => c.Title = "Published, changed");
        draft = await mine.EditedAsync(draft, c => c.Title = "Draft, changed again");

        var all = (await mine.ListMyArticlesAsync(new())).Articles;
        all.Select(article => article.Id).ShouldBe([draft.Id, published.Id]);
        all[0].Content.Markdown.ShouldBe("");
        all[1].HasUnpublishedChanges.ShouldBeTrue();
        draft.Content.Markdown = "";
        all[0].ShouldBe(draft);
        (await mine.ListMyArticlesAsync(new() { Status = ArticleStatus.Draft })).Articles.Select(article => article.Id).ShouldBe([draft.Id]);

        var page = await mine.ListMyArticlesAsync(new() { PageSize = 1 });
        (await mine.ListMyArticlesAsync(new() { PageSize = 1, PageToken = page.NextPageToken })).Articles.ShouldHaveSingleItem().Id.ShouldBe(published.Id);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("_____________________AAAAAAAAAAA")]
    [InlineData("' or 1=1 --")]
    public async Task A_page_token_of_somewhere_else_is_refused(string token)
    {
        (await FailureOf(content.Anonymous.ListPublishedArticlesAsync(new() { PageToken = token }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await FailureOf(content.As(ines).ListMyArticlesAsync(new() { PageToken = token }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }
}
