namespace Blog.Content.Tests;

/// <summary>The markup that the site's stylesheet and the image optimiser expect.</summary>
public sealed class MarkupTests
{
    static string Html(string markdown) => Rendered.Html(markdown);

    [Fact]
    public void Headings_have_anchors_that_are_unique_in_any_script()
    {
        var article = Rendered.Article("# What's new?\n## Größe & Maß\n## 什么是 Rust？\n## Что нового\n## What's new?\n## हिन्दी में\n## main\n## ⁉️\n## `fn main()`");
        article.Headings.Select(h => (h.Level, h.Anchor)).ShouldBe([(2, "whats-new"), (3, "größe-maß"), (3, "什么是-rust"), (3, "что-нового"), (3, "whats-new-1"), (3, "हिन्दी-में"), (3, "main-section"), (3, "section"), (3, "fn-main")]);
        article.Html.ShouldContain("<h3 id=\"fn-main\"><code>fn main()</code></h3>");
        article.Headings[^1].Text.ShouldBe("fn main()");
    }

    [Theory]
    [InlineData("# a\n## b\n### c", "2,3,4")]
    [InlineData("## a\n#### b\n## c", "2,3,2")]
    [InlineData("### a\n### b", "2,2")]
    [InlineData("<h1>a</h1>\n\n###### b", "2,3")]
    public void Heading_levels_begin_at_two_and_skip_none(string markdown, string levels) => string.Join(',', Rendered.Article(markdown).Headings.Select(h => h.Level)).ShouldBe(levels);

    [Fact]
    public void Links_within_the_text_find_their_heading_however_they_were_written() =>
        Html("# What Is_Cargo?\n[x](#What-Is_Cargo) [y](#what-is-cargo)").ShouldBe("<h2 id=\"what-is-cargo\">What Is_Cargo?</h2>\n<p><a href=\"#what-is-cargo\">x</a> <a href=\"#what-is-cargo\">y</a></p>");

    [Fact]
    public void Links_to_elsewhere_carry_no_recommendation()
    {
        Html("[a](https://x.example/?a=1&b=2 \"T\") [b](/@ines/story) [c](mailto:a@b.example) [d](//x.example)").ShouldBe(
            "<p><a href=\"https://x.example/?a=1&amp;b=2\" rel=\"nofollow ugc noopener\" title=\"T\">a</a> <a href=\"/@ines/story\">b</a> <a href=\"mailto:a@b.example\" rel=\"nofollow ugc noopener\">c</a> <a href=\"//x.example\" rel=\"nofollow ugc noopener\">d</a></p>");
        Html("See https://x.example and www.y.example.").ShouldContain("<a href=\"https://x.example\" rel=\"nofollow ugc noopener\">https://x.example</a>");
    }

    [Fact]
    public void Tables_scroll_in_a_named_frame_and_keep_their_alignment() => Html("# Tides\n\n| Tone | Period |\n|:-----|------:|\n| M2 | 12.42 |").ShouldEndWith(
        "<div class=\"table\" role=\"region\" aria-label=\"Table 1, Tides\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th scope=\"col\">Tone</th>\n<th scope=\"col\" class=\"num\">Period</th>\n</tr>\n</thead>\n" +
        "<tbody>\n<tr>\n<td>M2</td>\n<td class=\"num\">12.42</td>\n</tr>\n</tbody>\n</table></div>");

    [Fact]
    public void Footnotes_lead_there_and_back()
    {
        var html = Html("Text[^1] and more[^note].\n\n[^1]: First.\n[^note]: Second.");
        html.ShouldContain("Text<sup><a href=\"#fn1\" id=\"fnref1\" aria-label=\"Footnote 1\">1</a></sup> and");
        html.ShouldContain("<section class=\"footnotes\" aria-labelledby=\"footnotes\"><h2 id=\"footnotes\">Footnotes</h2>");
        html.ShouldContain("<li id=\"fn2\">");
        html.ShouldContain("<a href=\"#fnref2\" aria-label=\"Back to the text\">");
    }

    [Fact]
    public void Task_lists_are_shown_as_done_or_not() => Html("- [x] Grease the *pinion*\n- [ ] Repaint\n  - nested").ShouldBe(
        "<ul class=\"tasks\"><li><label><input type=\"checkbox\" checked disabled><span> Grease the <em>pinion</em></span></label></li>" +
        "<li><label><input type=\"checkbox\" disabled><span> Repaint\n</span></label><ul>\n<li>nested</li>\n</ul>\n</li></ul>");

