using System.Text.Json;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class GhostReaderTests : IDisposable
{
    readonly SampleArchives samples = new();

    public void Dispose() => samples.Dispose();

    static object Text(string text, int format = 0) => new { type = "extended-text", text, format, detail = 0, mode = "normal", style = "", version = 1 };

    static object Paragraph(params object[] children) => new { type = "paragraph", children, direction = "ltr", format = "", indent = 0, version = 1 };

    internal static string Lexical(params object[] children) => JsonSerializer.Serialize(new { root = new { type = "root", children, direction = "ltr", format = "", indent = 0, version = 1 } });

    internal static string Export(params object[] posts) => JsonSerializer.Serialize(new
    {
        db = new[]
        {
            new
            {
                meta = new { exported_on = 1700000000000, version = "5.80.0" },
                data = new
                {
                    posts,
                    posts_authors = new[] { new { id = "pa1", post_id = "p1", author_id = "u2", sort_order = 1 }, new { id = "pa2", post_id = "p1", author_id = "u1", sort_order = 0 } },
                    posts_meta = new[] { new { id = "m1", post_id = "p1", feature_image_alt = "A tower" } },
                    posts_tags = new[] { new { id = "pt1", post_id = "p1", tag_id = "t2", sort_order = 1 }, new { id = "pt2", post_id = "p1", tag_id = "t1", sort_order = 0 }, new { id = "pt3", post_id = "p1", tag_id = "t3", sort_order = 2 } },
                    settings = new[] { new { key = "locale", value = "en" } },
                    tags = new[] { new { id = "t1", name = "Clocks", visibility = "public" }, new { id = "t2", name = "Harbours", visibility = "public" }, new { id = "t3", name = "#internal", visibility = "internal" } },
                    users = new[] { new { id = "u1", name = "Ines" }, new { id = "u2", name = "Aldous" } },
                },
            },
        },
    });

    static object Post(string id, string title, string? lexical = null, string? mobiledoc = null, string? html = null, string status = "published", string visibility = "public", string type = "post") => new
    {
        id, uuid = "uuid-" + id, title, slug = "slug-" + id, lexical, mobiledoc, html, status, visibility, type,
        feature_image = "__GHOST_URL__/content/images/2024/01/tower.png", published_at = "2024-01-02T03:04:05.000Z", custom_excerpt = "An excerpt", canonical_url = (string?)null,
    };

    [Fact]
    public void Every_kind_of_lexical_node_is_kept()
    {
        var document = Lexical(
            Paragraph(Text("Plain "), Text("bold", 1), Text(" "), Text("both", 3), Text(" "), Text("code", 16), new { type = "link", url = "__GHOST_URL__/slug-p2/", children = new[] { Text("other") } }),
            new { type = "extended-heading", tag = "h2", children = new[] { Text("Head") } },
            new { type = "list", listType = "number", start = 1, tag = "ol", children = new object[] { new { type = "listitem", children = new[] { Text("one") } }, new { type = "listitem", children = new object[] { new { type = "list", listType = "bullet", tag = "ul", children = new[] { new { type = "listitem", children = new[] { Text("inner") } } } } } } } },
            new { type = "extended-quote", children = new[] { Text("Said") } },
            new { type = "image", src = "__GHOST_URL__/content/images/2024/01/tower.png", alt = "Tower", caption = "<span>At noon</span>", cardWidth = "full" },
            new { type = "gallery", images = new[] { new { src = "https://x.example/1.png" }, new { src = "https://x.example/2.png" } }, caption = "Two" },
            new { type = "codeblock", code = "let a = 1 < 2;", language = "js", caption = "" },
            new { type = "html", html = "<p>Raw <em>html</em></p>" },
            new { type = "markdown", markdown = "* one\n* two" },
            new { type = "horizontalrule" },
            new { type = "bookmark", url = "https://example.org/", metadata = new { title = "Example", description = "A page" } },
            new { type = "embed", url = "https://www.youtube.com/watch?v=abcdefghijk", html = "<iframe></iframe>" },
            new { type = "callout", calloutText = "Mind <b>this</b>", calloutEmoji = "💡" },
            new { type = "toggle", heading = "More", content = "<p>Hidden</p>" },
            new { type = "button", buttonText = "Go", buttonUrl = "https://go.example/" },
            new { type = "signup", header = "Sign up" },
            new { type = "hologram" });
        var (articles, remarks) = SampleArchives.Read(samples.File("ghost.json", Export(Post("p1", "The clock", document))));

        remarks.ShouldBeEmpty();
        var article = articles.ShouldHaveSingleItem();
        article.Body.ShouldBe("""
            Plain **bold** ***both*** `code`[other](/slug-p2/)

            ## Head

            1. one
               - inner

            > Said

            ![Tower](/content/images/2024/01/tower.png#full "At noon")

            ![](https://x.example/1.png#wide)
            ![](https://x.example/2.png#wide)

            Two

            ```js
            let a = 1 < 2;
            ```

            Raw *html*

            * one
            * two

            ---

            [Example](https://example.org/)

            A page

            https://www.youtube.com/watch?v=abcdefghijk

            > 💡 Mind **this**

            <details>
            <summary>More</summary>

            Hidden

            </details>

            [Go](https://go.example/)

            """, article.Body);
        (article.Source, article.Slug, article.Description, article.Cover, article.CoverAlt, article.Language).ShouldBe(("ghost:uuid-p1", "slug-p1", "An excerpt", "/content/images/2024/01/tower.png", "A tower", "en"));
        article.Topics.ShouldBe(["Clocks", "Harbours"]);
        article.Authors.ShouldBe(["Ines", "Aldous"]);
        article.FormerAddresses.ShouldBe(["/slug-p1/"]);
        article.Notes.ShouldBe(["a form to sign up was left out", "a card of the kind hologram is not known here and was left out"]);
    }

    [Fact]
    public void Mobiledoc_is_read_with_its_markups_lists_and_cards()
    {
        const string document = """{"version":"0.3.1","markups":[["strong"],["a",["href","https://example.org/"]]],"atoms":[["soft-return","",{}]],"cards":[["code",{"code":"x = 1","language":"python"}],["hr",{}]],"sections":[[1,"p",[[0,[],0,"Plain "],[0,[0,1],2,"bold link"],[1,[],0,0],[0,[],0,"next line"]]],[10,0],[3,"ul",[[[0,[],0,"one"]],[[0,[],0,"two"]]]],[10,1],[1,"h2",[[0,[],0,"Head"]]]]}""";

        SampleArchives.Read(samples.File("ghost.json", Export(Post("p1", "Old", mobiledoc: document)))).Articles.ShouldHaveSingleItem().Body
            .ShouldBe("Plain **[bold link](https://example.org/)**\\\nnext line\n\n```python\nx = 1\n```\n\n- one\n- two\n\n---\n\n## Head\n");
    }

    [Fact]
    public void A_broken_document_falls_back_to_html_and_what_is_not_public_becomes_a_draft()
    {
        var (articles, remarks) = SampleArchives.Read(samples.File("ghost.json", Export(
            Post("p1", "Broken", lexical: "{\"root\":", html: "<p>From html</p>"), Post("p2", "Members", html: "<p>x</p>", visibility: "paid"), Post("p3", "Page", html: "<p>x</p>", type: "page"),
            Post("p4", "Scheduled", html: "<p>x</p>", status: "scheduled"), Post("p1", "Twice", html: "<p>x</p>"), Post("p5", "Empty"))));

        articles.Select(a => (a.Title, a.Draft)).ShouldBe([("Broken", false), ("Members", true), ("Page", true), ("Scheduled", true)]);
        articles[0].Body.ShouldBe("From html\n");
        articles[0].Notes.ShouldHaveSingleItem().ShouldContain("broken");
        remarks.Select(r => r.Reason).ShouldBe(["has the id p1 of another; the first was taken", "has no text"]);
    }

    [Fact]
    public void A_file_that_breaks_off_gives_what_stands_before()
    {
        var whole = Export(Post("p1", "One", html: "<p>1</p>"), Post("p2", "Two", html: "<p>2</p>"));
        var (articles, remarks) = SampleArchives.Read(samples.File("cut.json", whole[..whole.IndexOf("uuid-p2", StringComparison.Ordinal)]));

        articles.Select(a => a.Title).ShouldBe(["One"]);
        remarks.ShouldHaveSingleItem().IsFailure.ShouldBeTrue();
    }

    [Fact]
    public void A_long_export_is_read_post_by_post()
    {
        var posts = Enumerable.Range(0, 300).Select(n => Post($"p{n}", $"Post {n}", html: $"<p>{string.Concat(Enumerable.Range(n, 5_000))}</p>")).ToArray();

        SampleArchives.Read(samples.Zip("ghost.zip", ("site.ghost.2024.json", Export(posts)), ("content/images/2024/01/tower.png", "x"))).Articles.Count.ShouldBe(300);
    }
}
