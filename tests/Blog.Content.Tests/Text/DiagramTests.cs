namespace Blog.Content.Tests;

/// <summary>What readers get of a diagram before it is drawn.</summary>
public sealed class DiagramTests
{
    [Theory]
    [InlineData("mermaid", "flowchart LR\n  a --> b", "flowchart LR", "")]
    [InlineData("mermaid", "sequenceDiagram\n  accTitle: How tides <rise>\n  A->>B: x", "How tides &lt;rise&gt;", "")]
    [InlineData("mermaid", "---\ntitle: Tides\n---\npie", "Tides", "")]
    [InlineData("mermaid title=\"The clock\"", "pie", "The clock", "<figcaption>The clock</figcaption>")]
    public void A_diagram_is_its_source_with_a_name_until_the_site_draws_it(string info, string source, string title, string caption) =>
        Rendered.Html($"```{info}\n{source}\n```").ShouldBe($"<figure class=\"diagram\"><pre tabindex=\"0\" role=\"group\" aria-label=\"Diagram: {title}\"><code>{source.Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)}</code></pre>{caption}</figure>");

    [Fact]
    public void The_source_does_not_count_as_words() => Rendered.Article("Two words\n\n```mermaid\npie title a b c\n```").Words.Total.ShouldBe(2);
}
