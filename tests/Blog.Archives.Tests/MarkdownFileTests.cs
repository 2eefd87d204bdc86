using Blog.Archives.Markdown;
using Blog.Cli.Import;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class MarkdownFileTests
{
    [Theory]
    [InlineData("posts/2015-05-11-traits.md", "", "traits", "2015-05-11")]
    [InlineData("GATs-stabilization-push/index.md", "path = \"2021/08/03/GATs-stabilization-push\"", "gats-stabilization-push", "2021-08-03")]
    [InlineData("a.md", "slug = \"Ein Käse\"\ndate = 2020-01-02", "ein-käse", "2020-01-02")]
    [InlineData("a.md", "permalink = \"https://example.org/2019/03/04/hello.html\"", "hello", "2019-03-04")]
    [InlineData("こんにちは.md", "", "こんにちは", null)]
    public void Address_and_date_come_from_the_best_source_there_is(string path, string front, string slug, string? date)
    {
        var file = MarkdownFile.Read(path, $"+++\n{front}\n+++\nText");

        file.Slug.ShouldBe(slug);
        file.Date?.ToString("yyyy-MM-dd", null).ShouldBe(date);
    }

    [Fact]
    public void Without_a_title_the_first_heading_is_it_and_leaves_the_body()
    {
        var file = MarkdownFile.Read("x.md", "# The harbour clock\n\nText");

        file.Title.ShouldBe("The harbour clock");
        file.Body.ShouldBe("Text");
    }

    [Fact]
    public void What_does_not_fit_is_cut_and_said()
    {
        var file = MarkdownFile.Read("x.md", $"---\ntitle: {new string('t', 300)}\ntags: [a, b, c, d, e, f]\nauthors: [A <a@example.org>, B]\n---\nText").Fitted();

        file.Title.Length.ShouldBe(200);
        file.Topics.Count.ShouldBe(5);
        file.Authors.ShouldBe(["A", "B"]);
        file.Notes.Count.ShouldBe(3);
    }

    [Fact]
    public void Aliases_become_former_slugs() =>
        MarkdownFile.Read("x.md", "---\nslug: new\naliases: [/2014/old.html, /releases/1.0/, /new]\n---\n").FormerSlugs.ShouldBe(["old", "1-0"]);

    [Theory]
    [InlineData("Niko Matsakis", "niko-matsakis")]
    [InlineData("Ömer Çelik", "omer-celik")]
    [InlineData("The Rust Infrastructure and Release Operations Team", "the-rust-infrastructure-and-re")]
    public void A_handle_is_as_near_to_the_name_as_handles_allow(string name, string handle) => Authors.HandleOf(name).ShouldBe(handle);

    [Fact]
    public void A_name_in_another_script_gets_a_handle_of_its_own()
    {
        Authors.HandleOf("山田").ShouldStartWith("author-");
        Authors.HandleOf("山田").ShouldNotBe(Authors.HandleOf("鈴木"));
    }
}
