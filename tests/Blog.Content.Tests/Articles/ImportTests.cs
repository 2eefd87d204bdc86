using Blog.Content.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using static Blog.Content.Tests.Calls;
using static Blog.Content.V1.ImportArticleResponse.Types;

namespace Blog.Content.Tests;

public sealed class ImportTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    ImportArticleRequest Post(string source, string title, params string[] formerSlugs) => new()
    {
        AuthorId = ines.ToString(), Source = source, Content = Written(title, "Imported text.", "Old posts"),
        PublishTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2014, 11, 20, 0, 0, 0, TimeSpan.Zero)), FormerSlugs = { formerSlugs },
    };

    [Fact]
    public async Task An_imported_article_is_published_at_its_own_time_and_found_by_its_old_addresses()
    {
        var imported = await content.Service.ImportArticleAsync(Post("blog:cargo.md", "Cargo", "2014/11/20/Cargo.html", "größe"));
        imported.Outcome.ShouldBe(Outcome.Created);
        var article = (await content.Anonymous.ReadAsync(ines.ToString(), "cargo")).Article;
        article.Summary.PublishTime.ToDateTimeOffset().Year.ShouldBe(2014);
        article.Summary.EditTime.ShouldBeNull();
        (await content.Anonymous.ReadAsync(ines.ToString(), "2014-11-20-cargo-html")).MovedToSlug.ShouldBe("cargo");
        (await content.Anonymous.ReadAsync(ines.ToString(), "größe")).MovedToSlug.ShouldBe("cargo");
        (await content.As(ines).GetArticleAsync(new() { Id = imported.Article.Id })).Article.ShouldBe(imported.Article);
    }

    [Fact]
    public async Task Importing_again_changes_nothing_and_importing_a_changed_text_updates()
    {
        var first = await content.Service.ImportArticleAsync(Post("blog:a.md", "A"));
        var again = await content.Service.ImportArticleAsync(Post("blog:a.md", "A"));
        (again.Outcome, again.Article).ShouldBe((Outcome.Unchanged, first.Article));

        var changed = await content.Service.ImportArticleAsync(Post("blog:a.md", "A, better"));
        (changed.Outcome, changed.Article.Id).ShouldBe((Outcome.Updated, first.Article.Id));
        (await content.Anonymous.ReadAsync(ines.ToString(), "a")).MovedToSlug.ShouldBe("a-better");
        (await content.EventsOfAsync(first.Article.Id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_repeated_import_does_not_undo_what_was_written_here()
    {
        var imported = (await content.Service.ImportArticleAsync(Post("blog:edited.md", "Edited"))).Article;
        var edited = await content.As(ines).RepublishedAsync(imported, c => c.Markdown = "Edited here.");
        (await content.Service.ImportArticleAsync(Post("blog:edited.md", "Edited"))).Article.ShouldBe(edited);
    }

    [Fact]
    public async Task The_same_import_at_the_same_moment_makes_one_article()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => content.Service.ImportArticleAsync(Post("blog:race.md", "Race")).ResponseAsync));
        outcomes.Select(outcome => outcome.Article.Id).Distinct().ShouldHaveSingleItem();
        outcomes.Count(outcome => outcome.Outcome == Outcome.Created).ShouldBe(1);
    }

    [Fact]
    public async Task Articles_of_one_name_and_topic_can_be_imported_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => content.Service.ImportArticleAsync(Post($"blog:many-{i}.md", "Same title")).ResponseAsync));
        var slugs = (await content.Anonymous.ListPublishedArticlesAsync(new() { AuthorId = ines.ToString() })).Articles.Select(article => article.Slug);
        slugs.Order().ShouldBe(["same-title", "same-title-2", "same-title-3", "same-title-4"]);
    }

    [Fact]
    public async Task Old_paths_are_checked_and_do_not_make_an_unchanged_article_a_changed_one()
    {
        var post = Post("blog:paths.md", "Paths");
        await content.Service.ImportArticleAsync(post);
        post.FormerPaths.Add("/2019/05/paths");
        (await content.Service.ImportArticleAsync(post)).Outcome.ShouldBe(Outcome.Unchanged);
        (await content.Anonymous.ReadAsync(ines.ToString(), "/2019/05/paths")).MovedToSlug.ShouldBe("paths");
        (await FailureOf(content.Anonymous.GetPublishedArticleAsync(new() { AuthorId = ines.ToString(), Slug = "/2019/05/other" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        post.FormerPaths.Add("no path");
        (await FailureOf(content.Service.ImportArticleAsync(post))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_draft_stays_a_draft_and_a_time_to_come_is_now()
    {
        var draft = Post("blog:draft.md", "Draft");
        draft.Draft = true;
        (await content.Service.ImportArticleAsync(draft)).Article.Status.ShouldBe(ArticleStatus.Draft);

        var future = Post("blog:future.md", "Future");
        future.PublishTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddYears(5));
        (await content.Service.ImportArticleAsync(future)).Article.FirstPublishTime.ToDateTimeOffset().ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow);
        (await FailureOf(content.Service.ImportArticleAsync(new() { AuthorId = "x", Source = "s" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await FailureOf(content.Service.ImportArticleAsync(new() { AuthorId = ines.ToString() }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }
}
