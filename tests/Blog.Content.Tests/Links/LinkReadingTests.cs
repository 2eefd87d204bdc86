using System.Text;
using Blog.Content.Links;
using Blog.Content.Text;

namespace Blog.Content.Tests;

/// <summary>What pages and oEmbed providers say of themselves, and what is believed of it.</summary>
public sealed class LinkReadingTests
{
    static readonly Uri Page = new("https://www.tides.example/notes/1");

    static PageFacts Read(string html, string? charset = null) => PageFacts.Read(Encoding.UTF8.GetBytes(html), charset, Page);

    [Theory]
    [InlineData("https://example.org/a", "https://example.org/a")]
    [InlineData(" https://EXAMPLE.org ", "https://example.org/")]
    [InlineData("https://de.wikipedia.org/wiki/Löwe", "https://de.wikipedia.org/wiki/L%C3%B6we")]
    [InlineData("https://bücher.example/?q=a b", "https://xn--bcher-kva.example/?q=a%20b")]
    [InlineData("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x")]
    [InlineData("https://ada:secret@example.org/", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("/@ada/story", null)]
    [InlineData("mailto:ada@example.org", null)]
    [InlineData("", null)]
    public void An_address_has_one_form(string text, string? expected) => LinkAddress.Of(text).ShouldBe(expected);

    [Fact]
    public void Addresses_that_stand_alone_in_a_line_are_candidates() =>
        LinkAddress.CandidatesIn("https://a.example/1\n\nSee https://b.example/2\n\n  <https://c.example/3>\r\n\r\n- https://d.example/4\nhttps://a.example/1").ShouldBe(["https://a.example/1", "https://c.example/3"]);

    [Fact]
    public void Open_graph_comes_before_plain_html()
    {
        var facts = Read("""
            <!doctype html><title>The clock | Tides</title><meta name="description" content="plain"><meta property="og:title" content="The   harbour clock"><meta property="og:description" content="It is wrong &amp; useful">
            <meta property="og:site_name" content="Tides"><meta property="og:image" content="/pictures/clock.png"><link rel="alternate" type="application/json+oembed" href="/oembed?x=1">
            """);
        facts.ShouldBe(new PageFacts("The harbour clock", "It is wrong & useful", "Tides", new("https://www.tides.example/pictures/clock.png"), new("https://www.tides.example/oembed?x=1")));
        Read("<title>Only\n this</title><p>text").ShouldBe(new PageFacts("Only this", "", "tides.example", null, null));
    }

    [Fact]
    public void A_page_is_read_in_its_own_encoding()
    {
        PageFacts.Read(Encoding.Latin1.GetBytes("<title>Gezeiten für Anfänger</title>"), "iso-8859-1", Page).Title.ShouldBe("Gezeiten für Anfänger");
        PageFacts.Read(CodePagesEncodingProvider.Instance.GetEncoding("shift_jis")!.GetBytes("<meta charset=shift_jis><title>潮の時計</title>"), null, Page).Title.ShouldBe("潮の時計");
        PageFacts.Read(Encoding.UTF8.GetBytes("<title>潮</title>"), "no-such-encoding", Page).Title.ShouldBe("潮");
    }

    [Fact]
    public void Nothing_of_a_page_is_too_long_or_dangerous()
    {
        var facts = Read($"<meta property=og:title content=\"{new string('x', 5_000)}\"><meta property=og:description content=\"a\0b\u0007c\"><meta property=og:image content=\"javascript:alert(1)\"><link rel=alternate type=application/json+oembed href=\"file:///etc/passwd\">");
        facts.Title.Length.ShouldBe(PageFacts.LongestTitle + 1);
        facts.Title.ShouldEndWith("…");
        facts.Description.ShouldNotContain('\u0007');
        facts.Picture.ShouldBeNull();
        facts.OEmbed.ShouldBeNull();
    }

    [Theory]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=43", "https://www.youtube.com/oembed?format=json&maxwidth=1232&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ%26t%3D43")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/oembed?format=json&maxwidth=1232&url=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ")]
    [InlineData("https://vimeo.com/76979871", "https://vimeo.com/api/oembed.json?format=json&maxwidth=1232&url=https%3A%2F%2Fvimeo.com%2F76979871")]
    [InlineData("https://x.com/ada/status/1", "https://publish.twitter.com/oembed?format=json&maxwidth=1232&url=https%3A%2F%2Fx.com%2Fada%2Fstatus%2F1&omit_script=true&dnt=true")]
    [InlineData("https://bsky.app/profile/ada.example/post/3k", "https://embed.bsky.app/oembed?format=json&maxwidth=1232&url=https%3A%2F%2Fbsky.app%2Fprofile%2Fada.example%2Fpost%2F3k")]
    [InlineData("https://www.youtube.com/@ada", null)]
    [InlineData("https://vimeo.com/about", null)]
    [InlineData("https://notyoutube.com/watch?v=1", null)]
    [InlineData("https://example.org/", null)]
    public void Known_providers_are_asked_by_oembed(string address, string? request) => Providers.OEmbedRequest(new(address))?.AbsoluteUri.ShouldBe(request);

    [Theory]
    [InlineData("https://gist.github.com/ada/0123456789abcdef0123456789abcdef", "https://api.github.com/gists/0123456789abcdef0123456789abcdef")]
    [InlineData("https://gist.github.com/0123456789abcdef0123456789abcdef", "https://api.github.com/gists/0123456789abcdef0123456789abcdef")]
    [InlineData("https://gist.github.com/ada", null)]
    [InlineData("https://gist.github.com.evil.example/0123456789abcdef0123456789abcdef", null)]
    public void Gists_are_known_by_their_address(string address, string? request) => Providers.GistRequest(new(address))?.AbsoluteUri.ShouldBe(request);

    [Theory]
    [InlineData("https://youtu.be/x?t=90", 90)]
    [InlineData("https://www.youtube.com/watch?v=x&t=1h2m3s", 3723)]
    [InlineData("https://vimeo.com/1#t=15s", 15)]
    [InlineData("https://youtu.be/x?list=t", 0)]
    public void A_video_begins_where_its_address_says(string address, int seconds) => Providers.Start(new(address)).ShouldBe(seconds);

    static OEmbed Embed(string json) => OEmbed.Read(Encoding.UTF8.GetBytes(json), new("https://provider.example/oembed")).ShouldNotBeNull();

    [Fact]
    public void Of_a_video_only_the_address_of_a_known_player_is_taken()
    {
        var video = Embed("""{"type":"video","title":"Tides","author_name":"Ada","provider_name":"YouTube","width":200,"height":113,"thumbnail_url":"https://i.ytimg.example/1.jpg","html":"<iframe width=\"200\" src=\"https://www.youtube.com/embed/abc?feature=oembed\" onload=\"alert(1)\"></iframe><script>alert(2)</script>"}""");
        video.Frame.ShouldBe(new LinkFrame("https://www.youtube-nocookie.com/embed/abc?feature=oembed", 200, 113));
        video.Thumbnail.ShouldBe(new Uri("https://i.ytimg.example/1.jpg"));
        foreach (var source in (string[])["https://evil.example/embed/1", "javascript:alert(1)", "http://player.vimeo.com/video/1", "https://player.vimeo.com.evil.example/1", "https://ada@player.vimeo.com/1", "data:text/html,x", "/video/1"])
            Embed($$"""{"title":"x","html":"<iframe src=\"{{source}}\"></iframe>"}""").Frame.ShouldBeNull(source);
        Embed("""{"title":"x","width":"100%","height":352,"html":"<iframe src=\"//open.spotify.com/embed/track/1\"></iframe>"}""").Frame.ShouldBe(new LinkFrame("https://open.spotify.com/embed/track/1", 0, 352));
    }

    [Fact]
    public void Of_a_post_the_words_are_taken()
    {
        var post = Embed("""{"author_name":"Ada","provider_name":"X","html":"<blockquote class=\"twitter-tweet\"><p lang=\"en\">The tide<br>is <a href=\"https://t.co/1\">late</a>.<script>alert(1)</script></p>&mdash; Ada (@ada) <a href=\"https://x.com/ada/status/1\">May 1</a></blockquote>"}""");
        post.Quote.ShouldBe("The tide\nis late.");
        post.Author.ShouldBe("Ada");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<xml/>")]
    [InlineData("null")]
    public void What_is_no_oembed_is_nothing(string json) => OEmbed.Read(Encoding.UTF8.GetBytes(json), Page).ShouldBeNull();
}
