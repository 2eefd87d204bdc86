using Blog.Archives.Html;
using Blog.Content.Text;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class HtmlToMarkdownTests
{
    [Theory]
    [InlineData("<h2>A <em>head</em></h2><p>Two\n  lines</p>", "## A *head*\n\nTwo lines\n")]
    [InlineData("<p>a<br>b</p>", "a\\\nb\n")]
    [InlineData("<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>", "- one\n  - inner\n- two\n")]
    [InlineData("<ol start=3><li>c</li><li>d</li></ol>", "3. c\n4. d\n")]
    [InlineData("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b\n")]
    [InlineData("<ul><li><input type=checkbox checked> done</li><li><input type=checkbox> open</li></ul>", "- [x] done\n- [ ] open\n")]
    [InlineData("<pre><code class=language-rust>fn main() {\n}</code></pre>", "```rust\nfn main() {\n}\n```\n")]
    [InlineData("<pre data-code-block-lang=python>a<br>b</pre>", "```python\na\nb\n```\n")]
    [InlineData("<pre>```</pre>", "````\n```\n````\n")]
    [InlineData("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n")]
    [InlineData("<table><thead><tr><th>A<th align=right>B</thead><tr><td>1<td>2|3</table>", "| A | B |\n| --- | ---: |\n| 1 | 2\\|3 |\n")]
    [InlineData("<figure><img src=a.png alt=Alt><figcaption>Below it</figcaption></figure>", "![Alt](a.png \"Below it\")\n")]
    [InlineData("<figure><a href=big.jpg><img src=a.jpg></a></figure>", "![](a.jpg)\n")]
    [InlineData("<figure class='wp-block-gallery alignfull'><figure class=wp-block-image><img src=a.jpg><figcaption>A</figcaption></figure><figure><img src=b.jpg></figure><figcaption>Both</figcaption></figure>", "![](a.jpg#full \"A\")\n![](b.jpg#full)\n\nBoth\n")]
    [InlineData("<figure><figure><a href='https://x.example/'><img src=a.jpg></a><figcaption>A</figcaption></figure><figure><img src=b.jpg></figure></figure>", "[![](a.jpg \"A\")](https://x.example/)\n\n![](b.jpg)\n")]
    [InlineData("<figure class='wp-block-image alignwide'><img src=a.jpg#x></figure>", "![](a.jpg#wide)\n")]
    [InlineData("<div class='section-inner sectionLayout--outsetRow'><figure class='graf graf--layoutOutsetRow'><img src=a.jpg></figure><figure class='graf graf--layoutOutsetRowContinue'><img src=b.jpg><figcaption>Both</figcaption></figure></div>", "![](a.jpg)\n![](b.jpg \"Both\")\n")]
    [InlineData("<div class='section-inner sectionLayout--fullWidth'><figure class='graf graf--figure graf--layoutFillWidth'><img src=a.jpg></figure></div>", "![](a.jpg#full)\n")]
    [InlineData("<div class='image-gallery-embed' data-attrs='{\"gallery\":{\"images\":[{\"src\":\"https://x.example/1.png\"},{\"src\":\"https://x.example/2.png\"}],\"caption\":\"# Two\",\"alt\":\"Views\"}}'></div>", "![Views](https://x.example/1.png)\n![Views](https://x.example/2.png)\n\n\\# Two\n")]
    [InlineData("<p><iframe src='//www.youtube.com/embed/dQw4w9WgXcQ?rel=0'></iframe></p>", "https://www.youtube.com/watch?v=dQw4w9WgXcQ\n")]
    [InlineData("<script src='https://gist.github.com/ada/123.js'></script>", "https://gist.github.com/ada/123\n")]
    [InlineData("<p><a href='https://medium.com/r/?url=https%3A%2F%2Fexample.org%2Fa'>x</a></p>", "[x](https://example.org/a)\n")]
    [InlineData("<p><a href='javascript:alert(1)'>x</a></p>", "x\n")]
    [InlineData("<p>a <code>`b`</code> <sup>2</sup> <s>c</s></p>", "a `` `b` `` <sup>2</sup> ~~c~~\n")]
    [InlineData("<p>bold<strong> with </strong>spaces and <b>punct.</b>after</p>", "bold **with** spaces and <strong>punct.</strong>after\n")]
    public void Each_construct_has_its_markdown(string html, string markdown) => HtmlToMarkdown.Convert(html).Markdown.ShouldBe(markdown);

    [Theory]
    [InlineData("# no heading", "\\# no heading")]
    [InlineData("1. no list", "1\\. no list")]
    [InlineData("- no list", "\\- no list")]
    [InlineData("*no* _emphasis_ `code` [link](x) <tag> snake_case", "\\*no\\* \\_emphasis\\_ \\`code\\` \\[link\\](x) \\<tag> snake_case")]
    [InlineData("AT&T &amp;amp; &amp;lt;", "AT&T \\&amp; \\&lt;")]
    public void Text_stays_text(string text, string markdown) => HtmlToMarkdown.Convert($"<p>{text.Replace("<tag>", "&lt;tag>", StringComparison.Ordinal)}</p>").Markdown.ShouldBe(markdown + "\n");

    [Theory]
    [InlineData("""<p>Text<sup id="fnref1"><a href="#fn1">1</a></sup>.</p><ol><li id="fn1"><p>A <em>note</em>. <a href="#fnref1">↩</a></p></li></ol>""")]
    [InlineData("""<p>Text<a id="footnote-anchor-1" href="#footnote-1" class="footnote-anchor">1</a>.</p><div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div class="footnote-content"><p>A <em>note</em>.</p></div></div>""")]
    [InlineData("""<p>Text<sup class="fn" data-fn="u"><a id="u-link" href="#u">1</a></sup>.</p><ol class="wp-block-footnotes"><li id="u">A <em>note</em>. <a href="#u-link">↩︎</a></li></ol>""")]
    public void Footnotes_of_every_make_become_footnotes(string html) => HtmlToMarkdown.Convert(html).Markdown.ShouldBe("Text[^1].\n\n[^1]: A *note*.\n");

    [Fact]
    public void Lines_matter_where_they_mattered() =>
        HtmlToMarkdown.Convert("First line\nsecond line\n\nNext <b>paragraph</b>\n\n<ul>\n<li>item</li>\n</ul>\nLast", new HtmlReading { LinesMatter = true }).Markdown
            .ShouldBe("First line\\\nsecond line\n\nNext **paragraph**\n\n- item\n\nLast\n");

    [Theory]
    [InlineData("<p>Some <strong>bold, <em>both</em></strong>, and<b>x</b>y &amp; z*_`[]&lt;>#|$5~~ &amp;lt;p></p>")]
    [InlineData("<h1>Head</h1><p>One</p><ul><li>a<p>b</p><pre>c\n\nd</pre></li><li>e</li></ul><blockquote>q<ul><li>l</li></ul></blockquote>")]
    [InlineData("<table><tr><td rowspan=2>a</td><td>b<ul><li>c</li></ul></td></tr><tr><td>d</td></tr></table><dl><dt>t</dt><dd>u</dd></dl>")]
    [InlineData("<p>1) x</p><p>+ y</p><p>=== z</p><p>--- w</p><p>~~~ v</p><p>* u</p><p>10. t</p><p>&gt; s</p><p># r</p><p>: q</p>")]
    [InlineData("<details><summary>Sum</summary><p>Inner</p></details><p>line<br>break</p><p><u>u</u><kbd>k</kbd><mark>m</mark></p>")]
    [InlineData("<div><section><p>deep</p>loose text<div>more</div></section></div><p>a <i> b </i> c<i>.</i></p>")]
    [InlineData("<p>“Quotes” — dashes… ünï 日本語 👩‍💻</p><ol><li>x</li></ol><ol><li>y</li></ol><p>a\u00a0b</p>")]
    public void The_sites_renderer_shows_the_same_text(string html)
    {
        var markdown = HtmlToMarkdown.Convert(html).Markdown;
        var shown = MarkdownRenderer.Render(markdown, new Dictionary<Guid, KnownPicture>(), new RenderBudget(RenderBudget.Limit, TestContext.Current.CancellationToken)).Html;

        Words(shown).ShouldBe(Words(html), markdown);
    }

    [Theory]
    [InlineData("<blockquote>", 3_000)]
    [InlineData("<table><tr><td>", 1_000)]
    [InlineData("<div>", 1_000_000)]
    public void Html_that_nests_without_end_is_still_text(string tag, int times)
    {
        var converted = HtmlToMarkdown.Convert(string.Concat(Enumerable.Repeat(tag, times)) + "deep");

        converted.Markdown.ShouldContain("deep");
        converted.Notes.ShouldNotBeEmpty();
    }

    static string Words(string html)
    {
        using var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        return string.Concat(page.Body!.TextContent.Where(c => !char.IsWhiteSpace(c)));
    }
}
