using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Blog.Content.Tests;

/// <summary>What is a formula, and what readers of feeds get of one.</summary>
public sealed partial class FormulaTests
{
    sealed record Vector(string Markdown, string[] Formulas);

    /// <summary>The rich editor reads the same file (web/site/tests/formulas.test.ts).</summary>
    [Fact]
    public void Formulas_are_found_where_the_editor_finds_them_and_prices_are_none()
    {
        var vectors = JsonSerializer.Deserialize<Vector[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Text", "formulas.json")), JsonSerializerOptions.Web)!;
        vectors.ShouldNotBeEmpty();
        foreach (var (markdown, formulas) in vectors)
            Formula().Matches(Rendered.Html(markdown)).Select(found => (found.Groups[1].Success ? "display: " : "") + WebUtility.HtmlDecode(found.Groups[2].Value)).ShouldBe(formulas, markdown);
    }

    [Fact]
    public void A_formula_is_its_source_until_the_site_draws_it_and_stands_in_a_frame_that_scrolls_when_it_is_set_apart()
    {
        Rendered.Html("If $a<b$.").ShouldBe("<p>If <code class=\"math\">a&lt;b</code>.</p>");
        const string apart = "<div class=\"formula\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\"><code class=\"math math-display\">x^2</code></div>";
        Rendered.Html("$$\nx^2\n$$").ShouldBe(apart);
        Rendered.Html("$$x^2$$").ShouldBe(apart);
        Rendered.Html("```math\nx^2\n```").ShouldBe(apart);
        Rendered.Html("<code data-info=\"math\" onclick=\"x\">a<b>b</b></code>").ShouldBe("<p><code class=\"math\">ab</code></p>");
    }

    [Fact]
    public void Formulas_do_not_count_as_words() => Rendered.Article("Two words $x y z$ and\n\n$$\na b c\n$$").Words.Total.ShouldBe(3);

    [GeneratedRegex("<code class=\"math( math-display)?\">([^<]*)</code>")]
    private static partial Regex Formula();
}
