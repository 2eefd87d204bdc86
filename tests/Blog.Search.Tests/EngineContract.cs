using Blog.Search.Engines;

namespace Blog.Search.Tests;

/// <summary>What every engine does. A test class per engine derives from it and says how the engine is had.</summary>
public abstract class EngineContract
{
    /// <summary>An engine that tests share; they look for words of their own.</summary>
    protected abstract ISearchEngine Engine { get; }

    /// <summary>An engine with an empty index that no other test uses.</summary>
    protected abstract Task<ISearchEngine> OwnEngineAsync();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_article_is_found_by_the_words_of_its_title_and_its_text()
    {
        var word = Make.Word();
        var article = Make.Article($"About {word}", $"The text mentions {word}text once.");
        await Engine.PutAsync(article);

        (await Engine.FindAsync(word)).Articles.ShouldHaveSingleItem().Id.ToString().ShouldBe(article.Id);
        (await Engine.FindAsync($"{word}text mentions")).Articles.ShouldHaveSingleItem().AuthorId.ShouldBe(article.AuthorId);
        (await Engine.FindAsync(word)).Total.ShouldBe(1);
    }

    [Fact]
    public async Task An_older_revision_never_replaces_a_newer_one()
    {
        var (word, id) = (Make.Word(), Guid.CreateVersion7());
        await Engine.PutAsync(Make.Article($"{word} second", id: id, revision: 2));
        await Engine.PutAsync(Make.Article($"{word} first", id: id, revision: 1));

        (await Engine.TitlesAsync(word)).ShouldBe([$"{word} second"]);
    }

