using System.Diagnostics;
using Blog.Content.Text;

namespace Blog.Content.Tests;

/// <summary>Texts made to hold a core or the memory are refused, or rendered, in bounded time.</summary>
public sealed class BoundsTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(0.5);

    static string Repeat(string text, int bytes) => string.Concat(Enumerable.Repeat(text, bytes / text.Length));

    public static TheoryData<string, int> Hostile => new(
        ((string, int)[])[
            ("[a](b", 100_000), ("[a](b", 1_000_000), ("[", 500_000), ("![", 500_000), ("](", 500_000), ("[a](<b", 200_000), ("<", 500_000), ("<a ", 500_000), ("<a b=\"", 300_000), ("`", 500_000), ("` `` ", 300_000),
            ("*a ", 300_000), ("**a_ ", 300_000), ("*_", 300_000), ("~~a ", 300_000), ("a**b", 300_000), ("&", 500_000), ("&#", 300_000), ("|", 300_000), ("|a\n", 300_000), ("a|b\n-|-\n", 300_000), ("> ", 300_000), (">", 300_000),
            ("- ", 300_000), ("1. ", 300_000), ("* a\n  ", 300_000), ("#", 500_000), ("# a\n", 1_000_000), ("[^a]", 300_000), ("[^a]: b\n", 300_000), ("[a]: b\n", 500_000), ("[a]: b\n", 30_000), ("www.", 300_000), ("http://", 300_000), ("a@", 300_000),
            ("<div>", 1_000_000), ("<b>", 300_000), ("<b><p>", 500_000), ("<p><i></p>", 500_000), ("<table>", 300_000), ("<table><tr><td>", 500_000), ("<a><b>", 300_000), ("<details>", 300_000), ("<font color=a><p>", 500_000),
            ("<svg>", 300_000), ("<math><mi>", 300_000), ("<select>", 300_000), ("<template>", 300_000), ("<h1>", 300_000), ("<!--", 500_000), ("<?", 500_000), ("<![CDATA[", 500_000), ("</p>", 500_000), ("```\n", 500_000), ("\\", 500_000),
            ("[x][", 300_000), ("[x]\n", 300_000), ("- [ ] a\n", 300_000), (" \n", 500_000), ("\t", 500_000), ("a\r", 500_000), ("\u0301", 200_000), ("字", 900_000)]);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_repetition_ends_in_bounded_time(string part, int bytes)
    {
        var start = Process.GetCurrentProcess().TotalProcessorTime;
        try
        {
            MarkdownRenderer.Render(Repeat(part, bytes), Rendered.Pictures, new RenderBudget(Limit, TestContext.Current.CancellationToken));
        }
        catch (MarkdownRefusedException refused)
        {
            refused.Problem.ShouldBeOneOf(RenderProblem.TooDeep, RenderProblem.TooSlow);
        }
        (Process.GetCurrentProcess().TotalProcessorTime - start).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }
}
