using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;
using Microsoft.IdentityModel.Tokens;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class InputTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    async Task<string[]> FieldsRefusedAsync(ArticleContent written)
    {
        var refused = await FailureOf(content.As(ines).CreateArticleAsync(new() { Content = written }));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        return [.. refused.Detail<BadRequest>()!.FieldViolations.Select(violation => violation.Field)];
    }

    [Fact]
    public async Task A_draft_may_be_empty_but_is_not_published_so()
    {
        var draft = await content.As(ines).DraftAsync(new());
        var refused = await FailureOf(content.As(ines).PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = 1 }));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Detail<BadRequest>()!.FieldViolations.Select(violation => violation.Field).ShouldBe(["content.title", "content.markdown"]);
    }

    [Fact]
    public async Task Each_field_that_is_wrong_is_named_with_what_to_do()
    {
        (await FieldsRefusedAsync(new() { Title = new string('a', 300) })).ShouldBe(["content.title"]);
        (await FieldsRefusedAsync(new()
        {
            Title = new string('语', 201), Description = new string('a', 401), Topics = { "a", "b", "c", "d", "e", "f" }, CoverMediaId = "x", CanonicalUrl = "javascript:alert(1)", Slug = "???", Language = "en; x",
        })).ShouldBe(["content.title", "content.description", "content.topics", "content.cover_media_id", "content.slug", "content.canonical_url", "content.language"]);
        (await FieldsRefusedAsync(new() { Topics = { new string('a', 51) } })).ShouldBe(["content.topics"]);
        (await FieldsRefusedAsync(new() { Topics = { "!!" } })).ShouldBe(["content.topics"]);
        (await content.As(ines).DraftAsync(new() { Title = new string('语', 200), Topics = { "Rust", "rust", " RUST " } })).Content.Topics.ShouldBe(["Rust"]);
    }

    [Fact]
    public async Task Two_megabytes_are_kept_and_published()
    {
        const string paragraph = "## A heading\n\nSome *prose* with `code`, a [link](https://x.example) and more words to fill the line.\n\n";
        var text = string.Concat(Enumerable.Repeat(paragraph, 2 * 1024 * 1024 / paragraph.Length));
        var article = await content.As(ines).PublishedAsync(Written("Two megabytes", text));
        article.Content.Markdown.ShouldBe(text);
        (await content.Anonymous.ReadAsync(ines.ToString(), article.PublishedSlug)).Article.Html.Length.ShouldBeGreaterThan(text.Length);
    }

    [Fact]
    public async Task Six_megabytes_are_refused_by_name()
    {
        var large = new string('a', 6 * 1024 * 1024);
        var mine = content.As(ines);
        var draft = await mine.DraftAsync(Written("Kept", "What was there."));
        foreach (var call in new[]
        {
            FailureOf(mine.CreateArticleAsync(new() { Content = Written("Large", large) })),
            FailureOf(mine.UpdateArticleAsync(new() { Id = draft.Id, Content = Written("Large", large), ExpectedRevision = 1 })),
            FailureOf(mine.RenderMarkdownAsync(new() { Markdown = large })),
        })
        {
            var refused = await call;
            (refused.StatusCode, refused.Reason()).ShouldBe((StatusCode.ResourceExhausted, "MARKDOWN_TOO_LARGE"));
            refused.Status.Detail.ShouldContain("5 MB");
        }
        (await mine.GetArticleAsync(new() { Id = draft.Id })).Article.ShouldBe(draft);
    }

    [Fact]
    public async Task Text_that_cannot_be_rendered_is_kept_but_not_published()
    {
        var deep = string.Concat(Enumerable.Repeat("> ", 5000)) + "x";
        var draft = await content.As(ines).DraftAsync(Written("Deep", deep));
        draft.Content.Markdown.ShouldBe(deep);
        (await FailureOf(content.As(ines).PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = 1 }))).Detail<BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("content.markdown");
    }

    [Fact]
    public async Task Any_text_comes_back_as_it_was_written()
    {
        const string text = "\tTabs\r\n  \u00a0 \u200b emoji 👩‍👩‍👧 \u202e bidi \u0001 control \ufeff bom \n\n";
        (await content.As(ines).DraftAsync(Written("Odd", text))).Content.Markdown.ShouldBe(text);
        (await content.As(ines).DraftAsync(Written("Nul", "a\0b"))).Content.Markdown.ShouldBe("a\uFFFDb");
        (await content.As(ines).DraftAsync(Written("  Line\nbreak\0 "))).Content.Title.ShouldBe("Line break");
    }

    [Fact]
    public async Task Nothing_of_an_author_is_open_to_others()
    {
        var draft = await content.As(ines).DraftAsync(Written("Mine"));
        var jun = content.As(Guid.CreateVersion7());
        foreach (var call in new[]
        {
            FailureOf(jun.GetArticleAsync(new() { Id = draft.Id })),
            FailureOf(jun.UpdateArticleAsync(new() { Id = draft.Id, Content = Written("Theirs"), ExpectedRevision = 1 })),
            FailureOf(jun.PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = 1 })),
            FailureOf(jun.UnpublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = 1 })),
            FailureOf(jun.DeleteArticleAsync(new() { Id = draft.Id, ExpectedRevision = 1 })),
        })
            (await call).StatusCode.ShouldBe(StatusCode.NotFound);
        (await jun.ListMyArticlesAsync(new())).Articles.ShouldBeEmpty();
        (await content.As(ines).GetArticleAsync(new() { Id = draft.Id })).Article.ShouldBe(draft);
    }

    [Fact]
    public async Task Without_a_token_or_with_a_foreign_one_nothing_can_be_written()
    {
        using var otherKey = System.Security.Cryptography.RSA.Create(2048);
        var person = new Dictionary<string, object> { ["sub"] = ines.ToString(), ["client_id"] = "bff", ["scope"] = "blog.api" };
        var strangers = new[]
        {
            content.Anonymous,
            content.With("nonsense"),
            content.With(content.Issuer.Token(person, key: new RsaSecurityKey(otherKey) { KeyId = "test" })),
            content.With(content.Issuer.Token(person, issuer: "http://evil.test")),
            content.With(content.Issuer.Token(person, audience: "other")),
            content.With(content.Issuer.Token(person, lifetime: TimeSpan.FromHours(-1))),
            content.With(content.Issuer.Token(person, type: "JWT")),
        };
        foreach (var stranger in strangers)
        {
            (await FailureOf(stranger.CreateArticleAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
            (await FailureOf(stranger.ListMyArticlesAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
            (await FailureOf(stranger.RenderMarkdownAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
            (await FailureOf(stranger.ImportArticleAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        }
        (await FailureOf(content.As(ines).ImportArticleAsync(new()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await FailureOf(content.Service.CreateArticleAsync(new()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("../../etc/passwd")]
    [InlineData("018F0000-0000-7000-8000-00000000000g")]
    public async Task What_is_no_id_is_not_found(string id)
    {
        (await FailureOf(content.As(ines).GetArticleAsync(new() { Id = id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(content.Anonymous.GetPublishedArticleAsync(new() { AuthorId = id, Slug = "x" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(content.Anonymous.GetPublishedArticleAsync(new() { AuthorId = ines.ToString(), Slug = id + "\0" }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_preview_is_what_publishing_would_give()
    {
        const string text = "# Title\n\nText with `code` and a | b.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
        var preview = await content.As(ines).RenderMarkdownAsync(new() { Markdown = text });
        var article = await content.As(ines).PublishedAsync(Written("Previewed", text));
        var read = (await content.Anonymous.ReadAsync(ines.ToString(), article.PublishedSlug)).Article;
        (read.Html, read.WordCount, read.Summary.ReadingMinutes).ShouldBe((preview.Html, preview.WordCount, preview.ReadingMinutes));
        read.Headings.ShouldBe(preview.Headings);
    }
}
