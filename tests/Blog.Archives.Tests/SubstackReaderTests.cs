using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class SubstackReaderTests : IDisposable
{
    internal const string Columns = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n";

    readonly SampleArchives samples = new();

    public void Dispose() => samples.Dispose();

    [Fact]
    public void Posts_keep_what_the_table_says_and_what_their_files_hold()
    {
        var (articles, remarks) = SampleArchives.Read(samples.Zip("export.zip",
            ("posts.csv", Columns
                + "101.tides,2021-03-04T05:06:07.000Z,true,,,newsletter,everyone,\"Tides, and \"\"moons\"\"\",\"Two\nlines\",\n"
                + "102.paid,2021-03-05T05:06:07.000Z,true,,,newsletter,only_paid,Paid,,\n"
                + "103.draft,,false,,,newsletter,everyone,,,\n"
                + "104.gone,2021-03-06T05:06:07.000Z,true,,,newsletter,everyone,Gone,,\n"
                + "101.tides,2021-03-04T05:06:07.000Z,true,,,newsletter,everyone,Twice,,\n"),
            ("email_list.ines.csv", "email\n"),
            ("posts/101.tides.html", """<p>Text</p><div class="captioned-image-container"><figure><a class="image-link image2" target="_blank" href="https://substackcdn.com/image/fetch/f_auto/https%3A%2F%2Fs3%2Fa.png"><div class="image2-inset"><picture><source type="image/webp" srcset="x 424w"><img src="https://substackcdn.com/image/fetch/w_1456/https%3A%2F%2Fs3%2Fa.png" data-attrs="{&quot;src&quot;:&quot;https://bucket.example.org/a.png&quot;,&quot;width&quot;:800}" alt="A tide"></picture><div></div></div></a><figcaption class="image-caption">Low water</figcaption></figure></div><div class="subscription-widget-wrap" data-attrs="{}"><p>Subscribe!</p></div><div id="youtube2-x" class="youtube-wrap" data-attrs="{&quot;videoId&quot;:&quot;abcdefghijk&quot;}"><div class="youtube-inner"><iframe src="https://www.youtube-nocookie.com/embed/abcdefghijk"></iframe></div></div>"""),
            ("posts/102.paid.html", "<p>Secret</p>"),
            ("posts/103.draft.html", "<p>Begun</p>"),
            ("posts/105.unlisted.html", "<p>Unlisted</p>")));

        articles.Select(a => (a.Source, a.Title, a.Draft)).ShouldBe([("substack:101.tides", "Tides, and \"moons\"", false), ("substack:102.paid", "Paid", true), ("substack:103.draft", "draft", true), ("substack:105.unlisted", "unlisted", true)]);
        articles[0].Body.ShouldBe("Text\n\n![A tide](https://bucket.example.org/a.png \"Low water\")\n\nhttps://www.youtube.com/watch?v=abcdefghijk\n", articles[0].Body);
        (articles[0].Description, articles[0].Slug, articles[0].FormerAddresses[0], articles[0].Date!.Value.Year).ShouldBe(("Two lines", "tides", "/p/tides", 2021));
        articles[1].Notes.ShouldContain(note => note.Contains("paying readers", StringComparison.Ordinal));
        remarks.Select(r => (r.Path, r.IsFailure)).ShouldBe([("posts/104.gone.html", true), ("posts/101.tides.html", false)]);
    }

    [Fact]
    public void A_missing_quotation_mark_swallows_neither_the_memory_nor_the_texts()
    {
        var (articles, remarks) = SampleArchives.Read(samples.Zip("bad.zip", ("posts.csv", Columns + "1.a,\"" + string.Concat(Enumerable.Range(0, 300_000))), ("posts/1.a.html", "<p>x</p>")));

        articles.Select(a => (a.Source, a.Draft)).ShouldBe([("substack:1.a", true)]);
        remarks.ShouldHaveSingleItem().Reason.ShouldContain("quotation mark");
    }
}
