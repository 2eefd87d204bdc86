using Blog.Content.Text;
using Blog.Content.V1;
using Blog.Events.V1;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class TextsTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    readonly Guid ines = Guid.CreateVersion7();

    V1.Texts.TextsClient Service => new(content.Host.CallInvoker(content.Issuer.ServiceToken("search")));

    static DraftKey KeyOf(Article article) => new() { AuthorId = article.AuthorId, ArticleId = article.Id };

    [Fact]
    public async Task The_words_readers_have_are_told_without_markup_with_what_an_index_needs()
    {
        var mine = content.As(ines);
        var written = Written("The harbour clock", "# Tide\n\nIt is *always* <wrong>.\n\n| tone | hours |\n|---|---|\n| M2 | 12.42 |\n\n```rust\nlet a = 1 < 2;\n```\n\n![a gauge](https://example.org/\"x>y.png)", "Clocks", "C++");
        (written.Description, written.Language) = ("Of tides & hours", "en-GB");
        var article = await mine.PublishedAsync(written);
        await mine.EditedAsync(article, edit => edit.Markdown = "Not for readers yet.");

        var answer = await Service.BatchGetPublishedTextsAsync(new() { Ids = { article.Id, Guid.CreateVersion7().ToString(), "nonsense" } });
        var text = answer.Texts.ShouldHaveSingleItem();
        text.Text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ShouldBe(["Tide", "It is always <wrong>.", "tone", "hours", "M2", "12.42", "Rust", "let a = 1 < 2;", "a gauge"]);
        (text.Id, text.AuthorId, text.Slug, text.Title, text.Description, text.Language).ShouldBe((article.Id, ines.ToString(), "the-harbour-clock", "The harbour clock", "Of tides & hours", "en-GB"));
        text.Topics.Select(topic => (topic.Slug, topic.Name)).ShouldBe([("clocks", "Clocks"), ("cpp", "C++")]);
        (text.Revision, text.PublishTime).ShouldBe((article.Revision, article.FirstPublishTime));
        answer.DeferredIds.ShouldBeEmpty();
    }

    [Fact]
    public async Task Working_copies_that_readers_do_not_have_are_told_and_no_others()
    {
        var mine = content.As(ines);
        var draft = await mine.DraftAsync(Written("A draft", "Of **bold** words."));
        var published = await mine.PublishedAsync(Written("As published"));
        var edited = await mine.EditedAsync(await mine.PublishedAsync(Written("Edited since")), edit => edit.Markdown = "Second thoughts.");
        var taken = await mine.PublishedAsync(Written("Taken back"));
        await mine.UnpublishArticleAsync(new() { Id = taken.Id, ExpectedRevision = taken.Revision });

        var keys = new BatchGetDraftTextsRequest { Keys = { new[] { draft, published, edited, taken }.Select(KeyOf), new DraftKey { AuthorId = Guid.CreateVersion7().ToString(), ArticleId = draft.Id } } };
        var texts = (await Service.BatchGetDraftTextsAsync(keys)).Texts;
        texts.Select(text => (text.Title, text.Text)).ShouldBe([("A draft", "Of bold words."), ("Edited since", "Second thoughts."), ("Taken back", "Some text.")], ignoreOrder: true);
        texts.ShouldAllBe(text => text.AuthorId == ines.ToString());
    }

    [Fact]
    public async Task Every_article_is_listed_once_page_by_page()
    {
        var mine = content.As(ines);
        var draft = await mine.DraftAsync(Written("One"));
        var published = await mine.PublishedAsync(Written("Two"));
        var both = await mine.EditedAsync(await mine.PublishedAsync(Written("Three")), edit => edit.Markdown = "Changed.");
        var keys = new List<ArticleKey>();
        var token = "";
        do
        {
            var page = await Service.ListArticleKeysAsync(new() { PageSize = 2, PageToken = token });
            page.Keys.Count.ShouldBeLessThanOrEqualTo(2);
            keys.AddRange(page.Keys);
            token = page.NextPageToken;
        } while (token.Length > 0);
        keys.Select(key => key.ArticleId).ShouldBeUnique();
        keys.Where(key => key.AuthorId == ines.ToString()).Select(key => (key.ArticleId, key.Published, key.Draft))
            .ShouldBe([(draft.Id, false, true), (published.Id, true, false), (both.Id, true, true)]);
        (await FailureOf(Service.ListArticleKeysAsync(new() { PageToken = "2" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task An_answer_that_would_grow_too_large_says_what_to_ask_again()
    {
        var mine = content.As(ines);
        var articles = new List<Article>();
        // Two hundred thousand characters of three bytes are a text of 0.6 MB.
        for (var n = 0; n < 16; n++)
            articles.Add(await mine.PublishedAsync(Written($"Long {n}", new string('時', PlainText.Longest))));
        var wanted = articles.Select(article => article.Id).ToHashSet();
        var rounds = 0;
        while (wanted.Count > 0)
        {
            var answer = await Service.BatchGetPublishedTextsAsync(new() { Ids = { wanted } });
            answer.CalculateSize().ShouldBeLessThan(10 * 1024 * 1024);
            answer.Texts.ShouldNotBeEmpty();
            wanted.ExceptWith(answer.Texts.Select(text => text.Id));
            answer.DeferredIds.ShouldBe(wanted, ignoreOrder: true);
            rounds++;
        }
        rounds.ShouldBe(2);
    }

    [Fact]
    public async Task Only_services_are_told_texts()
    {
        var draft = await content.As(ines).DraftAsync(Written("Mine"));
        foreach (var (texts, status) in new[] { (new V1.Texts.TextsClient(content.Host.CallInvoker()), StatusCode.Unauthenticated), (new(content.Host.CallInvoker(content.Issuer.PersonToken(ines))), StatusCode.PermissionDenied) })
        {
            (await FailureOf(texts.ListArticleKeysAsync(new()))).StatusCode.ShouldBe(status);
            (await FailureOf(texts.BatchGetPublishedTextsAsync(new()))).StatusCode.ShouldBe(status);
            (await FailureOf(texts.BatchGetDraftTextsAsync(new() { Keys = { KeyOf(draft) } }))).StatusCode.ShouldBe(status);
        }
    }

    [Fact]
    public async Task Each_change_of_a_working_copy_is_told_without_its_words()
    {
        var mine = content.As(ines);
        var article = await mine.DraftAsync(Written("Secret plan", "Nobody knows these words."));
        article = await mine.EditedAsync(article, edit => edit.Title = "Secret plan 2");
        // The same again is no change.
        article = await mine.EditedAsync(article, _ => { });
        article = (await mine.PublishArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision })).Article;
        article = await mine.EditedAsync(article, edit => edit.Title = "Secret plan 3");
        article = (await mine.UnpublishArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision })).Article;
        await mine.DeleteArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision });

        var changes = await DraftChangesAsync(article.Id);
        changes.Select(change => (change.Revision, change.Present)).ShouldBe([(1, true), (2, true), (3, false), (4, true), (5, true), (5, false)]);
        changes.ShouldAllBe(change => change.AuthorId == ines.ToString());
        changes.ShouldAllBe(change => !change.ToByteString().ToStringUtf8().Contains("Secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_imported_article_tells_of_a_working_copy_only_if_it_is_one()
    {
        async Task<List<bool>> ImportedAsync(bool draft)
        {
            var imported = await content.Service.ImportArticleAsync(new() { AuthorId = ines.ToString(), Source = $"test:{Guid.NewGuid():N}", Content = Written("Brought in"), Draft = draft });
            return [.. (await DraftChangesAsync(imported.Article.Id)).Select(change => change.Present)];
        }
        (await ImportedAsync(draft: true)).ShouldBe([true]);
        (await ImportedAsync(draft: false)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<p>One</p><p>two &amp; <em>th</em>ree</p>", "One\ntwo & three")]
    [InlineData("<p><img alt=\"a > b\" src=\"x\">after</p>", "after")]
    [InlineData("a<br>b", "a\nb")]
    [InlineData("no end <em", "no end")]
    [InlineData("", "")]
    public void Markup_is_no_word(string html, string text) => PlainText.OfHtml(html).ShouldBe(text);

    [Fact]
    public void A_text_is_cut_between_characters_and_whatever_is_typed_is_a_text()
    {
        PlainText.OfHtml("<p>" + new string('a', PlainText.Longest - 1) + "😀</p>").Length.ShouldBe(PlainText.Longest - 1);
        PlainText.OfMarkdown(new string('>', 300_000), Cancel).ShouldStartWith(">");
        PlainText.OfMarkdown(new string('[', 100_000) + "words", Cancel).ShouldContain("words");
        PlainText.OfMarkdown(new string('b', 3_000_000), Cancel).Length.ShouldBe(PlainText.Longest);
    }

    async Task<List<DraftChanged>> DraftChangesAsync(string articleId)
    {
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where topic = 'content.drafts.v1' and key = $1 order by position");
        command.Parameters.Add(new() { Value = articleId });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<DraftChanged>();
        while (await reader.ReadAsync())
            events.Add(DraftChanged.Parser.ParseFrom((byte[])reader[0]));
        return events;
    }
}
