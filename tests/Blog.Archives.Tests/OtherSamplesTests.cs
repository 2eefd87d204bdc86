using System.Globalization;
using Blog.Archives.Html;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

/// <summary>What archives of others really hold, by the descriptions of their formats.</summary>
public sealed class OtherSamplesTests : IDisposable
{
    readonly SampleArchives samples = new();

    public void Dispose() => samples.Dispose();

    [Theory]
    // Substack
    [InlineData("<div class=latex-rendered data-attrs='{\"persistentExpression\":\"a_{1} < b\"}' data-component-name=LatexBlockToDOM></div>", "$$\na_{1} < b\n$$\n")]
    [InlineData("<p>Thanks to <span class=mention-wrap data-attrs='{\"name\":\"Ada L\",\"id\":1}'></span> for <span class=cashtag-wrap data-attrs='{\"symbol\":\"$TSLA\"}'></span>.</p>", "Thanks to Ada L for \\$TSLA.\n")]
    [InlineData("<p class=button-wrapper data-attrs='{\"url\":\"https://x.example/subscribe?\"}'><a class=button href='https://x.example/subscribe?'><span>Subscribe now</span></a></p><p class=button-wrapper><a href='%%share_url%%'>Share</a></p><p class=button-wrapper><a href='https://book.example/'><span>Buy the book</span></a></p>", "[Buy the book](https://book.example/)\n")]
    [InlineData("<div class=file-embed-wrapper><div class=file-embed-details><div class=file-embed-details-h1>The report</div><div class=file-embed-details-h2>31KB PDF</div></div><a class=file-embed-button href='https://x.example/a.pdf'>Download</a><a href='https://x.example/a.pdf'>Download</a></div>", "[The report](https://x.example/a.pdf)\n")]
    [InlineData("<div class=preformatted-block><label class=hide-text contenteditable=false>Text within this block will maintain its spacing</label><pre class=text>a\n  b</pre></div>", "```\na\n  b\n```\n")]
    [InlineData("<div class=pullquote><p>Said</p></div>", "> Said\n")]
    [InlineData("<div class=instagram data-attrs='{\"instagram_id\":\"QwErTy\",\"title\":\"A post\"}'><div><a href='https://instagram.com/x'>x</a></div></div>", "https://www.instagram.com/p/QwErTy/\n")]
    [InlineData("<div class=bluesky-wrap data-attrs='{\"postId\":\"3k\",\"authorDid\":\"did:plc:abc\"}'></div>", "https://bsky.app/profile/did:plc:abc/post/3k\n")]
    [InlineData("<div class=twitter-embed data-attrs='{\"url\":\"https://twitter.com/a/status/1\",\"full_text\":\"Hi\"}'></div>", "https://twitter.com/a/status/1\n")]
    [InlineData("<div class=captioned-image-container><figure><a class='image-link image2' href='https://shop.example/'><div class=image2-inset><picture><img src='https://x.example/a.png'></picture></div></a></figure></div>", "[![](https://x.example/a.png)](https://shop.example/)\n")]
    // WordPress
    [InlineData("<pre class=wp-block-verse>Roses <em>are</em>\nred\n\nViolets</pre>", "Roses *are*\\\nred\n\nViolets\n")]
    [InlineData("<ul class='wp-block-gallery columns-2'><li class=blocks-gallery-item><figure><img src=a.jpg></figure></li><li class=blocks-gallery-item><figure><img src=b.jpg></figure></li></ul>", "![](a.jpg)\n![](b.jpg)\n")]
    [InlineData("<div class=wp-block-file><object class=wp-block-file__embed data='https://x.example/a.pdf'></object><a href='https://x.example/a.pdf'>The file</a><a class=wp-block-file__button href='https://x.example/a.pdf' download>Download</a></div>", "[The file](https://x.example/a.pdf)\n")]
    [InlineData("<div class='wp-block-cover' style=\"background-image:url(https://x.example/sea.jpg);min-height:9px\"><p>Over it</p></div>", "![](https://x.example/sea.jpg)\n\nOver it\n")]
    [InlineData("<p><img src='data:image/gif;base64,R0lGOD' class=lazy><noscript><img src=real.jpg></noscript></p>", "![](real.jpg)\n")]
    [InlineData("<a href='https://x.example/'><div><p>Words</p></div></a>", "[Words](https://x.example/)\n")]
    [InlineData("<a href='https://x.example/'><h3>Head</h3><p>Words</p></a>", "### Head\n\nWords\n\n[https://x.example/](https://x.example/)\n")]
    [InlineData("<figure><a href='https://x.example/page/?attachment_id=9' rel='attachment wp-att-9'><img src=a.jpg></a></figure>", "![](a.jpg)\n")]
    // Formulas
    [InlineData("<p>So <span class=katex><span class=katex-mathml><math><semantics><mi>x</mi><annotation encoding=application/x-tex>x^2</annotation></semantics></math></span><span class=katex-html aria-hidden=true>x2</span></span> is.</p>", "So $x^2$ is.\n")]
    [InlineData("<p>So <span class=MathJax_Preview>y</span><script type='math/tex'>y_1</script> is.</p>", "So $y_1$ is.\n")]
    // Medium
    [InlineData("<figure><iframe src='https://cdn.embedly.com/widgets/media.html?src=https%3A%2F%2Fx&amp;url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ&amp;key=k'></iframe><figcaption>Seen</figcaption></figure>", "https://www.youtube.com/watch?v=dQw4w9WgXcQ\n\nSeen\n")]
    [InlineData("<figure><iframe src='https://medium.com/media/0123456789abcdef0123?postId=abc'></iframe></figure>", "https://medium.com/media/0123456789abcdef0123/href\n")]
    [InlineData("<p class='graf graf--p graf--hasDropCap'><span class=graf-dropCap>N</span>obody</p>", "Nobody\n")]
    public void Each_thing_a_site_draws_is_kept(string html, string markdown) => HtmlToMarkdown.Convert(html).Markdown.ShouldBe(markdown);