    [Fact]
    public void Callouts_are_notes_with_their_kind_in_words() => Html("> [!WARNING]\n> Mind the ladder.").ShouldBe(
        "<div class=\"callout callout-warn\" role=\"note\" aria-label=\"Warning\"><p class=\"callout-kind\">Warning</p>\n\n<p>Mind the ladder.</p>\n</div>");

    [Fact]
    public void Strikethrough_and_html_that_is_allowed_are_kept() =>
        Html("~~no~~ <kbd>Ctrl</kbd> H<sub>2</sub>O <mark>yes</mark>").ShouldBe("<p><del>no</del> <kbd>Ctrl</kbd> H<sub>2</sub>O <mark>yes</mark></p>");

    [Fact]
    public void What_looks_like_a_tag_in_prose_is_text() =>
        Html("A Vec<T> of <input> and <script> in Map<String, u8>.").ShouldBe("<p>A Vec&lt;T&gt; of &lt;input&gt; and &lt;script&gt; in Map&lt;String, u8&gt;.</p>");

    [Fact]
    public void Code_is_coloured_and_named() => Html("```rust,no_run\nfn main() {\n    let x = \"a<b\"; // note\n}\n```").ShouldBe(
        "<figure class=\"code\"><figcaption><span>Rust</span></figcaption><pre tabindex=\"0\" role=\"group\" aria-label=\"Code, Rust\"><code><span class=\"tok-k\">fn</span> <span class=\"tok-f\">main</span>() {\n" +
        "    <span class=\"tok-k\">let</span> x = <span class=\"tok-s\">&quot;a&lt;b&quot;</span>; <span class=\"tok-c\">// note</span>\n}</code></pre></figure>");

    [Fact]
    public void Code_may_have_a_title_or_an_unknown_language_or_none()
    {
        Html("```py title=\"tide.py\"\nx\n```").ShouldContain("<figcaption><span>tide.py</span></figcaption><pre tabindex=\"0\" role=\"group\" aria-label=\"Code, tide.py\">");
        Html("```brainfuck\n+<\n```").ShouldBe("<figure class=\"code\"><pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>+&lt;</code></pre></figure>");
        Html("    indented").ShouldBe("<figure class=\"code\"><pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>indented</code></pre></figure>");
    }

    [Fact]
    public void A_picture_alone_with_a_title_is_a_figure_that_cannot_shift_the_page() => Html($"![A gauge](/media/{Rendered.Wide} \"At Kell\")").ShouldBe(
        $"<figure><img src=\"/images/{Rendered.Wide}/1200\" srcset=\"/images/{Rendered.Wide}/384 384w, /images/{Rendered.Wide}/640 640w, /images/{Rendered.Wide}/828 828w\" sizes=\"(min-width: 48rem) 38.5rem, 100vw\" " +
        "width=\"1000\" height=\"500\" alt=\"A gauge\" loading=\"eager\" decoding=\"async\"><figcaption>At Kell</figcaption></figure>");

    [Fact]
    public void Small_and_moving_pictures_are_served_as_they_are_and_later_ones_lazily()
    {
        var html = Html($"![a](/media/{Rendered.Small}) text ![b](/media/{Rendered.Moving})");
        html.ShouldContain($"srcset=\"/images/{Rendered.Small}/384 384w\"");
        html.ShouldContain($"<img src=\"/media/{Rendered.Moving}\" width=\"300\" height=\"200\" alt=\"b\" loading=\"lazy\" decoding=\"async\">");
    }

    [Fact]
    public void Pictures_elsewhere_become_links_so_that_nobody_else_learns_who_reads()
    {
        Html("![A chart](https://x.example/c.png)").ShouldBe("<p><a href=\"https://x.example/c.png\" rel=\"nofollow ugc noopener\">A chart</a></p>");
        Html("[![badge](https://x.example/b.svg)](https://y.example)").ShouldBe("<p><a href=\"https://y.example\" rel=\"nofollow ugc noopener\">badge</a></p>");
        Html($"![gone](/media/{Guid.Empty})").ShouldBe("<p>gone</p>");
    }

    [Fact]
    public void Rendering_is_the_same_each_time()
    {
        var text = string.Join('\n', Enumerable.Range(0, 50).Select(i => $"## Part {i % 3}\n\nSome *text* `code` [link](#part-1)[^{i}].\n\n[^{i}]: note"));
        Html(text).ShouldBe(Html(text));
    }
}
