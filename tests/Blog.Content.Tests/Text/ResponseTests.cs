using System.Diagnostics;
using Blog.Content.Text;

namespace Blog.Content.Tests;

/// <summary>What a response may look like: a remark, not an article.</summary>
public sealed class ResponseTests
{
    static string Html(string markdown, params string[] handles) => ResponseRenderer.Render(markdown, handles).Html;

    [Theory]
    [InlineData("Plain & simple", "<p>Plain &amp; simple</p>")]
    [InlineData("one\ntwo", "<p>one<br>two</p>")]
    [InlineData("one\n\ntwo", "<p>one</p><p>two</p>")]
    [InlineData("*a* **b** ~~c~~ `d<e`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d&lt;e</code></p>")]
    [InlineData("# Loud", "<p><strong>Loud</strong></p>")]
    [InlineData("> quoted\n\n- a\n- b", "<blockquote><p>quoted</p></blockquote><ul><li>a</li><li>b</li></ul>")]
    [InlineData("3. c\n4. d", "<ol start=\"3\"><li>c</li><li>d</li></ol>")]
    [InlineData("```rust\nfn main() {}\n```", "<pre tabindex=\"0\"><code>fn main() {}</code></pre>")]
    [InlineData("see https://example.org/a?b=1&c=2", "<p>see <a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"nofollow ugc noopener\">https://example.org/a?b=1&amp;c=2</a></p>")]
    [InlineData("[here](/topics)", "<p><a href=\"/topics\">here</a></p>")]
    [InlineData("[bad](javascript:alert(1))", "<p>bad</p>")]
    [InlineData("![a cat](https://example.org/cat.png)", "<p><a href=\"https://example.org/cat.png\" rel=\"nofollow ugc noopener\">a cat</a></p>")]
    [InlineData("<b>not</b> <img src=x onerror=alert(1)>", "<p>&lt;b&gt;not&lt;/b&gt; &lt;img src=x onerror=alert(1)&gt;</p>")]
    public void Text_becomes(string markdown, string html) => Html(markdown).ShouldBe(html);

    [Fact]
    public void Known_people_become_links_but_not_in_code_links_or_addresses()
    {
        var rendered = ResponseRenderer.Render("@Ada and @nobody, `@ada`, [@ada](/x), ada@ada.example, @ada.", ["ada"]);

        rendered.Html.ShouldBe(
            "<p><a href=\"/@ada\">@Ada</a> and @nobody, <code>@ada</code>, <a href=\"/x\">@ada</a>, ada@ada.example, <a href=\"/@ada\">@ada</a>.</p>");
        rendered.Handles.ShouldBe(["ada"]);
        ResponseRenderer.Render("`@ada` alone", ["ada"]).Handles.ShouldBeEmpty();
    }

    [Fact]
    public void The_words_alone_are_one_line() =>
        ResponseRenderer.Render("# Hi\n\n- *one*\n- two\n\n```\ncode\n```", []).Text.ShouldBe("Hi one two code");

    [Fact]
    public void What_is_nested_too_deeply_is_refused() =>
        Should.Throw<MarkdownRefusedException>(() => Html(string.Concat(Enumerable.Repeat("> ", 60)) + "deep")).Problem.ShouldBe(RenderProblem.TooDeep);

    [Theory, InlineData("[a](b"), InlineData("*a_ "), InlineData("`` ` "), InlineData("![["), InlineData("> * "), InlineData("<a "), InlineData("@a@"), InlineData("\\[a]: b\n")]
    public void The_longest_response_never_takes_long(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 10_000 / unit.Length));
        var start = Stopwatch.GetTimestamp();
        try
        {
            Html(text, "a");
        }
        catch (MarkdownRefusedException)
        {
            // Too deep is an answer too.
        }
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }
}