    [Fact]
    public void What_cannot_be_kept_is_said()
    {
        HtmlToMarkdown.Convert("<p>a</p><div class=poll-embed data-attrs='{\"id\":1}' data-component-name=PollToDOM></div>").Notes.ShouldHaveSingleItem().ShouldContain("PollToDOM");
        HtmlToMarkdown.Convert($"<img src='data:image/png;base64,{new string('A', 3000)}'>").Notes.ShouldHaveSingleItem().ShouldContain("picture");
        HtmlToMarkdown.Convert("<p><math><mi>x</mi></math></p>").ShouldSatisfyAllConditions(c => c.Markdown.ShouldBe("x\n"), c => c.Notes.ShouldHaveSingleItem().ShouldContain("TeX"));
    }

    [Fact]
    public void Cards_of_ghost_keep_captions_pictures_and_whatever_words_they_have()
    {
        var document = GhostReaderTests.Lexical(
            new { type = "paragraph", children = new object[] { new { type = "tk", text = "TK" } } },
            new { type = "gallery", images = new object[] { new { src = "https://x.example/1.png", alt = "One", caption = "First" } }, caption = "" },
            new { type = "file", src = "https://x.example/a.pdf", fileTitle = "", fileName = "a.pdf", fileCaption = "Read it" },
            new { type = "embed", url = "", html = "<iframe src=\"https://player.vimeo.com/video/123\"></iframe>" },
            new { type = "call-to-action", hasSponsorLabel = true, sponsorLabel = "<p>SPONSORED</p>", imageUrl = "https://x.example/s.png", textValue = "<p>Buy</p>", showButton = false, buttonText = "Go", buttonUrl = "https://go.example/" },
            new { type = "header", header = "Big", subheader = "small", backgroundImageSrc = "https://x.example/h.png", buttonEnabled = false, buttonText = "No", buttonUrl = "https://no.example/" },
            new { type = "product", productTitle = "Clock", productDescription = "<p>Ticks</p>", productRatingEnabled = true, productStarRating = 4 },
            new { type = "image", src = "https://x.example/2.png", href = "https://shop.example/" },
            new { type = "email", html = "<p>Dear reader</p>" });
        var article = SampleArchives.Read(samples.File("ghost.json", GhostReaderTests.Export(new { id = "p1", title = "Cards", slug = "cards", status = "published", lexical = document, published_at = "2024-01-02T03:04:05.000Z" }))).Articles.ShouldHaveSingleItem();

        article.Body.ShouldBe("""
            TK

            ![One](https://x.example/1.png#wide "First")

            [a.pdf](https://x.example/a.pdf)

            Read it

            https://vimeo.com/123

            SPONSORED

            ![](https://x.example/s.png)

            Buy

            ![](https://x.example/h.png)

            ## Big

            small

            #### Clock

            ★★★★☆

            Ticks

            [![](https://x.example/2.png)](https://shop.example/)

            """, article.Body);
        article.Notes.ShouldHaveSingleItem().ShouldContain("mail");
    }

    [Fact]
    public void Posts_of_ghost_that_went_out_by_mail_only_become_drafts_and_half_an_emoji_hurts_nothing()
    {
        var export = GhostReaderTests.Export(new { id = "p1", title = "Sent @@", slug = "sent", status = "sent", html = "<p>Text @@ here</p>", published_at = "2024-01-02T03:04:05.000Z" }, new { id = "p2", title = "Next", slug = "next", status = "published", html = "<p>y</p>" });
        foreach (var encoding in (System.Text.Encoding[])[new System.Text.UTF8Encoding(false), new System.Text.UTF8Encoding(true), System.Text.Encoding.Unicode])
        {
            var (articles, remarks) = SampleArchives.Read(samples.File("half.json", export.Replace("@@", "\\ud83d", StringComparison.Ordinal), encoding));

            remarks.ShouldBeEmpty();
            articles.Select(a => (a.Title, a.Body, a.Draft)).ShouldBe([("Sent \uFFFD", "Text \uFFFD here\n", true), ("Next", "y\n", false)]);
        }
    }

