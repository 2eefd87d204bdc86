using System.Text;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class WordPressReaderTests : IDisposable
{
    readonly SampleArchives samples = new();

    public void Dispose() => samples.Dispose();

    internal static string Export(string items, string encoding = "UTF-8", string before = "") => $"""
        <?xml version="1.0" encoding="{encoding}" ?>{before}
        <!-- generator="WordPress/6.5" created="2024-05-01 12:00" -->
        <rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
        <channel><title>Old blog</title><link>https://old.example</link><language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
        <wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[ines]]></wp:author_login><wp:author_display_name><![CDATA[Ines Marlowe]]></wp:author_display_name></wp:author>
        {items}
        </channel></rss>
        """;

    internal static string Post(int id, string title, string content, string status = "publish", string more = "") => $"""
        <item><title><![CDATA[{title}]]></title><link>https://old.example/2019/05/post-{id}/</link><pubDate>Wed, 01 May 2019 10:00:00 +0000</pubDate><dc:creator><![CDATA[ines]]></dc:creator><guid isPermaLink="false">https://old.example/?p={id}</guid>
        <description></description><content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{id}</wp:post_id><wp:post_date_gmt>2019-05-01 10:00:00</wp:post_date_gmt>
        <wp:post_name>post-{id}</wp:post_name><wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>{more}</item>
        """;

    [Fact]
    public void Posts_of_the_block_editor_and_of_before_are_read_alike()
    {
        var (articles, remarks) = SampleArchives.Read(samples.File("old.xml", Export(
            Post(1, "Blocks &amp; such", "<!-- wp:paragraph -->\n<p>One</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:image {\"id\":9} -->\n<figure class=\"wp-block-image\"><img src=\"https://old.example/wp-content/uploads/a.png\" alt=\"A\"/><figcaption class=\"wp-element-caption\">Below <a href=\"https://x.example/\">x</a></figcaption></figure>\n<!-- /wp:image -->\n\n<!-- wp:embed -->\n<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://www.youtube.com/watch?v=abcdefghijk\n</div></figure>\n<!-- /wp:embed -->",
                more: "<category domain=\"category\" nicename=\"sea\"><![CDATA[Sea]]></category><category domain=\"post_tag\" nicename=\"tides\"><![CDATA[Tides]]></category><category domain=\"category\" nicename=\"uncategorized\"><![CDATA[Uncategorized]]></category><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value><![CDATA[9]]></wp:meta_value></wp:postmeta>")
            + Post(2, "Classic", "Line one\nline two\n\n[caption id=\"attachment_9\" width=\"300\"]<a href=\"https://old.example/wp-content/uploads/a.png\"><img src=\"https://old.example/wp-content/uploads/a-300.png\" alt=\"A\" /></a> The caption[/caption]\n\n[code language=\"php\"]<?php echo 1; ?>[/code]\n\n[gallery ids=\"9\"]\n\n[youtube https://www.youtube.com/watch?v=abcdefghijk]\n\n[mystery of=\"life\"]")
            + Post(3, "Private", "x", "private") + Post(4, "Bin", "x", "trash") + Post(1, "Twice", "x")
            + "<item><title>a.png</title><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status><wp:attachment_url><![CDATA[https://old.example/wp-content/uploads/a.png]]></wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>The alt</wp:meta_value></wp:postmeta></item>")));

        articles.Select(a => (a.Source, a.Title, a.Draft)).ShouldBe([("wordpress:old.example:1", "Blocks & such", false), ("wordpress:old.example:2", "Classic", false), ("wordpress:old.example:3", "Private", true)]);
        var blocks = articles[0];
        blocks.Body.ShouldBe("One\n\n<figure><img src=\"https://old.example/wp-content/uploads/a.png\" alt=\"A\"><figcaption>Below <a href=\"https://x.example/\">x</a></figcaption></figure>\n\nhttps://www.youtube.com/watch?v=abcdefghijk\n", blocks.Body);
        blocks.Topics.ShouldBe(["Tides", "Sea"]);
        (blocks.Cover, blocks.CoverAlt, blocks.Slug, blocks.Language).ShouldBe(("https://old.example/wp-content/uploads/a.png", "The alt", "post-1", "en-GB"));
        blocks.Authors.ShouldBe(["Ines Marlowe"]);
        blocks.FormerAddresses.ShouldBe(["https://old.example/2019/05/post-1/", "https://old.example/?p=1"]);
        articles[1].Body.ShouldBe("Line one\\\nline two\n\n![A](https://old.example/wp-content/uploads/a-300.png \"The caption\")\n\n```php\n<?php echo 1; ?>\n```\n\n![The alt](https://old.example/wp-content/uploads/a.png)\n\nhttps://www.youtube.com/watch?v=abcdefghijk\n\n\\[mystery of=\"life\"\\]\n", articles[1].Body);
        articles[1].Notes.ShouldContain(note => note.Contains("[mystery]", StringComparison.Ordinal));
        remarks.Select(r => r.Reason).ShouldBe(["is in the bin", "has the id 1 of another; the first was taken"]);
    }

    [Fact]
    public void An_entity_cannot_name_a_file_or_grow()
    {
        var path = samples.File("xxe.xml", Export(Post(1, "x", "y"), before: "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"));

        Should.Throw<ArchiveRefusedException>(() => Archive.Open(path).Dispose());
    }

    [Theory]
    [InlineData("windows-1252", "windows-1252")]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("windows-1252", "UTF-8")]
    public void Letters_survive_every_encoding_declared_or_not(string written, string declared)
    {
        var encoding = written == "utf-16" ? Encoding.Unicode : CodePagesEncodingProvider.Instance.GetEncoding(written)!;

        SampleArchives.Read(samples.File("old.xml", Export(Post(1, "Käse – “gut”", "Größe"), declared), encoding)).Articles.Select(a => (a.Title, a.Body)).ShouldBe([("Käse – “gut”", "Größe\n")]);
    }

    [Fact]
    public void Characters_that_xml_forbids_and_a_file_that_breaks_off_lose_nothing_before()
    {
        var whole = Export(Post(1, "One", "a\u0008b") + Post(2, "Two", "c"));
        var (articles, remarks) = SampleArchives.Read(samples.File("cut.xml", whole[..whole.IndexOf("<title><![CDATA[Two", StringComparison.Ordinal)]));

        articles.Select(a => a.Title).ShouldBe(["One"]);
        remarks.ShouldHaveSingleItem().IsFailure.ShouldBeTrue();
    }

    [Fact]
    public void Ampersands_and_names_of_characters_that_are_no_xml_cost_nothing_of_the_file()
    {
        var first = Post(1, "@", "a &amp; b").Replace("<![CDATA[@]]>", "Fish & chips &hellip; AT&T&nbsp;&eacute;", StringComparison.Ordinal).Replace("/post-1/", "/?a=1&b=2", StringComparison.Ordinal);
        var (articles, remarks) = SampleArchives.Read(samples.File("names.xml", Export(first + Post(2, "Two", "c"))));

        articles.Select(a => (a.Title, a.Body)).ShouldBe([("Fish & chips … AT&T\u00A0é", "a & b\n"), ("Two", "c\n")]);
        remarks.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("&amp;&#38;&#x26;&lt;", "&amp;&#38;&#x26;&lt;")]
    [InlineData("a & b &c &;&#; &#8;&#xD800;&#x110000;&#99999999999;", "a &amp; b &amp;c &amp;;&amp;#;    &amp;#99999999999;")]
    [InlineData("&unheard; &copy;&&amp;&", "&amp;unheard; ©&amp;&amp;&amp;")]
    [InlineData("<a b='&c'><![CDATA[&d;&]]>&e</a>", "<a b='&amp;c'><![CDATA[&d;&]]>&amp;e</a>")]
    [InlineData("&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;", "&amp;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;")]
    public void References_are_those_that_xml_knows(string written, string read)
    {
        using var xml = new WordPress.LenientXml(new StringReader(written), 100);
        xml.ReadToEnd().ShouldBe(read);
        // Whatever is read at a time.
        using var again = new WordPress.LenientXml(new StringReader(new string(' ', 4094) + written), 100);
        var letters = new StringBuilder();
        while (again.Read() is >= 0 and var letter) letters.Append((char)letter);
        letters.ToString().TrimStart(' ').ShouldBe(read);
    }

    [Fact]
    public void Absurd_dates_are_left_out_and_said()
    {
        var item = Post(1, "Old", "x").Replace("2019-05-01 10:00:00", "0044-03-15 10:00:00", StringComparison.Ordinal);
        var article = SampleArchives.Read(samples.File("old.xml", Export(item))).Articles.ShouldHaveSingleItem();

        article.Date.ShouldBeNull();
        article.Notes.ShouldContain(note => note.Contains("0044-03-15", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_of_gigabytes_is_read_in_bounds()
    {
        // One text beyond what is held of any; the next post is read all the same.
        var path = Path.Combine(samples.Folder, "huge.xml");
        var parts = Export(Post(1, "Huge", "@@") + Post(2, "Next", "fine")).Split("@@");
        using (var file = new StreamWriter(path))
        {
            file.Write(parts[0]);
            var chunk = new string('x', 1 << 20);
            for (var megabyte = 0; megabyte < 48; megabyte++) file.Write(chunk);
            file.Write(parts[1]);
        }
        var (articles, remarks) = SampleArchives.Read(path);

        articles.Select(a => a.Title).ShouldBe(["Next"]);
        remarks.ShouldHaveSingleItem().Reason.ShouldContain("longer than can be read");
    }

    [Fact]
    public void Of_a_section_no_more_is_held_than_may_be()
    {
        using var xml = new WordPress.LenientXml(new StringReader($"<a b=\">\"><![CDATA[{new string('x', 100)}]]]]><![CDATA[{'\b'}]]></a>"), 10);

        xml.ReadToEnd().ShouldBe("<a b=\">\"><![CDATA[xxxxxxxxxx]]]]><![CDATA[ ]]></a>");
        Should.Throw<ArchiveRefusedException>(() => new WordPress.LenientXml(new StringReader($"<a b=\"{new string('x', 2 << 20)}"), 10).ReadToEnd());
    }

    [Fact]
    public void Xml_that_is_no_export_is_refused() =>
        Should.Throw<ArchiveRefusedException>(() => Archive.Open(samples.File("feed.xml", "<rss version=\"2.0\"><channel><item><title>x</title></item></channel></rss>")).Dispose()).Message.ShouldContain("none of the archives");
}
