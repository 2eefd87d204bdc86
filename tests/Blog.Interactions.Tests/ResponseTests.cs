using Blog.Interactions.V1;
using Grpc.Core;
using static Blog.Events.V1.ResponseChanged.Types;

namespace Blog.Interactions.Tests;

/// <summary>Responses: threads, and who may do what in them.</summary>
public sealed class ResponseTests(InteractionsFixture interactions) : IClassFixture<InteractionsFixture>
{
    static Guid Someone() => Guid.CreateVersion7();

    [Fact]
    public async Task A_response_and_its_answers_stand_in_a_thread_and_are_counted()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, ben) = (Someone(), Someone());

        var first = await stage.RespondAsync(ada, "Well said.");
        var answer = await stage.RespondAsync(ben, "Why?", first.Id);
        await stage.RespondAsync(ada, "Because.", answer.Id);

        var list = await stage.ListAsync();
        var top = list.Responses.ShouldHaveSingleItem();
        (top.AuthorId, top.Html, top.Markdown, top.ReplyCount).ShouldBe((ada.ToString(), "<p>Well said.</p>", "", 1));
        top.Replies.ShouldHaveSingleItem().Replies.ShouldHaveSingleItem().Html.ShouldBe("<p>Because.</p>");
        (list.Total, (await stage.CountsAsync()).Responses).ShouldBe((3, 3));
        var events = await stage.ResponseEventsAsync();
        events.Select(e => (e.Change, e.ParentAuthorId, e.Excerpt)).ShouldBe(
            [(Change.Created, "", "Well said."), (Change.Created, ada.ToString(), "Why?"), (Change.Created, ben.ToString(), "Because.")]);
    }

    [Fact]
    public async Task Below_the_third_level_answers_stand_side_by_side_and_say_whom_they_answer()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, ben) = (Someone(), Someone());
        var parent = (await stage.RespondAsync(ada, "0")).Id;
        var chain = new List<Response>();
        for (var i = 1; i <= 6; i++)
        {
            var next = await stage.RespondAsync(i % 2 == 0 ? ada : ben, $"{i}", parent);
            chain.Add(next);
            parent = next.Id;
        }

        chain.Select(r => r.Depth).ShouldBe([1, 2, 2, 2, 2, 2]);
        chain[1..].Select(r => r.UnderId).Distinct().ShouldHaveSingleItem().ShouldBe(chain[0].Id);
        var deepest = await stage.Anybody.GetResponseAsync(new() { ArticleId = stage.Article.ToString(), Id = chain[5].Id }, cancellationToken: Stage.Cancel);
        deepest.Ancestors.Select(r => r.Depth).ShouldBe([0, 1]);
        deepest.Response.ParentAuthorId.ShouldBe(ben.ToString());
        chain[1].ParentAuthorId.ShouldBe("", "its place already says so");
    }

    [Fact]
    public async Task An_empty_text_or_one_of_a_megabyte_is_refused_by_the_name_of_the_field()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        (await Stage.RefusalOf(() => stage.RespondAsync(Someone(), " \n\u0000 "))).ShouldBe((StatusCode.InvalidArgument, "INVALID_FIELDS", "markdown"));
        (await Stage.RefusalOf(() => stage.RespondAsync(Someone(), new string('a', 1_048_576)))).ShouldBe((StatusCode.InvalidArgument, "INVALID_FIELDS", "markdown"));
        (await stage.RespondAsync(Someone(), new string('a', 10_000))).Html.Length.ShouldBe(10_007);
    }

    [Fact]
    public async Task Articles_that_readers_do_not_see_have_no_responses()
    {
        var draft = await Stage.WithArticleAsync(interactions, published: false);
        (await Stage.RefusalOf(() => draft.RespondAsync(Someone(), "Early."))).Status.ShouldBe(StatusCode.NotFound);
        (await Stage.RefusalOf(() => draft.ListAsync())).Status.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_double_click_posts_once_also_when_both_arrive_together()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var ada = Someone();

        var posted = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => stage.RespondAsync(ada, "Once.", key: "same")));

        posted.Select(r => r.Id).Distinct().ShouldHaveSingleItem();
        (await stage.CountsAsync()).Responses.ShouldBe(1);
        (await Stage.RefusalOf(() => stage.RespondAsync(ada, "Other.", key: "same"))).Status.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task An_edited_response_says_so_and_an_older_window_does_not_overwrite_it()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var ada = Someone();
        var response = await stage.RespondAsync(ada, "Frist.");
        var edit = new UpdateResponseRequest { ArticleId = stage.Article.ToString(), Id = response.Id, Markdown = "First.", ExpectedRevision = 1 };
        var edited = (await stage.As(ada).UpdateResponseAsync(edit, cancellationToken: Stage.Cancel)).Response;
        (await stage.As(ada).UpdateResponseAsync(edit, cancellationToken: Stage.Cancel)).Response.Revision.ShouldBe(2, "a repetition changes nothing");

        edit.Markdown = "Older window.";
        (await Stage.RefusalOf(async () => await stage.As(ada).UpdateResponseAsync(edit, cancellationToken: Stage.Cancel))).Reason.ShouldBe("STALE_REVISION");
        (await Stage.RefusalOf(async () => await stage.As(Someone()).UpdateResponseAsync(edit, cancellationToken: Stage.Cancel))).Status.ShouldBe(StatusCode.NotFound);

        (edited.EditTime is not null, edited.Markdown).ShouldBe((true, "First."));
        (await stage.ListAsync()).Responses[0].Html.ShouldBe("<p>First.</p>");
    }

    [Fact]
    public async Task A_deleted_response_vanishes_and_leaves_an_empty_place_where_somebody_answered()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, ben) = (Someone(), Someone());
        var answered = await stage.RespondAsync(ada, "Secret words.");
        var answer = await stage.RespondAsync(ben, "Oh.", answered.Id);
        var alone = await stage.RespondAsync(ada, "Alone.");

        await stage.DeleteAsync(ada, answered.Id);
        await stage.DeleteAsync(ada, alone.Id);
        await stage.DeleteAsync(ada, alone.Id);

        var stub = (await stage.ListAsync(ada)).Responses.ShouldHaveSingleItem();
        (stub.State, stub.Html, stub.AuthorId, stub.Replies.Count).ShouldBe((ResponseState.Deleted, "", "", 1));
        (await stage.CountsAsync()).Responses.ShouldBe(1);
        (await stage.ResponseEventsAsync())[^1].Change.ShouldBe(Change.Deleted);

        await stage.DeleteAsync(ben, answer.Id);
        (await stage.ListAsync()).Responses.ShouldBeEmpty("nothing is left to keep the place for");
        (await stage.CountsAsync()).Responses.ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_deletes_the_response_of_another()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var response = await stage.RespondAsync(Someone(), "Mine.");
        (await Stage.RefusalOf(() => stage.DeleteAsync(stage.Author, response.Id))).Status.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_deleted_or_hidden_cannot_be_answered()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var ada = Someone();
        var deleted = await stage.RespondAsync(ada, "Deleted.");
        var hidden = await stage.RespondAsync(ada, "Hidden.");
        await stage.DeleteAsync(ada, deleted.Id);
        await stage.HideAsync(hidden.Id);

        (await Stage.RefusalOf(() => stage.RespondAsync(Someone(), "?", deleted.Id))).Reason.ShouldBe("RESPONSE_DELETED");
        (await Stage.RefusalOf(() => stage.RespondAsync(Someone(), "?", hidden.Id))).Reason.ShouldBe("RESPONSE_HIDDEN");
        (await Stage.RefusalOf(() => stage.RespondAsync(Someone(), "?", Someone().ToString()))).Status.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Answers_that_race_with_a_deletion_are_refused_or_keep_its_place_never_lost()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var ada = Someone();
        for (var round = 0; round < 5; round++)
        {
            var response = await stage.RespondAsync(ada, $"Round {round}");
            var answering = Enumerable.Range(0, 3).Select(async _ =>
            {
                try
                {
                    await stage.RespondAsync(Someone(), "Quick.", response.Id);
                    return 1;
                }
                catch (RpcException late) when (late.StatusCode == StatusCode.FailedPrecondition)
                {
                    return 0;
                }
            }).ToArray();
            await stage.DeleteAsync(ada, response.Id);
            var answers = (await Task.WhenAll(answering)).Sum();

            var place = (await stage.ListAsync()).Responses.FirstOrDefault(r => r.Id == response.Id);
            (place?.ReplyCount ?? 0).ShouldBe(answers);
        }
    }

    [Fact]
    public async Task The_author_of_the_article_hides_a_response_from_others_and_shows_it_again()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var ada = Someone();
        var response = await stage.RespondAsync(ada, "Rude.");

        await stage.HideAsync(response.Id);
        await stage.HideAsync(response.Id);

        (await stage.ListAsync()).Responses.ShouldBeEmpty();
        (await stage.ListAsync(Someone())).Responses.ShouldBeEmpty();
        (await stage.ListAsync(stage.Author)).Responses[0].Html.ShouldBe("<p>Rude.</p>");
        (await stage.ListAsync(ada)).Responses[0].State.ShouldBe(ResponseState.Hidden);
        (await stage.CountsAsync()).Responses.ShouldBe(0);
        (await Stage.RefusalOf(async () => await stage.As(ada).SetResponseHiddenAsync(new() { ArticleId = stage.Article.ToString(), Id = response.Id }, cancellationToken: Stage.Cancel))).Status.ShouldBe(StatusCode.NotFound);

        await stage.HideAsync(response.Id, hidden: false);
        (await stage.ListAsync()).Responses[0].Html.ShouldBe("<p>Rude.</p>");
        (await stage.ResponseEventsAsync()).Select(e => (e.Change, e.Excerpt)).ShouldBe([(Change.Created, "Rude."), (Change.Hidden, ""), (Change.Shown, "Rude.")]);
    }

    [Fact]
    public async Task A_locked_thread_is_read_but_takes_nothing_more()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var response = await stage.RespondAsync(Someone(), "In time.");
        (await Stage.RefusalOf(async () => await stage.As(Someone()).SetThreadLockedAsync(new() { ArticleId = stage.Article.ToString(), Locked = true }, cancellationToken: Stage.Cancel))).Status.ShouldBe(StatusCode.NotFound);

        await stage.As(stage.Author).SetThreadLockedAsync(new() { ArticleId = stage.Article.ToString(), Locked = true }, cancellationToken: Stage.Cancel);

        (await Stage.RefusalOf(() => stage.RespondAsync(Someone(), "Late.", response.Id))).Reason.ShouldBe("LOCKED");
        var list = await stage.ListAsync();
        (list.Locked, list.Responses.Count).ShouldBe((true, 1));
        await stage.As(stage.Author).SetThreadLockedAsync(new() { ArticleId = stage.Article.ToString() }, cancellationToken: Stage.Cancel);
        await stage.RespondAsync(Someone(), "Open again.");
    }

    [Fact]
    public async Task A_blocked_person_cannot_respond_to_the_author_or_answer_whoever_blocked_them()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, ben, cleo) = (Someone(), Someone(), Someone());
        var response = await stage.RespondAsync(ada, "Hello.");
        await stage.BlockAsync(stage.Author, ben);
        await stage.BlockAsync(ada, cleo);

        (await Stage.RefusalOf(() => stage.RespondAsync(ben, "Hello?"))).Reason.ShouldBe("APART");
        (await Stage.RefusalOf(() => stage.RespondAsync(cleo, "Hello?", response.Id))).Reason.ShouldBe("APART");
        await stage.RespondAsync(cleo, "To the author, then.");
    }

    [Fact]
    public async Task People_who_are_muted_or_apart_are_left_out_of_what_one_sees_oneself()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, muted, blocking) = (Someone(), Someone(), Someone());
        await stage.RespondAsync(muted, "Noise.");
        var thread = await stage.RespondAsync(Someone(), "Sound.");
        await stage.RespondAsync(blocking, "Hiss.", thread.Id);
        await stage.MuteAsync(ada, muted);
        await stage.BlockAsync(blocking, ada);

        var seen = (await stage.ListAsync(ada)).Responses.ShouldHaveSingleItem();

        (seen.Html, seen.Replies.Count).ShouldBe(("<p>Sound.</p>", 0));
        (await stage.ListAsync()).Responses.Count.ShouldBe(2, "everyone else sees all of it");
    }

    [Fact]
    public async Task People_named_by_handle_are_told_in_the_event_without_oneself_and_without_those_who_are_apart()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, ben, cleo) = (Someone(), Someone(), Someone());
        var names = new[] { ada, ben, cleo }.Select(id => ("p" + id.ToString("N"), id)).ToArray();
        foreach (var (handle, id) in names) interactions.Neighbours.Handles[handle] = id;
        await stage.BlockAsync(cleo, ada);

        await stage.RespondAsync(ada, $"@{names[0].Item1} asks @{names[1].Item1} and @{names[2].Item1}, not @nobody-here or mail@{names[1].Item1}.");

        (await stage.ResponseEventsAsync()).Single().MentionedIds.ShouldBe([ben.ToString()]);
    }

    [Fact]
    public async Task Best_is_by_applause_and_newest_by_time_and_neither_repeats_nor_skips_over_pages()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var posted = new List<string>();
        for (var i = 0; i < 7; i++) posted.Add((await stage.RespondAsync(Someone(), $"Number {i}")).Id);
        await stage.ClapAsync(Someone(), 9, posted[2]);
        await stage.ClapAsync(Someone(), 40, posted[4]);
        var taken = Someone();
        await stage.ClapAsync(taken, 50, posted[0]);
        await stage.ClapAsync(taken, 0, posted[0]);

        (await PagesAsync(ResponseSort.Newest)).ShouldBe(Enumerable.Reverse(posted));
        (await PagesAsync(ResponseSort.Best)).ShouldBe([posted[4], posted[2], posted[6], posted[5], posted[3], posted[1], posted[0]]);
        var mine = await stage.ListAsync(taken);
        (mine.Responses[0].Claps, mine.Responses[0].MyClaps).ShouldBe((40, 0));

        async Task<List<string>> PagesAsync(ResponseSort sort)
        {
            var (seen, token) = (new List<string>(), "");
            do
            {
                var page = await stage.ListAsync(sort: sort, size: 3, token: token);
                seen.AddRange(page.Responses.Select(r => r.Id));
                token = page.NextPageToken;
            }
            while (token != "");
            return seen;
        }
    }

    [Fact]
    public async Task The_first_answers_come_along_and_the_others_page_by_page_in_the_order_they_were_given()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var top = await stage.RespondAsync(Someone(), "Count.");
        var answers = new List<string>();
        for (var i = 0; i < 8; i++) answers.Add((await stage.RespondAsync(Someone(), $"{i}", top.Id)).Id);

        var shown = (await stage.ListAsync()).Responses.Single();
        var rest = await stage.ListAsync(parent: top.Id, token: shown.NextRepliesToken);

        shown.Replies.Concat(rest.Responses).Select(r => r.Id).ShouldBe(answers);
        (shown.Replies.Count, rest.NextPageToken).ShouldBe((3, ""));
    }

    [Fact]
    public async Task A_page_token_of_another_list_is_refused()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        (await Stage.RefusalOf(() => stage.ListAsync(token: "nonsense"))).Field.ShouldBe("page_token");
        (await Stage.RefusalOf(() => stage.ListAsync(sort: ResponseSort.Newest, token: "nonsense"))).Field.ShouldBe("page_token");
    }
}