    [Fact]
    public async Task The_same_revision_replaces_because_names_and_counters_change_apart_from_the_text()
    {
        var word = Make.Word();
        var article = Make.Article(word) with { AuthorHandle = $"{word}old" };
        await Engine.PutAsync(article);
        await Engine.PutAsync(article with { AuthorHandle = $"{word}new" });

        (await Engine.TitlesAsync($"author:{word}new")).ShouldBe([word]);
        (await Engine.TitlesAsync($"author:{word}old")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_removed_is_gone_at_once_and_an_older_document_does_not_bring_it_back()
    {
        var word = Make.Word();
        var article = Make.Article(word, revision: 3);
        await Engine.PutAsync(article);
        await Engine.DeleteAsync(ISearchEngine.Serving, [new(DocumentKind.Article, article.Id, 4)], Cancel);
        (await Engine.FindAsync(word)).Total.ShouldBe(0);

        await Engine.PutAsync(article);
        (await Engine.FindAsync(word)).Total.ShouldBe(0);
        await Engine.PutAsync(article with { Revision = 5 });
        (await Engine.FindAsync(word)).Total.ShouldBe(1);
    }

    [Fact]
    public async Task An_older_removal_does_not_take_a_newer_document()
    {
        var word = Make.Word();
        var article = Make.Article(word, revision: 5);
        await Engine.PutAsync(article);
        await Engine.DeleteAsync(ISearchEngine.Serving, [new(DocumentKind.Article, article.Id, 4)], Cancel);

        (await Engine.FindAsync(word)).Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_word_in_the_title_counts_more_than_one_in_the_description_and_that_more_than_one_in_the_text()
    {
        var word = Make.Word();
        await Engine.PutAsync(
            Make.Article("In the text", $"Only here is {word}."),
            Make.Article("In the description") with { Description = $"Here is {word}." },
            Make.Article($"In the title: {word}"));

        (await Engine.TitlesAsync(word)).ShouldBe([$"In the title: {word}", "In the description", "In the text"]);
    }

    [Fact]
    public async Task Of_articles_that_fit_alike_the_applauded_and_the_fresh_come_first()
    {
        var word = Make.Word();
        await Engine.PutAsync(
            Make.Article($"{word} old") with { PublishTime = DateTimeOffset.UtcNow.AddYears(-5) },
            Make.Article($"{word} liked") with { Claps = 900, Responses = 20 },
            Make.Article($"{word} new"));

        (await Engine.TitlesAsync(word)).ShouldBe([$"{word} liked", $"{word} new", $"{word} old"]);
        (await Engine.TitlesAsync(word, ArticleSort.Oldest)).First().ShouldBe($"{word} old");
        (await Engine.TitlesAsync(word, ArticleSort.Newest)).Last().ShouldBe($"{word} old");
    }

    [Fact]
    public async Task A_phrase_is_found_in_its_order_and_an_excluded_word_keeps_an_article_out()
    {
        var word = Make.Word();
        await Engine.PutAsync(
            Make.Article($"{word} one", "The borrow checker is kind."),
            Make.Article($"{word} two", "The checker may borrow a book."));

        (await Engine.TitlesAsync($"{word} \"borrow checker\"")).ShouldBe([$"{word} one"]);
        (await Engine.TitlesAsync($"{word} -kind")).ShouldBe([$"{word} two"]);
        (await Engine.TitlesAsync($"{word} -\"borrow checker\"")).ShouldBe([$"{word} two"]);
        (await Engine.FindAsync($"{word} borrow")).Total.ShouldBe(2);
    }

    [Fact]
    public async Task Frequent_words_between_those_of_a_phrase_have_to_be_there()
    {
        var word = Make.Word();
        await Engine.PutAsync(
            Make.Article($"{word} one", "She wrote the history of the lighthouse. It ends with a storm."),
            Make.Article($"{word} two", "She wrote a history. The lighthouse was older than a storm."));

        (await Engine.TitlesAsync($"{word} \"the history of the lighthouse\"")).ShouldBe([$"{word} one"]);
        (await Engine.TitlesAsync($"{word} \"a history\"")).ShouldBe([$"{word} two"]);
        (await Engine.TitlesAsync($"{word} \"a storm\"")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Filters_keep_author_topic_language_and_time()
    {
        var word = Make.Word();
        var wanted = Make.Article($"{word} wanted", language: "de") with
        {
            AuthorHandle = "grace", Topics = [new("rust", "Rust"), new("wasm", "WebAssembly")], PublishTime = new(2022, 6, 1, 0, 0, 0, TimeSpan.Zero),
        };
        await Engine.PutAsync(wanted, Make.Article($"{word} other") with { Topics = [new("rust", "Rust")] });

        foreach (var filter in (string[])["author:grace", "author:@Grace", "topic:wasm", "lang:de", "before:2023", "after:2022-05 before:2022-07-01", "topic:rust topic:wasm", "-author:ada"])
            (await Engine.TitlesAsync($"{word} {filter}")).ShouldBe([$"{word} wanted"], filter);
        (await Engine.TitlesAsync($"{word} -topic:wasm")).ShouldBe([$"{word} other"]);
        (await Engine.FindAsync(word, with: query => query with { AuthorId = wanted.AuthorId })).Total.ShouldBe(1);
        (await Engine.FindAsync("topic:wasm author:grace")).Articles.ShouldContain(article => article.Id.ToString() == wanted.Id);
    }

    [Fact]
    public async Task Topics_and_languages_of_what_was_found_are_counted()
    {
        var word = Make.Word();
        await Engine.PutAsync(
            Make.Article($"{word} a", language: "de") with { Topics = [new("rust", "Rust"), new("wasm", "WebAssembly")] },
            Make.Article($"{word} b", language: "de") with { Topics = [new("rust", "Rust")] },
            Make.Article($"{word} c", language: "fr") with { Topics = [new("rust", "Rust")] });

        var page = await Engine.FindAsync(word);
        page.Topics.ShouldBe([new("rust", 3), new("wasm", 1)]);
        page.Languages.ShouldBe([new("de", 2), new("fr", 1)]);
    }

    [Fact]
    public async Task Hidden_authors_are_left_out()
    {
        var word = Make.Word();
        var (seen, hidden) = (Make.Article($"{word} seen"), Make.Article($"{word} hidden"));
        await Engine.PutAsync(seen, hidden);

        (await Engine.FindAsync(word, hidden: [hidden.AuthorId])).Articles.ShouldHaveSingleItem().AuthorId.ShouldBe(seen.AuthorId);
    }

    [Theory]
    [InlineData(ArticleSort.Relevance)]
    [InlineData(ArticleSort.Newest)]
    [InlineData(ArticleSort.Oldest)]
    public async Task Pages_neither_repeat_nor_skip(ArticleSort sort)
    {
        var word = Make.Word();
        await Engine.PutAsync([.. Enumerable.Range(0, 47).Select(i => Make.Article(i % 3 == 0 ? $"{word} {i}" : $"Story {i}", $"{word} and more") with { Claps = i % 5 })]);

        var (seen, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await Engine.FindAsync(word, sort, size: 7, cursor: cursor);
            seen.AddRange(page.Articles.Select(article => article.Id));
            cursor = page.Next;
            // What comes meanwhile is on no later page twice.
            await Engine.PutAsync(Make.Article($"Late {seen.Count}", "without the word"));
        } while (cursor is not null);
        seen.Count.ShouldBe(47);
        seen.ShouldBeUnique();
    }

    [Fact]
    public async Task A_cursor_that_the_engine_did_not_make_is_refused()
    {
        foreach (var cursor in (string[])["", "x", "AAAA", "%%%", new string('A', 200)])
            await Should.ThrowAsync<BadCursorException>(() => Engine.FindAsync("word", cursor: cursor));
    }

    [Fact]
    public async Task Found_words_are_marked_in_title_and_passage()
    {
        var word = Make.Word();
        await Engine.PutAsync(Make.Article($"On {word}s and <b>", $"{string.Join(' ', Enumerable.Repeat("filler", 200))} here stands {word} again. {string.Join(' ', Enumerable.Repeat("filler", 200))}"));

        var found = (await Engine.FindAsync(word)).Articles.ShouldHaveSingleItem();
        string.Concat(found.Title.Select(piece => piece.Text)).ShouldBe($"On {word}s and <b>");
        found.Passage.ShouldContain(piece => piece.Found && piece.Text == word);
        string.Concat(found.Passage.Select(piece => piece.Text)).Length.ShouldBeInRange(50, 300);
    }

    [Fact]
    public async Task Of_an_article_for_members_no_passage_of_the_text_is_shown()
    {
        var word = Make.Word();
        await Engine.PutAsync(Make.Article("For members", $"The secret {word} is in the text.") with { MembersOnly = true, Description = "What it is about." });

        var found = (await Engine.FindAsync(word)).Articles.ShouldHaveSingleItem();
        string.Concat(found.Passage.Select(piece => piece.Text)).ShouldBe("What it is about.");
    }

    [Fact]
    public async Task A_typing_error_is_forgiven_and_told()
    {
        var word = Make.Word();
        await Engine.PutAsync([.. Enumerable.Range(0, 4).Select(i => Make.Article($"The {word} story {i}"))]);
        var at = Enumerable.Range(3, word.Length - 4).First(i => word[i] != word[i + 1]);
        var typed = $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}";

        var page = await Engine.FindAsync($"{typed} story");
        page.Articles.Count.ShouldBe(4);
        page.Similar.ShouldBeTrue();
        page.DidYouMean.ShouldBe($"{word} story");
    }

    [Fact]
    public async Task When_no_article_has_all_of_the_words_those_with_most_are_shown()
    {
        var (one, two) = (Make.Word(), Make.Word());
        await Engine.PutAsync(Make.Article($"Only {one} is here"), Make.Article($"Only {two} is here"));

        var page = await Engine.FindAsync($"{one} {two}");
        page.Similar.ShouldBeTrue();
        page.Total.ShouldBe(2);
    }

    [Fact]
    public async Task People_publications_and_topics_are_found_by_the_beginnings_of_their_names()
    {
        var word = Make.Word();
        var id = Guid.CreateVersion7().ToString();
        await Engine.PutAsync(
            new PersonDocument(id, 1) { Name = $"Ørsted {word}", Handle = $"{word}handle" },
            new PublicationDocument(id, 1) { Name = $"The {word} Times" },
            new TopicDocument($"{word}-topic", 1) { Name = $"{word} topic", ArticleCount = 7 });

        foreach (var typed in (string[])[word, word[..^2], $"orsted {word[..4]}", $"@{word}handle"])
            (await Engine.SearchNamesAsync(DocumentKind.Person, new(typed, 10, null, []), Cancel)).Names.ShouldHaveSingleItem(typed).Id.ShouldBe(id);
        (await Engine.SearchNamesAsync(DocumentKind.Publication, new($"{word} ti", 10, null, []), Cancel)).Names.ShouldHaveSingleItem().Name.ShouldContain(piece => piece.Found);
        var topic = (await Engine.SearchNamesAsync(DocumentKind.Topic, new(word, 10, null, []), Cancel)).Names.ShouldHaveSingleItem();
        (topic.Id, topic.ArticleCount).ShouldBe(($"{word}-topic", 7));
        (await Engine.SearchNamesAsync(DocumentKind.Person, new(word, 10, null, [Guid.Parse(id)]), Cancel)).Names.ShouldBeEmpty();
        await Engine.DeleteAsync(ISearchEngine.Serving, [new(DocumentKind.Person, id, 2)], Cancel);
        (await Engine.SearchNamesAsync(DocumentKind.Person, new(word, 10, null, []), Cancel)).Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_come_in_pages()
    {
        var word = Make.Word();
        await Engine.PutAsync([.. Enumerable.Range(0, 23).Select(i => new PersonDocument(Guid.CreateVersion7().ToString(), 1) { Name = $"{word} {i}", Handle = $"h{i}", Followers = i })]);

        var (seen, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await Engine.SearchNamesAsync(DocumentKind.Person, new(word, 10, cursor, []), Cancel);
            seen.AddRange(page.Names.Select(name => name.Id));
            cursor = page.Next;
        } while (cursor is not null);
        seen.Count.ShouldBe(23);
        seen.ShouldBeUnique();
    }

    [Fact]
    public async Task Drafts_are_found_by_those_who_write_them_alone()
    {
        var (word, owner, other) = (Make.Word(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var draft = new DraftDocument(Guid.CreateVersion7().ToString(), 1) { OwnerId = owner, CoOwnerIds = [other], Title = "Unfinished", Body = $"Not yet {word}.", Language = "en", UpdateTime = DateTimeOffset.UtcNow };
        await Engine.PutAsync(draft);

        (await Engine.SearchDraftsAsync(new(owner, Queries.QueryParser.Parse(word), 10, null), Cancel)).Drafts.ShouldHaveSingleItem().Passage.ShouldContain(piece => piece.Found);
        (await Engine.SearchDraftsAsync(new(other, Queries.QueryParser.Parse(word), 10, null), Cancel)).Drafts.ShouldHaveSingleItem().Id.ToString().ShouldBe(draft.Id);
        (await Engine.SearchDraftsAsync(new(Guid.CreateVersion7(), Queries.QueryParser.Parse(word), 10, null), Cancel)).Drafts.ShouldBeEmpty();
        (await Engine.FindAsync(word)).Total.ShouldBe(0);
        // Who left it finds it no more.
        await Engine.PutAsync(draft with { Revision = 2, CoOwnerIds = [] });
        (await Engine.SearchDraftsAsync(new(other, Queries.QueryParser.Parse(word), 10, null), Cancel)).Drafts.ShouldBeEmpty();
        await Engine.DeleteAsync(ISearchEngine.Serving, [new(DocumentKind.Draft, draft.Id, 3)], Cancel);
        (await Engine.SearchDraftsAsync(new(owner, Queries.QueryParser.Parse(word), 10, null), Cancel)).Drafts.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_typed_is_completed()
    {
        var word = Make.Word();
        var person = Guid.CreateVersion7().ToString();
        await Engine.PutAsync(
            Make.Article($"{word} in practice"), Make.Article($"{word} in theory"), Make.Article($"Learning {word}"),
            new PersonDocument(person, 1) { Name = $"{word} Person", Handle = "p" }, new TopicDocument($"{word}s", 1) { Name = word });

        var suggestions = await Engine.SuggestAsync(word[..^1], [], Cancel);
        suggestions.Queries[0].ShouldBe(word);
        suggestions.Queries.Count.ShouldBeLessThanOrEqualTo(5);
        suggestions.Articles.Count.ShouldBe(3);
        suggestions.People.ShouldHaveSingleItem().Id.ShouldBe(person);
        suggestions.Topics.ShouldHaveSingleItem().Id.ShouldBe($"{word}s");
        (await Engine.SuggestAsync($"{word} in p", [], Cancel)).Queries.ShouldContain($"{word} in practice");
        (await Engine.SuggestAsync("", [], Cancel)).Queries.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_index_is_built_beside_the_serving_one_and_takes_its_place()
    {
        var engine = await OwnEngineAsync();
        await engine.PutAsync(Make.Article("Here before"));
        await engine.CreateIndexAsync("next", Cancel);
        await engine.PutAsync("next", [Make.Article("Here after")], Cancel);
        (await engine.TitlesAsync("here")).ShouldBe(["Here before"]);
        (await engine.CountAsync("next", DocumentKind.Article, Cancel)).ShouldBe(1);

        var former = await engine.SwapAsync("next", Cancel);
        (await engine.TitlesAsync("here")).ShouldBe(["Here after"]);
        (await engine.CountAsync(former, DocumentKind.Article, Cancel)).ShouldBe(1);
        await Should.ThrowAsync<NoSuchIndexException>(() => engine.PutAsync("next", [Make.Article("Late")], Cancel));

        await engine.DropAsync(former, Cancel);
        await engine.DropAsync(former, Cancel);
        (await engine.TitlesAsync("here")).ShouldBe(["Here after"]);
    }

    [Fact]
    public async Task Searches_go_on_while_indexes_are_swapped()
    {
        var engine = await OwnEngineAsync();
        await engine.PutAsync(Make.Article("Always found"));
        using var stop = new CancellationTokenSource();
        var searching = Task.Run(async () =>
        {
            var searches = 0;
            for (; !stop.IsCancellationRequested; searches++)
                (await engine.FindAsync("found")).Total.ShouldBe(1);
            return searches;
        });
        for (var round = 0; round < 3; round++)
        {
            await engine.CreateIndexAsync("next", Cancel);
            await engine.PutAsync("next", [Make.Article("Always found")], Cancel);
            await engine.DropAsync(await engine.SwapAsync("next", Cancel), Cancel);
        }
        await stop.CancelAsync();
        (await searching).ShouldBeGreaterThan(3);
    }
}
