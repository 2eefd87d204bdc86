using Blog.Events.V1;
using Blog.Interactions.Highlights;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Highlight = Blog.Interactions.V1.Highlight;
using State = Blog.Interactions.V1.HighlightState;

namespace Blog.Interactions.Tests.Highlights;

public sealed class HighlightTests(HighlightsFixture world) : IClassFixture<HighlightsFixture>
{
    const string Text = "<p>It rained until noon. Then the tide turned and the boats came in.</p><p>Nobody minds the longer way round.</p>";
    readonly Guid reader = Guid.CreateVersion7();

    static TextSelector Words(string exact, string prefix = "", string suffix = "", int start = 0) => new() { Exact = exact, Prefix = prefix, Suffix = suffix, Start = start };

    async Task<Highlight> MarkAsync(Article article, string words, bool isPublic = false, string note = "", Guid? person = null) =>
        (await world.As(person ?? reader).CreateHighlightAsync(new() { ArticleId = article.Id.ToString(), Selector = Words(words), Public = isPublic, Note = note })).Highlight;

    async Task<Highlight[]> MineAsync(Article article) => [.. (await world.As(reader).GetReaderHighlightsAsync(new() { ArticleId = article.Id.ToString() })).Highlights];

    static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);

    [Fact]
    public async Task A_passage_is_kept_with_its_words_its_surroundings_and_a_note()
    {
        var article = await world.ArticleAsync(Text);
        var highlight = await MarkAsync(article, "tide turned", note: "  Look this up.  ");

        highlight.Quote.ShouldBe("tide turned");
        highlight.Selector.ShouldBe(Words("tide turned", "It rained until noon. Then the ", " and the boats came in.\nNobody minds the longer ", 31));
        (highlight.State, highlight.Note, highlight.Public).ShouldBe((State.Anchored, "Look this up.", false));
        (await MineAsync(article)).ShouldBe([highlight]);
        (await world.Anonymous.ListPassagesAsync(new() { ArticleId = article.Id.ToString() })).Passages.ShouldBeEmpty();
        (await world.ToldAsync(Topics.Highlights, article)).ShouldBeEmpty("a private highlight is nobody else's business");
    }

    [Fact]
    public async Task What_the_article_does_not_say_cannot_be_highlighted()
    {
        var article = await world.ArticleAsync("<p>Go on. Go on. It is late.</p>");
        var mine = world.As(reader);
        async Task<string?> ReasonAsync(TextSelector selector, string? id = null) =>
            (await FailureOf(mine.CreateHighlightAsync(new() { ArticleId = id ?? article.Id.ToString(), Selector = selector }))).Reason();

        (await ReasonAsync(Words("It is early."))).ShouldBe("QUOTE_NOT_FOUND");
        (await ReasonAsync(Words("Go on.", start: 1))).ShouldBe("QUOTE_NOT_FOUND", "it says so twice");
        (await ReasonAsync(Words(""))).ShouldBe("INVALID_FIELDS");
        (await ReasonAsync(Words(new string('a', 2001)))).ShouldBe("INVALID_FIELDS");
        (await ReasonAsync(Words("late", prefix: new string('a', 101)))).ShouldBe("INVALID_FIELDS");
        (await ReasonAsync(Words("late"), Guid.CreateVersion7().ToString())).ShouldBe("NOT_FOUND", "a draft");
        (await ReasonAsync(Words("late"), "nonsense")).ShouldBe("NOT_FOUND");
        (await FailureOf(mine.CreateHighlightAsync(new() { ArticleId = article.Id.ToString(), Selector = Words("late"), Note = new string('a', 2001) }))).Reason().ShouldBe("INVALID_FIELDS");
        (await FailureOf(world.Anonymous.CreateHighlightAsync(new() { ArticleId = article.Id.ToString(), Selector = Words("late") }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await MineAsync(article)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_passage_is_the_same_highlight_and_a_repeated_command_is_one()
    {
        var article = await world.ArticleAsync(Text);
        var first = await MarkAsync(article, "tide turned");
        (await MarkAsync(article, "tide turned")).Id.ShouldBe(first.Id);
        (await MarkAsync(article, "the tide")).Id.ShouldNotBe(first.Id, "it may overlap");

        var key = Guid.NewGuid().ToString();
        var request = new CreateHighlightRequest { ArticleId = article.Id.ToString(), Selector = Words("longer way") };
        var once = await world.As(reader).CreateHighlightAsync(request, new Metadata { { "idempotency-key", key } });
        await world.As(reader).DeleteHighlightAsync(new() { Id = once.Highlight.Id });
        (await world.As(reader).CreateHighlightAsync(request, new Metadata { { "idempotency-key", key } })).ShouldBe(once);
        (await MineAsync(article)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task One_article_takes_five_hundred_highlights_of_one_person()
    {
        var article = await world.ArticleAsync($"<p>{string.Join(' ', Enumerable.Range(1000, 501))}</p>");
        await MarkAsync(article, "1000");
        await world.ReadAsync(db => db.Database.ExecuteSqlAsync(
            $"""
            insert into highlights select article_id, gen_random_uuid(), person_id, quote, exact, prefix, suffix, 100000 + n, 100004 + n, state, note, public, hidden, revision, create_time
            from highlights, generate_series(1, 499) n where article_id = {article.Id}
            """));
        (await FailureOf(world.As(reader).CreateHighlightAsync(new() { ArticleId = article.Id.ToString(), Selector = Words("1500") }))).Reason().ShouldBe("TOO_MANY_HIGHLIGHTS");
        (await MarkAsync(article, "1500", person: Guid.CreateVersion7())).Quote.ShouldBe("1500");
    }

    [Fact]
    public async Task Highlights_follow_their_words_through_edits_are_kept_when_these_go_and_return_with_them()
    {
        var article = await world.ArticleAsync(Text);
        var tide = await MarkAsync(article, "tide turned");
        var sentence = await MarkAsync(article, "Then the tide turned and the boats came in.");
        var way = await MarkAsync(article, "Nobody minds the longer way round.", note: "True.");

        // A paragraph before, a word replaced in one, another one gone.
        await world.PublishAsync(article, "<p>For three days nobody went out at all.</p><p>It rained until noon. Then the tide turned and the ships came in.</p>");
        await world.FollowedAsync(article);
        var edited = (await MineAsync(article)).ToDictionary(h => h.Id);
        (edited[tide.Id].State, edited[tide.Id].Selector.Start).ShouldBe((State.Anchored, 70));
        (edited[sentence.Id].State, edited[sentence.Id].Selector.Exact, edited[sentence.Id].Quote)
            .ShouldBe((State.Changed, "Then the tide turned and the ships came in.", "Then the tide turned and the boats came in."));
        (edited[way.Id].State, edited[way.Id].Note, edited[way.Id].Quote).ShouldBe((State.Detached, "True.", way.Quote));

        await world.UnpublishAsync(article);
        await world.UntilAsync(db => db.Set<Interactions.Articles.KnownArticle>().AnyAsync(a => a.ArticleId == article.Id && !a.Published));
        (await MineAsync(article)).Length.ShouldBe(3, "what a reader marked is the reader's");

        await world.PublishAsync(article, Text);
        await world.FollowedAsync(article);
        (await MineAsync(article)).Select(h => (h.Id, h.State, h.Selector.Start)).ShouldBe(
            [(sentence.Id, State.Anchored, 22), (tide.Id, State.Anchored, 31), (way.Id, State.Anchored, 66)]);

        await world.UnpublishAsync(article, ArticleChanged.Types.Change.Deleted);
        await world.UntilAsync(async db => !await db.Set<HighlightedText>().AnyAsync(t => t.ArticleId == article.Id));
        (await MineAsync(article)).ShouldAllBe(h => h.State == State.Detached && h.Quote.Length > 0);
    }

    [Fact]
    public async Task A_reader_whose_page_is_older_than_the_text_marks_what_is_still_there()
    {
        var article = await world.ArticleAsync(Text);
        await MarkAsync(article, "longer way");
        // Content has the new text; the event of it waits behind another article's.
        world.Content.Texts[article.Id.ToString()] = new(world.Content.Texts[article.Id.ToString()]) { Html = "<p>New beginning.</p>" + Text, Revision = article.Revision + 1 };
        var fresh = await MarkAsync(article, "New beginning.");
        fresh.Selector.Start.ShouldBe(0);
        (await MarkAsync(article, "tide turned")).Selector.Start.ShouldBe(46);
        (await MineAsync(article)).Single(h => h.Quote == "longer way").Selector.Start.ShouldBe(98, "the others came along");
    }

    [Fact]
    public async Task An_article_edited_a_hundred_times_ends_with_the_newest_text_and_does_not_pile_up()
    {
        var article = await world.ArticleAsync(Text);
        var tide = await MarkAsync(article, "tide turned");
        world.Content.Away = true;
        for (var i = 1; i <= 100; i++)
            await world.PublishAsync(article, $"<p>Edition {i} of this story.</p>{Text}");
        await world.UntilAsync(db => db.Set<Interactions.Articles.KnownArticle>().AnyAsync(a => a.ArticleId == article.Id && a.Revision == article.Revision));
        (await world.ReadAsync(db => db.Database.SqlQuery<int>($"""select count(*)::int as "Value" from anchoring_jobs where article_id = {article.Id}""").SingleAsync())).ShouldBe(1);

        var before = world.Content.Asked;
        world.Content.Away = false;
        await world.FollowedAsync(article);
        await world.UntilAsync(async db => await db.Database.SqlQuery<int>($"""select count(*)::int as "Value" from anchoring_jobs where article_id = {article.Id}""").SingleAsync() == 0);
        (world.Content.Asked - before).ShouldBeLessThan(10);
        (await MineAsync(article)).Single(h => h.Id == tide.Id).Selector.Start.ShouldBe(31 + "Edition 100 of this story. ".Length);
    }

    [Fact]
    public async Task Public_highlights_are_counted_told_and_hidden_by_the_author_and_by_who_mutes()
    {
        var article = await world.ArticleAsync(Text);
        var (ada, bob, cleo) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await MarkAsync(article, "Then the tide turned", isPublic: true, person: ada);
        await MarkAsync(article, "Then the tide turned", isPublic: true, person: bob, note: "Every time!");
        await MarkAsync(article, "the tide turned", isPublic: true, person: cleo);
        await MarkAsync(article, "longer way", person: cleo);

        async Task<Passage[]> SeenAsync() => [.. (await world.Anonymous.ListPassagesAsync(new() { ArticleId = article.Id.ToString() })).Passages];
        var passage = (await SeenAsync()).ShouldHaveSingleItem();
        (passage.People, passage.Selector.Exact).ShouldBe((3, "Then the tide turned"));
        passage.Highlights.Select(h => h.Note).ShouldBe(["Every time!", "", ""]);
        HighlightChanged.Parser.ParseFrom((await world.ToldAsync(Topics.Highlights, article))[1]).ShouldBe(new HighlightChanged
        {
            HighlightId = passage.Highlights[0].Id, ArticleId = article.Id.ToString(), ArticleAuthorId = article.AuthorId.ToString(), PersonId = bob.ToString(), Present = true,
            Quote = "Then the tide turned", HasNote = true,
        });

        // The reader muted one, and another blocked the reader: the reader's view is another.
        (await world.As(reader).GetReaderHighlightsAsync(new() { ArticleId = article.Id.ToString() })).PassagesDiffer.ShouldBeFalse();
        await world.ReadAsync(db => db.Database.ExecuteSqlAsync($"insert into relations values ({reader}, {ada}, true, false), ({bob}, {reader}, false, true)"));
        var personal = await world.As(reader).GetReaderHighlightsAsync(new() { ArticleId = article.Id.ToString() });
        personal.PassagesDiffer.ShouldBeTrue();
        (personal.Passages.ShouldHaveSingleItem().People, personal.Passages[0].Highlights.Single().PersonId).ShouldBe((1, cleo.ToString()));

        var hide = new HideHighlightRequest { ArticleId = article.Id.ToString(), Id = passage.Highlights[0].Id, Hidden = true };
        (await FailureOf(world.As(reader).HideHighlightAsync(hide))).StatusCode.ShouldBe(StatusCode.NotFound, "only the author may");
        await world.As(article.AuthorId).HideHighlightAsync(hide);
        (await SeenAsync()).Single().People.ShouldBe(2);

        var mine = await MarkAsync(article, "rained until noon", isPublic: true, person: cleo);
        (await SeenAsync()).Length.ShouldBe(2);
        await world.As(cleo).UpdateHighlightAsync(new() { Id = mine.Id, Public = false, UpdateMask = new() { Paths = { "public" } }, ExpectedRevision = mine.Revision });
        (await SeenAsync()).Length.ShouldBe(1);
        HighlightChanged.Parser.ParseFrom((await world.ToldAsync(Topics.Highlights, article))[^1]).Present.ShouldBeFalse();

        await world.PublishAsync(article, "<p>One more line.</p>" + Text);
        await world.FollowedAsync(article);
        (await SeenAsync()).Single().Selector.Start.ShouldBe(22 + "One more line. ".Length);
        (await world.ToldAsync(Topics.Anchors, article)).Count.ShouldBe(1, "caches are told that they moved");
        await world.UnpublishAsync(article);
        await world.UntilAsync(db => db.Set<Interactions.Articles.KnownArticle>().AnyAsync(a => a.ArticleId == article.Id && !a.Published));
        (await SeenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whom_the_author_blocked_highlights_in_private()
    {
        var article = await world.ArticleAsync(Text);
        await world.ReadAsync(db => db.Database.ExecuteSqlAsync($"insert into relations values ({article.AuthorId}, {reader}, false, true)"));
        var mine = await MarkAsync(article, "tide turned");
        (await FailureOf(world.As(reader).CreateHighlightAsync(new() { ArticleId = article.Id.ToString(), Selector = Words("boats"), Public = true }))).Reason().ShouldBe("APART");
        (await FailureOf(world.As(reader).UpdateHighlightAsync(new() { Id = mine.Id, Public = true, UpdateMask = new() { Paths = { "public" } }, ExpectedRevision = 1 }))).Reason().ShouldBe("APART");
    }

    [Fact]
    public async Task A_note_is_changed_by_who_wrote_it_and_saw_it_and_a_removal_is_taken_back()
    {
        var article = await world.ArticleAsync(Text);
        var highlight = await MarkAsync(article, "tide turned");
        UpdateHighlightRequest Note(string note, long revision) => new() { Id = highlight.Id, Note = note, UpdateMask = new() { Paths = { "note" } }, ExpectedRevision = revision };

        (await world.As(reader).UpdateHighlightAsync(Note("One.\r\nTwo.", 1))).Highlight.Note.ShouldBe("One.\nTwo.");
        var stale = await FailureOf(world.As(reader).UpdateHighlightAsync(Note("Three.", 1)));
        (stale.Reason(), stale.Detail<Highlight>()!.Note).ShouldBe(("STALE_REVISION", "One.\nTwo."));
        var other = world.As(Guid.CreateVersion7());
        (await FailureOf(other.UpdateHighlightAsync(Note("Mine.", 2)))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(other.DeleteHighlightAsync(new() { Id = highlight.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);

        await world.As(reader).DeleteHighlightAsync(new() { Id = highlight.Id });
        await world.As(reader).DeleteHighlightAsync(new() { Id = highlight.Id });
        (await MineAsync(article)).ShouldBeEmpty();
        // Its words move while it is away.
        await world.PublishAsync(article, "<p>Before.</p>" + Text);
        await world.FollowedAsync(article);
        var restored = (await world.As(reader).RestoreHighlightAsync(new() { Id = highlight.Id })).Highlight;
        (restored.Note, restored.Selector.Start, restored.State).ShouldBe(("One.\nTwo.", 39, State.Anchored));
        (await MineAsync(article)).ShouldBe([restored]);
    }

    [Fact]
    public async Task All_of_ones_highlights_are_listed_by_article_page_by_page_and_found_by_words()
    {
        var articles = new List<Article>();
        for (var i = 0; i < 5; i++)
        {
            var article = await world.ArticleAsync($"<p>Story {i} begins. It is 100 % true.</p><p>And ends.</p>", $"Story {i}");
            articles.Add(article);
            await MarkAsync(article, "And ends.", note: i == 3 ? "Remember THE Lighthouse" : "");
            await MarkAsync(article, $"Story {i} begins.");
        }
        var mine = world.As(reader);
        var (seen, token) = (new List<ArticleHighlights>(), "");
        do
        {
            var page = await mine.ListMyHighlightsAsync(new() { PageSize = 2, PageToken = token });
            page.Articles.Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page.Articles);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        seen.Select(a => a.Title).ShouldBe(["Story 4", "Story 3", "Story 2", "Story 1", "Story 0"]);
        seen[0].Highlights.Select(h => h.Quote).ShouldBe(["Story 4 begins.", "And ends."], "in the order of the text");

        (await mine.ListMyHighlightsAsync(new() { Query = "lighthouse" })).Articles.ShouldHaveSingleItem().Highlights.ShouldHaveSingleItem().Quote.ShouldBe("And ends.");
        (await mine.ListMyHighlightsAsync(new() { Query = "%" })).Articles.ShouldBeEmpty("a sign is a sign");
        (await world.As(Guid.CreateVersion7()).ListMyHighlightsAsync(new())).Articles.ShouldBeEmpty();
        (await FailureOf(mine.ListMyHighlightsAsync(new() { PageToken = "nonsense" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public void Passages_that_share_most_of_their_words_are_one()
    {
        Marked Of(int start, int end) => new(Guid.CreateVersion7(), Guid.CreateVersion7(), start, end, "");
        var passages = Passages.Of([Of(100, 120), Of(0, 40), Of(0, 40), Of(5, 60), Of(38, 90)]);
        passages.Select(p => (p.Place.StartAt, p.Place.EndAt, Passages.People(p.Highlights))).ShouldBe([(0, 40, 3), (38, 90, 1), (100, 120, 1)]);
        Passages.Of(Enumerable.Range(0, 500).Select(i => Of(i * 10, (i * 10) + 5))).Count.ShouldBe(Passages.Most);
    }
}
