using Blog.Events.V1;
using Blog.Search.Engines;
using Blog.ServiceDefaults.Events;
using static Blog.Events.V1.ArticleChanged.Types;
using static Blog.Search.Tests.Indexing.IndexingFixture;

namespace Blog.Search.Tests.Indexing;

public sealed class PipelineTests(IndexingFixture search) : IClassFixture<IndexingFixture>
{
    MemoryEngine Engine => search.Engine;

    [Fact]
    public async Task A_published_article_is_put_into_the_index_with_all_that_is_known_of_it()
    {
        var ines = search.Person("Inès Marrow", "ines");
        var article = search.Publish("Die Uhr am Hafen", "Das ist die Geschichte von einer Uhr, die nicht mit der Zeit ging, und von dem Hafen.", Guid.Parse(ines.Id), topics: ["clocks", "tides"]);
        await search.TellAsync(article, Change.Published);
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is not null);

        var document = Engine.Find<ArticleDocument>(article.Id)!;
        (document.Title, document.Body, document.AuthorId, document.AuthorName, document.AuthorHandle, document.Revision)
            .ShouldBe((article.Title, article.Text, Guid.Parse(ines.Id), "Inès Marrow", "ines", article.Revision));
        document.Topics.ShouldBe([new TopicName("clocks", "CLOCKS"), new TopicName("tides", "TIDES")]);
        document.PublishTime.ShouldBe(article.PublishTime.ToDateTimeOffset());
        document.Language.ShouldBe("de");
        await UntilAsync(() => Engine.Find<TopicDocument>("clocks") is { ArticleCount: 1, Name: "CLOCKS" });
    }

    [Fact]
    public async Task An_article_is_found_by_everybody_who_wrote_it()
    {
        var (ines, bo) = (search.Person("Inès Marrow", "ines-first"), search.Person("Bo Quill", "bo-second"));
        var article = search.Publish("Two hands", "Written by two.", Guid.Parse(ines.Id));
        article.CoAuthorIds.Add(bo.Id);
        await search.TellAsync(article, Change.Published);
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is not null);
        Engine.Find<ArticleDocument>(article.Id)!.CoAuthors.ShouldBe([new CoAuthor(Guid.Parse(bo.Id), "bo-second", "Bo Quill")]);
    }

    [Fact]
    public async Task A_publication_is_found_by_its_name_with_how_many_follow_it()
    {
        var id = Guid.CreateVersion7().ToString();
        search.Library.Magazines[id] = new() { Id = id, Slug = "harbour-notes", Name = "Harbour Notes", Description = "What the tide brings.", Revision = 3 };
        search.Library.Followers[id] = 7;
        await search.SendAsync(Topics.Publications, Guid.Parse(id), new PublicationChanged { PublicationId = id, Slug = "harbour-notes", Name = "Harbour Notes", Revision = 3 });
        await UntilAsync(() => Engine.Find<PublicationDocument>(id) is { Name: "Harbour Notes", Handle: "harbour-notes", Followers: 7, Revision: 3 });
    }

    [Fact]
    public async Task The_language_its_author_named_is_not_guessed()
    {
        var article = search.Publish("The clock", "This is the story of a clock that was not on time, and of the harbour.");
        article.Language = "en-GB";
        await search.TellAsync(article, Change.Published);
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is { Language: "en-GB" });
    }

    [Theory]
    [InlineData(Change.Unpublished)]
    [InlineData(Change.Deleted)]
    public async Task What_readers_lost_is_gone_from_the_index_even_while_content_is_away(Change change)
    {
        var article = await search.PublishAsync("Soon gone");
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is not null);
        search.Library.Published.TryRemove(article.Id, out _);
        search.Library.IsAway = true;
        try
        {
            await search.TellAsync(article, change, article.Revision + 1);
            await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is null);
        }
        finally
        {
            search.Library.IsAway = false;
        }
    }

    [Fact]
    public async Task An_article_that_is_published_and_gone_before_anybody_looked_is_never_found()
    {
        var article = search.Publish("A moment");
        search.Library.Published.TryRemove(article.Id, out _);
        var event1 = await search.TellAsync(article, Change.Published);
        await search.HandledAsync(event1);
        await search.SettledAsync();
        Engine.Find<ArticleDocument>(article.Id).ShouldBeNull();
    }

    [Fact]
    public async Task An_article_edited_a_hundred_times_in_a_minute_is_indexed_twice_and_then_with_its_last_text()
    {
        var article = await search.PublishAsync("Edited");
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is not null);
        Guid last = default;
        for (var edit = 1; edit <= 100; edit++)
        {
            article = search.Publish("Edited", $"Edit number {edit}.", again: article);
            last = await search.TellAsync(article, Change.Updated);
            search.Clock.Advance(TimeSpan.FromMilliseconds(400));
        }
        await search.HandledAsync(last);
        await search.SettledAsync();
        Engine.Puts[article.Id].ShouldBeLessThanOrEqualTo(2);

        search.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is { Body: "Edit number 100." });
        Engine.Puts[article.Id].ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task A_correction_right_after_publishing_is_found_at_once()
    {
        var article = await search.PublishAsync("Teh clock");
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is not null);
        await search.PublishAsync("The clock", again: article);
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is { Title: "The clock" });
    }

    [Fact]
    public async Task A_person_who_takes_another_name_is_found_by_it_and_so_are_their_articles()
    {
        var person = search.Person("Jun Kestrel", "jun");
        search.Library.Followers[person.Id] = 12;
        await search.TellAsync(person);
        var article = await search.PublishAsync("Wind", author: Guid.Parse(person.Id));
        await UntilAsync(() => Engine.Find<PersonDocument>(person.Id) is { Name: "Jun Kestrel", Followers: 12 } && Engine.Find<ArticleDocument>(article.Id) is { AuthorName: "Jun Kestrel" });

        // The two events may have had the article indexed twice already, which is all it gets in a minute.
        search.Clock.Advance(TimeSpan.FromMinutes(2));
        await search.TellAsync(search.Person("Jun Falcon", "falcon", 2, Guid.Parse(person.Id)));
        await UntilAsync(() => Engine.Find<PersonDocument>(person.Id) is { Name: "Jun Falcon", Handle: "falcon" } && Engine.Find<ArticleDocument>(article.Id) is { AuthorName: "Jun Falcon", AuthorHandle: "falcon" });
    }

    [Fact]
    public async Task Applause_and_responses_are_told_to_the_index_by_their_magnitude_each_response_once()
    {
        var article = await search.PublishAsync("Applauded");
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is not null);
        var (id, author) = (article.Id, article.AuthorId);
        async Task<Guid> ClapAsync(long total) => await search.SendAsync(Topics.Claps, Guid.Parse(id), new ClapsChanged { SubjectId = id, ArticleId = id, SubjectAuthorId = author, Total = total, Count = 1 });
        async Task<Guid> RespondAsync(Guid response, ResponseChanged.Types.Change change) => await search.SendAsync(Topics.Responses, Guid.Parse(id),
            new ResponseChanged { ResponseId = response.ToString(), ArticleId = id, ArticleAuthorId = author, AuthorId = Guid.CreateVersion7().ToString(), Change = change });

        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await search.HandledAsync(await ClapAsync(40), await RespondAsync(first, ResponseChanged.Types.Change.Created), await RespondAsync(second, ResponseChanged.Types.Change.Created),
            await RespondAsync(second, ResponseChanged.Types.Change.Hidden), await RespondAsync(second, ResponseChanged.Types.Change.Deleted));
        search.Clock.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(() => Engine.Find<ArticleDocument>(id) is { Claps: 40, Responses: 1 });

        search.Clock.Advance(TimeSpan.FromMinutes(2));
        await search.SettledAsync();
        var puts = Engine.Puts[id];
        await search.HandledAsync(await ClapAsync(41), await ClapAsync(42));
        await search.SettledAsync();
        Engine.Puts[id].ShouldBe(puts);
    }

    [Fact]
    public async Task A_working_copy_is_indexed_for_those_who_write_it_and_goes_when_it_is_what_readers_have()
    {
        var ines = Guid.CreateVersion7();
        var draft = await search.DraftAsync(ines, "Secret plan");
        await UntilAsync(() => Engine.Find<DraftDocument>(draft.Id) is { Title: "Secret plan" });
        var document = Engine.Find<DraftDocument>(draft.Id)!;
        (document.OwnerId, document.Body, document.UpdateTime).ShouldBe((ines, "Unfinished words.", draft.UpdateTime.ToDateTimeOffset()));
        Engine.Find<ArticleDocument>(draft.Id).ShouldBeNull();

        var other = Guid.CreateVersion7();
        search.Library.Drafts[draft.Id].CoAuthorIds.Add(other.ToString());
        search.Library.Drafts[draft.Id].Revision = 2;
        await search.SendAsync(Topics.Drafts, Guid.Parse(draft.Id), new DraftChanged { ArticleId = draft.Id, AuthorId = draft.AuthorId, Revision = 2, Present = true });
        await UntilAsync(() => Engine.Find<DraftDocument>(draft.Id)!.CoOwnerIds.SequenceEqual([other]));

        search.Library.Drafts.TryRemove(draft.Id, out _);
        await search.SendAsync(Topics.Drafts, Guid.Parse(draft.Id), new DraftChanged { ArticleId = draft.Id, AuthorId = draft.AuthorId, Revision = 3, Present = false });
        await UntilAsync(() => Engine.Find<DraftDocument>(draft.Id) is null);
    }

    [Fact]
    public async Task What_the_engine_cannot_take_is_put_aside_and_told_while_everything_else_goes_on()
    {
        var poison = search.Publish("Poison");
        Engine.Refuses = document => document.Id == poison.Id && document.Revision == poison.Revision;
        var others = Enumerable.Range(0, 12).Select(n => search.Publish($"Good {n}")).ToArray();
        await search.TellAsync(poison, Change.Published);
        foreach (var other in others)
            await search.TellAsync(other, Change.Published);
        await UntilAsync(() => others.All(other => Engine.Find<ArticleDocument>(other.Id) is not null));
        await UntilAsync(async () => (await search.Operator.GetIndexStatusAsync(new())).Failures.Any(failure => failure.Key == poison.Id && failure.Error.Contains("cannot take", StringComparison.Ordinal)));

        // It is looked at again when it changes.
        await search.PublishAsync("Cured", again: poison);
        await UntilAsync(() => Engine.Find<ArticleDocument>(poison.Id) is { Title: "Cured" });
        (await search.Operator.GetIndexStatusAsync(new())).Failed.ShouldBe(0);
    }

    [Fact]
    public async Task While_content_or_the_engine_is_away_everything_waits_and_nothing_is_lost()
    {
        search.Library.IsAway = true;
        var first = await search.PublishAsync("While Content is away");
        await UntilAsync(async () => (await search.Operator.GetIndexStatusAsync(new())).Waiting > 0);
        Engine.IsAway = true;
        search.Library.IsAway = false;
        var second = await search.PublishAsync("While the engine is away");
        await UntilAsync(() => search.Library.Fetched.ContainsKey(first.Id));
        Engine.IsAway = false;
        await UntilAsync(() => Engine.Find<ArticleDocument>(first.Id) is not null && Engine.Find<ArticleDocument>(second.Id) is not null);
        (await search.Operator.GetIndexStatusAsync(new())).Failed.ShouldBe(0);
    }

    [Fact]
    public async Task Texts_that_do_not_fit_into_one_answer_are_asked_for_again()
    {
        var long1 = search.Publish("Long", new string('a', 60_000));
        var others = Enumerable.Range(0, 5).Select(n => search.Publish($"Long {n}", new string('b', 60_000))).ToArray();
        foreach (var article in others.Append(long1))
            await search.TellAsync(article, Change.Published);
        await UntilAsync(() => others.Append(long1).All(article => Engine.Find<ArticleDocument>(article.Id) is not null));
    }

    [Fact]
    public async Task An_event_that_is_none_is_put_aside_and_later_ones_are_handled()
    {
        var article = search.Publish("After the poison");
        await search.SendAsync(Topics.Articles, Guid.Parse(article.Id), new ArticleChanged(), payload: [0xff, 0xff, 0xff]);
        await search.SendAsync(Topics.Articles, Guid.Parse(article.Id), new ArticleChanged { ArticleId = "no id" });
        var other = await search.PublishAsync("Another");
        await UntilAsync(() => Engine.Find<ArticleDocument>(other.Id) is not null);
        await UntilAsync(async () => (long)(await search.ScalarAsync("select count(*) from dead_letter where key = $1", article.Id))! == 2);
    }

    [Fact]
    public async Task A_service_that_is_stopped_goes_on_where_it_was()
    {
        search.Library.IsAway = true;
        var article = await search.PublishAsync("Before the end");
        await UntilAsync(async () => (bool)(await search.ScalarAsync("select exists (select from index_jobs where key = $1)", article.Id))!);
        await search.StopHostAsync();
        search.Library.IsAway = false;
        search.StartHost();
        // The lease of the one that was stopped was given back, or ends.
        search.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => Engine.Find<ArticleDocument>(article.Id) is not null);
    }
}
