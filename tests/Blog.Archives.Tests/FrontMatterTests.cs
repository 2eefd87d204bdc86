using Blog.Archives.Markdown;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class FrontMatterTests
{
    [Fact]
    public void Toml_and_yaml_say_the_same()
    {
        var toml = FrontMatter.Read("+++\ntitle = \"Tides\"\ndate = 2025-06-26\ndraft = true\nauthors = [\"Ines\", 'Aldous']\n[taxonomies]\ntags = [\"sea\"]\n+++\n\nText");
        var yaml = FrontMatter.Read("---\ntitle: Tides\ndate: 2025-06-26\ndraft: true\nauthors:\n  - Ines\n  - name: Aldous\ntaxonomies:\n  tags: [sea]\n---\nText");

        foreach (var front in (FrontMatter[])[toml, yaml])
        {
            front.Text("title").ShouldBe("Tides");
            front.Date("date").ShouldBe(new DateTimeOffset(2025, 6, 26, 0, 0, 0, TimeSpan.Zero));
            front.Flag("draft").ShouldBeTrue();
            front.Texts("authors").ShouldBe(["Ines", "Aldous"]);
            front.Texts("taxonomies.tags").ShouldBe(["sea"]);
            front.Body.ShouldBe("Text");
        }
    }

    [Theory]
    [InlineData("Just text")]
    [InlineData("--- not a fence\nText")]
    [InlineData("----\nText")]
    public void A_file_without_front_matter_is_all_body(string text) => FrontMatter.Read(text).Body.ShouldBe(text);

    [Theory]
    [InlineData("+++\ntitle = \"open\n+++\n", "line 1")]
    [InlineData("+++\na = 1\na = 2\n+++\n", "given twice")]
    [InlineData("---\ntitle: [\n---\n", "line")]
    [InlineData("+++\ntitle = \"x\"\n", "not closed")]
    public void Broken_front_matter_says_where(string text, string expected) =>
        Should.Throw<FormatException>(() => FrontMatter.Read(text)).Message.ShouldContain(expected);

    [Fact]
    public void Toml_reads_every_kind_of_value()
    {
        var table = Toml.Parse(""""
            # a comment
            text = "a \"quoted\" \u00e9\n"   # another
            literal = 'C:\no\escape'
            long = """
            two
            lines \
               joined"""
            raw = '''it's raw'''
            number = 1_000
            hex = 0xff
            real = 2.5e1
            yes = true
            when = 2024-02-29T08:04:00+01:00
            list = [
              1, 2, # inside
              3,
            ]
            inline = { a = 1, "b c" = 'x' }
            dotted.key = "d"
            [table.inner]
            x = 1
            [[many]]
            n = 1
            [[many]]
            n = 2
            """");

        table["text"].ShouldBe("a \"quoted\" é\n");
        table["literal"].ShouldBe(@"C:\no\escape");
        table["long"].ShouldBe("two\nlines joined");
        table["raw"].ShouldBe("it's raw");
        table["number"].ShouldBe(1000L);
        table["hex"].ShouldBe(255L);
        table["real"].ShouldBe(25.0);
        table["yes"].ShouldBe(true);
        table["when"].ShouldBe(new DateTimeOffset(2024, 2, 29, 8, 4, 0, TimeSpan.FromHours(1)));
        table["list"].ShouldBeOfType<List<object>>().ShouldBe([1L, 2L, 3L]);
        table["inline"].ShouldBeOfType<Dictionary<string, object>>()["b c"].ShouldBe("x");
        ((Dictionary<string, object>)table["dotted"])["key"].ShouldBe("d");
        ((Dictionary<string, object>)((Dictionary<string, object>)table["table"])["inner"])["x"].ShouldBe(1L);
        ((List<object>)table["many"]).Cast<Dictionary<string, object>>().Select(t => t["n"]).ShouldBe([1L, 2L]);
    }
}
