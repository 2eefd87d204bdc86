using System.Text.Json;
using Blog.Content.Text;

namespace Blog.Content.Tests;

/// <summary>How wide pictures are, and how several stand side by side.</summary>
public sealed class GalleryTests
{
    sealed record Vector(int[][] Pictures, int[] Shapes, int[] Rows);

    static string Address(Guid id, string size = "") => $"/media/{id}{size}";

    /// <summary>The rich editor reads the same file (web/site/tests/galleries.test.ts).</summary>
    [Fact]
    public void Rows_are_those_of_the_rich_editor()
    {
        var vectors = JsonSerializer.Deserialize<Vector[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Text", "gallery-rows.json")), JsonSerializerOptions.Web)!;
        vectors.ShouldNotBeEmpty();
        foreach (var (pictures, shapes, rows) in vectors)
        {
            pictures.Select(picture => GalleryRows.Shape(picture[0], picture[1])).ShouldBe(shapes);
            GalleryRows.Of(shapes).ShouldBe(rows);
        }
    }

    [Theory]
    [InlineData("", "<figure>", "(min-width: 48rem) 38.5rem, 100vw")]
    [InlineData("#wide", "<figure class=\"wide\">", "(min-width: 64rem) 60rem, 100vw")]
    [InlineData("#full", "<figure class=\"full\">", "(min-width: 48rem) 100vw, 100vw")]
    [InlineData("#enormous", "<figure>", "(min-width: 48rem) 38.5rem, 100vw")]
    public void The_fragment_of_a_picture_s_address_says_how_wide_it_is(string fragment, string figure, string sizes)
    {
        var html = Rendered.Html($"![A]({Address(Rendered.Wide, fragment)} \"At Kell\")");
        html.ShouldStartWith(figure + $"<img src=\"/images/{Rendered.Wide}/1200\"");
        html.ShouldContain($"sizes=\"{sizes}\"");
        html.ShouldEndWith("<figcaption>At Kell</figcaption></figure>");
    }

    [Fact]
    public void In_a_quote_there_is_no_room_to_be_wide() => Rendered.Html($"> ![A]({Address(Rendered.Wide, "#full")})").ShouldContain("<figure><img");

    [Fact]
    public void A_paragraph_of_nothing_but_own_pictures_is_a_gallery_with_captions_and_room_for_each()
    {
        var html = Rendered.Html($"![A]({Address(Rendered.Wide, "#wide")} \"At Kell\")\n![B]({Address(Rendered.Small)}) ![C]({Address(Rendered.Moving)})");
        html.ShouldStartWith("<div class=\"gallery wide\" role=\"group\" aria-label=\"Gallery of 3 pictures\"><div class=\"gallery-row\"><figure data-shape=\"12\"><img ");
        html.ShouldContain("sizes=\"(min-width: 64rem) 60rem, 100vw\" width=\"1000\" height=\"500\" alt=\"A\"");
        html.ShouldContain("<figcaption>At Kell</figcaption></figure></div><div class=\"gallery-row\"><figure data-shape=\"4\">");
        html.ShouldEndWith("alt=\"C\" loading=\"lazy\" decoding=\"async\"></figure></div></div>");
        Rendered.Article($"![One two]({Address(Rendered.Wide)})\n![three]({Address(Rendered.Small)} \"four\")").Words.Total.ShouldBe(4);
    }

    [Fact]
    public void Pictures_beside_words_or_links_or_from_elsewhere_are_no_gallery()
    {
        var picture = $"![A]({Address(Rendered.Wide)})";
        foreach (var text in new[] { $"{picture} and {picture}", $"[{picture}](https://x.example) {picture}", $"{picture} ![B](https://x.example/b.png)", $"{picture}\\\n{picture}" })
            Rendered.Html(text).ShouldNotContain("gallery", customMessage: text);
    }

    [Fact]
    public void Typed_classes_and_shapes_are_not_taken_over() => Rendered.Html("<div class=\"gallery full\" data-shape=\"3\">words</div>").ShouldBe("<div>words</div>");
}
