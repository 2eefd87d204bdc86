using Blog.Content.Text;

namespace Blog.Content.Tests;

/// <summary>What stands in an article in place of an address.</summary>
public sealed class LinkCardTests
{
    const string Address = "https://tides.example/notes?a=1&b=2";

    static readonly LinkCard Page = new(LinkKind.Page, "The <clock>") { Description = "Wrong & useful", Site = "Tides", Picture = Rendered.Pictures[Rendered.Wide] };

    static RenderedArticle Render(string markdown, params (string Address, LinkCard Card)[] cards) =>
        MarkdownRenderer.Render(markdown, Rendered.Pictures, cards.ToDictionary(card => card.Address, card => card.Card), new RenderBudget(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

    [Fact]
    public void An_address_alone_becomes_its_card_and_everything_in_it_is_text()
    {
        var html = Render($"Before\n\n{Address}\n\nAfter", (Address, Page)).Html;
        var card = Rendered.Body(html).QuerySelector("a.embed").ShouldNotBeNull();
        card.GetAttribute("href").ShouldBe(Address);
        card.GetAttribute("rel").ShouldBe("nofollow ugc noopener");
        card.QuerySelector("b")!.TextContent.ShouldBe("The <clock>");
        card.QuerySelector("span")!.TextContent.ShouldBe("Wrong & useful");
        card.QuerySelector(".where")!.TextContent.ShouldBe("Tides");
        card.QuerySelector("img")!.GetAttribute("src").ShouldBe($"/images/{Rendered.Wide}/640");
        card.QuerySelector("img")!.GetAttribute("alt").ShouldBe("");
        card.ParentElement!.LocalName.ShouldBe("body");
        card.PreviousElementSibling!.TextContent.ShouldBe("Before");
    }

    [Theory]
    [InlineData("See https://tides.example/notes?a=1&b=2")]
    [InlineData("[The clock](https://tides.example/notes?a=1&b=2)")]
    [InlineData("[https://tides.example/notes](https://tides.example/notes?a=1&b=2)")]
    [InlineData("> https://tides.example/notes?a=1&b=2")]
    [InlineData("- https://tides.example/notes?a=1&b=2")]
    [InlineData("`https://tides.example/notes?a=1&b=2`")]
    [InlineData("https://tides.example/notes?a=1&b=2\nand more")]
    public void Any_other_link_stays_a_link(string markdown)
    {
        var rendered = Render(markdown, (Address, Page));
        rendered.Html.ShouldNotContain("embed");
        rendered.Links.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_known_yet_is_a_link_that_is_told_of_and_takes_its_card_later()
    {
        const string other = "https://de.wikipedia.org/wiki/L%C3%B6we";
        var rendered = Render($"<{Address}>\n\nhttps://de.wikipedia.org/wiki/Löwe\n\n{Address}");
        rendered.Links.ShouldBe([Address, other]);
        var card = Render($"<{Address}>", (Address, Page)).Html;
        var both = ArticleHtml.WithCard(ArticleHtml.WithCard(rendered.Html, Address, card), other, "<i>lion</i>");
        both.ShouldBe(Render($"<{Address}>\n\nhttps://de.wikipedia.org/wiki/Löwe\n\n{Address}", (Address, Page), (other, new LinkCard(LinkKind.Page, "x"))).Html
            .Replace(Render($"<{other}>", (other, new LinkCard(LinkKind.Page, "x"))).Html, "<i>lion</i>", StringComparison.Ordinal));
        ArticleHtml.WithCard(rendered.Html, "https://elsewhere.example/", card).ShouldBe(rendered.Html);
    }

    [Fact]
    public void A_player_waits_to_be_pressed()
    {
        var html = Render(Address, (Address, new LinkCard(LinkKind.Player, "Tides") { Site = "YouTube", Author = "Ada", Frame = new("https://www.youtube-nocookie.com/embed/1?autoplay=1", 16, 9) })).Html;
        html.ShouldNotContain("<iframe");
        var card = Rendered.Body(html).QuerySelector("a.embed-player").ShouldNotBeNull();
        card.GetAttribute("data-frame").ShouldBe("https://www.youtube-nocookie.com/embed/1?autoplay=1");
        card.GetAttribute("data-shape").ShouldBe("16/9");
        card.QuerySelector(".where")!.TextContent.ShouldBe("Ada · YouTube");
    }

    [Fact]
    public void A_post_is_quoted_and_a_gist_shows_its_files()
    {
        var post = Rendered.Body(Render(Address, (Address, new LinkCard(LinkKind.Post, "Ada") { Description = "The tide\nis <late>.", Site = "X" })).Html);
        post.QuerySelectorAll("figure.post blockquote p").Select(p => p.TextContent).ShouldBe(["The tide", "is <late>."]);
        post.QuerySelector("figcaption a")!.TextContent.ShouldBe("Ada · X");

        var gist = Rendered.Body(Render(Address, (Address, new LinkCard(LinkKind.Code, "") { Site = "gist.github.com", Files = [new("main.rs", "fn main() {}"), new("notes", "<b>")] })).Html);
        gist.QuerySelectorAll("figure.code figcaption").Select(caption => caption.TextContent).ShouldBe(["main.rs", "notes"]);
        gist.QuerySelector("figure.code .tok-k")!.TextContent.ShouldBe("fn");
        gist.QuerySelectorAll("pre")[1].TextContent.ShouldBe("<b>");
        gist.QuerySelector(".source a")!.GetAttribute("href").ShouldBe(Address);
    }
}