    [Fact]
    public void WordPress_posts_get_what_they_only_name_and_other_kinds_of_post_are_drafts()
    {
        string Attachment(int id, int parent, int order) => string.Create(CultureInfo.InvariantCulture, $"<item><title>Piece {id}</title><excerpt:encoded><![CDATA[Caption {id}]]></excerpt:encoded><wp:post_id>{id}</wp:post_id><wp:post_parent>{parent}</wp:post_parent><wp:menu_order>{order}</wp:menu_order><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status><wp:attachment_url>https://old.example/{id}.jpg</wp:attachment_url></item>");
        var kind = WordPressReaderTests.Post(4, "Work", "A bridge").Replace("<wp:post_type>post<", "<wp:post_type>portfolio<", StringComparison.Ordinal);
        var shared = WordPressReaderTests.Post(5, "Shared", "<!-- wp:paragraph --><p>In every post</p><!-- /wp:paragraph -->").Replace("<wp:post_type>post<", "<wp:post_type>wp_block<", StringComparison.Ordinal);
        var (articles, remarks) = SampleArchives.Read(samples.File("old.xml", WordPressReaderTests.Export(
            WordPressReaderTests.Post(1, "Gallery", "Before\n\n[gallery]\n\n[playlist ids=\"9,99\"]\n\n[[gallery]] and $latex x^2$ and [audio ogg=\"https://old.example/a.ogg\"]",
                more: "<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>first-name</wp:meta_value></wp:postmeta><wp:comment><wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_content>Nice</wp:comment_content></wp:comment><wp:comment><wp:comment_approved>1</wp:comment_approved><wp:comment_type>pingback</wp:comment_type></wp:comment>")
            + WordPressReaderTests.Post(2, "Names", "<!-- wp:paragraph --><p>Own</p><!-- /wp:paragraph -->\n<!-- wp:block {\"ref\":5} /-->\n<!-- wp:block {\"ref\":77} /-->")
            + kind + shared + Attachment(8, 1, 2) + Attachment(9, 1, 1))));

        remarks.ShouldBeEmpty();
        articles.Select(a => (a.Title, a.Draft)).ShouldBe([("Gallery", false), ("Names", false), ("Work", true)]);
        articles[0].Body.ShouldBe("Before\n\n![](https://old.example/9.jpg \"Caption 9\")\n![](https://old.example/8.jpg \"Caption 8\")\n\n[Piece 9](https://old.example/9.jpg)\n\n\\[gallery\\] and $x^2$ and\n\nhttps://old.example/a.ogg\n", articles[0].Body);
        articles[0].Notes.ShouldBe(["1 of the 2 pieces of a playlist are not in the export", "a comment of a reader was not taken"]);
        articles[0].FormerAddresses.ShouldContain("https://old.example/2019/05/first-name/");
        articles[1].Body.ShouldBe("Own\n\nIn every post\n");
        articles[1].Notes.ShouldHaveSingleItem().ShouldContain("77");
        articles[2].Notes.ShouldHaveSingleItem().ShouldContain("portfolio");
    }

    [Fact]
    public void Responses_on_medium_become_drafts()
    {
        const string page = """<html><body><article class="h-entry"><header><h1 class="p-name">I could not agree more with…</h1></header><section data-field="body" class="e-content"><section><div><p class="graf graf--p graf--leading">I could not agree more with you.</p></div></section></section><footer><p><time class="dt-published" datetime="2019-05-01T10:00:00.000Z">x</time></p></footer></article></body></html>""";
        var response = SampleArchives.Read(samples.Zip("m.zip", ("posts/2019-05-01_I-could-not-0123456789ab.html", page))).Articles.ShouldHaveSingleItem();

        (response.Draft, response.Body).ShouldBe((true, "I could not agree more with you.\n"));
        response.Notes.ShouldHaveSingleItem().ShouldContain("response");
    }

    [Fact]
    public void A_table_of_substack_with_semicolons_is_read_and_a_recording_is_linked()
    {
        var article = SampleArchives.Read(samples.Zip("s.zip", ("posts.csv", "\uFEFF\"post_id\";\"title\";\"is_published\";\"audience\";\"podcast_url\"\r\n1.talk;\"The; talk\";true;everyone;https://x.example/talk.mp3\r\n"), ("posts/1.talk.html", "<p>Notes</p>"))).Articles.ShouldHaveSingleItem();

        (article.Title, article.Draft, article.Body).ShouldBe(("The; talk", false, "https://x.example/talk.mp3\n\nNotes\n"));
    }
}
