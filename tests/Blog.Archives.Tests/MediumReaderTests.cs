using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class MediumReaderTests : IDisposable
{
    readonly SampleArchives samples = new();

    public void Dispose() => samples.Dispose();

    internal static string Story(string title = "The harbour clock", string footer = """<p>By <a href="https://medium.com/@ines" class="p-author h-card">Ines Marlowe</a> on <a href="https://medium.com/p/0123456789ab"><time class="dt-published" datetime="2019-05-01T10:00:00.000Z">May 1, 2019</time></a>.</p><p><a href="https://medium.com/@ines/the-harbour-clock-0123456789ab" class="p-canonical">Canonical link</a></p>""") => $"""
        <!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{title}</title><style>* {"{"} margin: 0 {"}"}</style></head><body><article class="h-entry">
        <header><h1 class="p-name">{title}</h1></header>
        <section data-field="subtitle" class="p-summary">It has been wrong since 1931.</section>
        <section data-field="body" class="e-content"><section name="a1" class="section section--body section--first"><div class="section-divider"><hr class="section-divider"></div><div class="section-content"><div class="section-inner sectionLayout--insetColumn">
        <h3 name="b1" id="b1" class="graf graf--h3 graf--leading graf--title">{title}</h3><h4 class="graf graf--h4 graf--subtitle">It has been wrong since 1931.</h4>
        <p class="graf graf--p">Nobody <strong class="markup--strong">minds</strong>.</p>
        <figure class="graf graf--figure"><img class="graf-image" data-image-id="1*x.png" src="https://cdn-images-1.medium.com/max/800/1*x.png"><figcaption class="imageCaption">The tower</figcaption></figure>
        <div class="graf graf--mixtapeEmbed"><a href="https://example.org/tides" class="markup--anchor markup--mixtapeEmbed-anchor"><strong class="markup--strong markup--mixtapeEmbed-strong">Tides</strong><br><em>A table</em>example.org</a><a href="https://example.org/tides" class="js-mixtapeImage mixtapeImage"></a></div>
        </div></div></section><section class="section section--body"><div class="section-divider"><hr class="section-divider"></div><div class="section-content"><p class="graf graf--p">The end.</p></div></section></section>
        <footer>{footer}<p>Exported from <a href="https://medium.com">Medium</a> on January 1, 2024.</p></footer></article></body></html>
        """;

    [Fact]
    public void A_story_keeps_text_picture_date_author_and_address()
    {
        var (articles, remarks) = SampleArchives.Read(samples.Zip("medium-export.zip", ("README.html", "<p>Hello</p>"), ("profile/profile.html", "<article class=h-card></article>"), ("posts/2019-05-01_The-harbour-clock-0123456789ab.html", Story())));

        remarks.ShouldBeEmpty();
        var story = articles.ShouldHaveSingleItem();
        (story.Source, story.Title, story.Slug, story.Description).ShouldBe(("medium:0123456789ab", "The harbour clock", "the-harbour-clock", "It has been wrong since 1931."));
        story.Date.ShouldBe(new DateTimeOffset(2019, 5, 1, 10, 0, 0, TimeSpan.Zero));
        (story.Draft, story.CanonicalUrl).ShouldBe((false, "https://medium.com/@ines/the-harbour-clock-0123456789ab"));
        story.Authors.ShouldBe(["Ines Marlowe"]);
        story.Body.ShouldBe("Nobody **minds**.\n\n![](https://cdn-images-1.medium.com/max/800/1*x.png \"The tower\")\n\n[Tides](https://example.org/tides)\n\n---\n\nThe end.\n", story.Body);
    }

    [Fact]
    public void A_draft_stays_one()
    {
        var draft = SampleArchives.Read(samples.Zip("m.zip", ("posts/draft_Notes-abcdef012345.html", Story("Notes", "<p><a href=\"https://medium.com/p/abcdef012345\">View original.</a></p>")))).Articles.ShouldHaveSingleItem();

        (draft.Draft, draft.Date, draft.CanonicalUrl, draft.Source).ShouldBe((true, null, "", "medium:abcdef012345"));
    }

    [Fact]
    public void A_zip_of_the_unpacked_folder_is_read_as_well() =>
        SampleArchives.Read(samples.Zip("again.zip", ("medium-export/README.html", ""), ("medium-export/posts/2019-05-01_X-0123456789ab.html", Story()))).Articles.Count.ShouldBe(1);
}
