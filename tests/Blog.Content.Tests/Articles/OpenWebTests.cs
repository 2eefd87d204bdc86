using Blog.Content.V1;
using Grpc.Core;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

/// <summary>What feeds and sitemaps are made of.</summary>
public sealed class OpenWebTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    [Fact]
    public async Task Texts_come_with_their_articles_newest_first_a_page_at_a_time()
    {
        var mine = content.As(ines);
        var first = await mine.PublishedAsync(new() { Title = "First", Markdown = "one", Language = "de", CanonicalUrl = "https://old.example/first" });
        var second = await mine.PublishedAsync(Written("Second", "two"));
        await mine.DraftAsync(Written("Draft", "three"));

        var page = await content.Anonymous.ListSyndicatedArticlesAsync(new() { AuthorId = ines.ToString(), PageSize = 1 });
        var newest = page.Articles.ShouldHaveSingleItem();
        (newest.Summary.Id, newest.Html, newest.Language).ShouldBe((second.Id, "<p>two</p>", ""));
        page = await content.Anonymous.ListSyndicatedArticlesAsync(new() { AuthorId = ines.ToString(), PageSize = 1, PageToken = page.NextPageToken });
        var older = page.Articles.ShouldHaveSingleItem();
        (older.Summary.Id, older.Language, older.CanonicalUrl, page.NextPageToken).ShouldBe((first.Id, "de", "https://old.example/first", ""));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_left_out_and_a_page_stays_below_its_size()
    {
        var mine = content.As(ines);
        var paragraphs = string.Concat(Enumerable.Repeat("A long sentence that says little.\n\n", 10_000));
        var tooLong = await mine.PublishedAsync(Written("Too long", paragraphs + paragraphs));
        var long_ = new List<string>();
        for (var i = 0; i < 6; i++) long_.Add((await mine.PublishedAsync(Written($"Long {i}", paragraphs))).Id);

        var page = (await content.Anonymous.ListSyndicatedArticlesAsync(new() { AuthorId = ines.ToString() })).Articles;

        page.Select(a => a.Summary.Id).ShouldBe([.. long_.AsEnumerable().Reverse(), tooLong.Id]);
        page.Single(a => a.Summary.Id == tooLong.Id).HasHtml.ShouldBeFalse();
        page.Take(4).ShouldAllBe(a => a.HasHtml);
        page.Sum(a => a.Html.Length).ShouldBeInRange(1_000_000, 2_000_000);
    }

    [Fact]
    public async Task Public_pages_are_published_articles_their_authors_and_topics_with_the_time_of_the_last_change()
    {
        var mine = content.As(ines);
        var topic = $"t{Guid.NewGuid():N}";
        var article = await mine.PublishedAsync(Written("Here", "x", topic));
        await mine.PublishedAsync(new() { Title = "Elsewhere", Markdown = "x", CanonicalUrl = "https://old.example/x" });
        await mine.DraftAsync(Written("Draft", "x", topic + "2"));
        article = await mine.RepublishedAsync(article, c => c.Markdown = "y");

        var edited = (await content.Anonymous.BatchGetPublishedArticlesAsync(new() { Ids = { article.Id } })).Articles[0].EditTime;
        var mineAlone = (await AllAsync(PublicPageKind.Article)).Where(page => page.AuthorId == ines.ToString()).ToList();
        mineAlone.ShouldHaveSingleItem().ShouldBe(new PublicPage { Key = article.Id, AuthorId = ines.ToString(), Slug = "here", ChangeTime = edited });
        (await AllAsync(PublicPageKind.Author)).Single(page => page.Key == ines.ToString()).ChangeTime.ShouldBeGreaterThanOrEqualTo(edited);
        (await AllAsync(PublicPageKind.Topic)).Where(page => page.Slug.StartsWith(topic, StringComparison.Ordinal)).ShouldHaveSingleItem().Slug.ShouldBe(topic);
    }

    async Task<List<PublicPage>> AllAsync(PublicPageKind kind, int size = 2)
    {
        var (all, after) = (new List<PublicPage>(), "");
        do
        {
            var page = await content.Anonymous.ListPublicPagesAsync(new() { Kind = kind, After = after, PageSize = size });
            page.Pages.Count.ShouldBeLessThanOrEqualTo(size);
            all.AddRange(page.Pages);
            after = page.NextAfter;
        }
        while (after.Length > 0);
        return all;
    }

    [Fact]
    public async Task A_hundred_and_twenty_thousand_articles_divide_into_parts_of_fifty_thousand_that_together_are_all_of_them()
    {
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using (var fill = source.CreateCommand("""
            insert into publications (author_id, article_id, slug, title, description, html, headings, topic_slugs, topic_names, cover_width, cover_height, cover_alt, canonical_url, language, word_count, reading_minutes, publish_time)
            select md5((n % 3000)::text)::uuid, gen_random_uuid(), 's' || n, 't', '', '', '[]', '{}', '{}', 0, 0, '', '', '', 1, 1, timestamptz '2020-01-01' + n * interval '1 minute' from generate_series(1, 120000) n
            """))
            await fill.ExecuteNonQueryAsync();
        try
        {
            var parts = (await content.Anonymous.ListPublicPagePartsAsync(new() { Kind = PublicPageKind.Article })).Parts;
            parts.Count.ShouldBe(3);
            parts.Take(2).ShouldAllBe(part => part.PageCount == 50_000);

            var (keys, after) = (new HashSet<string>(), "");
            foreach (var part in parts)
            {
                var (before, begin) = (keys.Count, after);
                do
                {
                    var page = await content.Anonymous.ListPublicPagesAsync(new() { Kind = PublicPageKind.Article, After = begin, Until = part.LastKey });
                    keys.UnionWith(page.Pages.Select(found => found.Key));
                    begin = page.NextAfter;
                }
                while (begin.Length > 0);
                (keys.Count - before).ShouldBe(part.PageCount);
                after = part.LastKey;
            }
            keys.Count.ShouldBeGreaterThanOrEqualTo(120_000);
            (await content.Anonymous.ListPublicPagePartsAsync(new() { Kind = PublicPageKind.Author, PartSize = 1000 })).Parts.Sum(part => part.PageCount).ShouldBeGreaterThanOrEqualTo(3000);
        }
        finally
        {
            await using var empty = source.CreateCommand("delete from publications where title = 't' and html = ''");
            await empty.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task What_no_list_can_answer_is_refused()
    {
        (await FailureOf(content.Anonymous.ListPublicPagesAsync(new()))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await FailureOf(content.Anonymous.ListPublicPagesAsync(new() { Kind = PublicPageKind.Article, After = "x" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await FailureOf(content.Anonymous.ListPublicPagesAsync(new() { Kind = PublicPageKind.Article, PageSize = 1001 }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await FailureOf(content.Anonymous.ListPublicPagePartsAsync(new() { Kind = PublicPageKind.Author, PartSize = 50_001 }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await content.Anonymous.ListPublicPagesAsync(new() { Kind = PublicPageKind.Topic, After = "\0'; drop table topics; --" })).ShouldNotBeNull();
    }
}
