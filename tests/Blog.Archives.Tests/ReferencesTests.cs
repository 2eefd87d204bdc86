using Blog.Archives.Markdown;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void Every_relative_address_is_found_in_markdown_and_in_html()
    {
        const string text = """
            ![a](one.png "title") and [l](other.md#part) and ![r][ref] and <img class="x" src="two.jpg" alt="b">

            <p align="center"><a href='three.md'><img src='four.gif'></a></p>

            ![outside](https://example.org/x.png) [mail](mailto:a@b.c) [here](#anchor) [host](//example.org)

            `![code](no.png)`

                ![indented code](no.png)

            [ref]: <five six.png> 'title'
            """;

        References.Find(text).Select(r => (r.Address, r.IsPicture)).ShouldBe(
            [("one.png", true), ("other.md#part", false), ("two.jpg", true), ("three.md", false), ("four.gif", true), ("five six.png", true)]);
    }

    [Fact]
    public void Replacing_touches_nothing_else()
    {
        const string text = "x ![a](one.png \"t\") y [l](two.md) z";
        var found = References.Find(text);

        References.Replace(text, found.Select(r => (r, "/new/" + r.Address))).ShouldBe("x ![a](/new/one.png \"t\") y [l](/new/two.md) z");
    }
}
