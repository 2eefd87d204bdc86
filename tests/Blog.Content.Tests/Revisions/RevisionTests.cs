using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Npgsql;
using static Blog.Content.Tests.Calls;
using Revision = Blog.Content.V1.Revision;
using RevisionReason = Blog.Content.V1.RevisionReason;

namespace Blog.Content.Tests.Revisions;

/// <summary>What an article was can be seen, named and brought back.</summary>
public sealed class RevisionTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    V1.Revisions.RevisionsClient Versions => new(content.Host.CallInvoker(content.Issuer.PersonToken(ines)));

    async Task<Revision[]> HistoryAsync(Article article) => [.. (await Versions.ListRevisionsAsync(new() { ArticleId = article.Id, PageSize = 100 })).Revisions];

    async Task<string> TextAsync(Article article, long number) => (await Versions.GetRevisionAsync(new() { ArticleId = article.Id, Number = number })).Content.Markdown;

    [Fact]
    public async Task Publishing_unpublishing_and_saving_keep_what_was_written_and_say_who_when_and_why()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Kept", "First words."));
        article = await mine.EditedAsync(article, c => c.Markdown = "Second words.");
        await Versions.SaveRevisionAsync(new() { ArticleId = article.Id, ExpectedRevision = article.Revision, Name = "  Before the\nreview " });
        article = (await mine.UnpublishArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision })).Article;

        var history = await HistoryAsync(article);

        history.Select(r => (r.Reason, r.Name, r.Current)).ShouldBe(
            [(RevisionReason.Unpublished, "", true), (RevisionReason.Saved, "Before the review", false), (RevisionReason.Published, "", false)]);
        history.ShouldAllBe(r => r.PersonId == ines.ToString() && r.Title == "Kept" && r.WordCount == 2 && r.CreateTime != null);
        (await TextAsync(article, history[1].Number)).ShouldBe("Second words.");
        (await TextAsync(article, history[2].Number)).ShouldBe("First words.");
    }

    [Fact]
    public async Task What_readers_have_is_marked_until_they_have_something_else()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Live", "One."));
        (await HistoryAsync(article)).ShouldHaveSingleItem().Live.ShouldBeTrue();

        article = await mine.RepublishedAsync(article, c => c.Markdown = "Two.");

        (await HistoryAsync(article)).Select(r => r.Live).ShouldBe([true, false]);
    }

    [Fact]
    public async Task The_working_copy_is_the_newest_version_although_nothing_was_kept()
    {
        var article = await content.As(ines).DraftAsync(Written("Young", "Only a draft."));

        var working = (await HistoryAsync(article)).ShouldHaveSingleItem();

        (working.Number, working.Current, working.Reason).ShouldBe((article.Revision, true, RevisionReason.Unspecified));
        (await TextAsync(article, working.Number)).ShouldBe("Only a draft.");
    }

    [Fact]
    public async Task Restoring_is_a_change_that_can_be_undone()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Regrets", "The good text."));
        var good = article.Revision;
        article = await mine.EditedAsync(article, c => (c.Markdown, c.Title) = ("A bad idea.", "Worse"));

        var restored = await Versions.RestoreRevisionAsync(new() { ArticleId = article.Id, Number = good, ExpectedRevision = article.Revision });

        var now = (await mine.GetArticleAsync(new() { Id = article.Id })).Article;
        (now.Content.Markdown, now.Content.Title, now.Revision).ShouldBe(("The good text.", "Regrets", restored.Revision.Number));
        (await HistoryAsync(now)).Select(r => (r.Reason, r.RestoredNumber)).ShouldBe([(RevisionReason.Restored, good), (RevisionReason.Replaced, 0L), (RevisionReason.Published, 0L)]);

        var undone = await Versions.RestoreRevisionAsync(new() { ArticleId = article.Id, Number = restored.ReplacedNumber, ExpectedRevision = now.Revision });
        now = (await mine.GetArticleAsync(new() { Id = article.Id })).Article;
        (now.Content.Markdown, now.Content.Title, now.Revision).ShouldBe(("A bad idea.", "Worse", undone.Revision.Number));
    }

    [Fact]
    public async Task Restoring_what_is_there_already_changes_nothing()
    {
        var article = await content.As(ines).PublishedAsync(Written("Same", "As it is."));

        var answer = await Versions.RestoreRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision, ExpectedRevision = article.Revision });

        (answer.Revision.Number, answer.ReplacedNumber).ShouldBe((article.Revision, article.Revision));
        (await HistoryAsync(article)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_stale_restore_or_save_changes_nothing_and_says_so()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Contested", "One."));
        var edited = await mine.EditedAsync(article, c => c.Markdown = "Two.");

        var restore = await FailureOf(Versions.RestoreRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision, ExpectedRevision = article.Revision }));
        var save = await FailureOf(Versions.SaveRevisionAsync(new() { ArticleId = article.Id, ExpectedRevision = article.Revision }));

        (restore.StatusCode, restore.Reason(), restore.Detail<Article>()!.Revision).ShouldBe((StatusCode.Aborted, "STALE_REVISION", edited.Revision));
        save.Reason().ShouldBe("STALE_REVISION");
        (await mine.GetArticleAsync(new() { Id = article.Id })).Article.Content.Markdown.ShouldBe("Two.");
    }

    [Fact]
    public async Task A_command_with_a_key_is_carried_out_once()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Once", "One."));
        var edited = await mine.EditedAsync(article, c => c.Markdown = "Two.");
        var (request, key) = (new RestoreRevisionRequest { ArticleId = article.Id, Number = article.Revision, ExpectedRevision = edited.Revision }, Guid.NewGuid().ToString());

        var first = await Versions.RestoreRevisionAsync(request, new Metadata { { "idempotency-key", key } });

        (await Versions.RestoreRevisionAsync(request, new Metadata { { "idempotency-key", key } })).ShouldBe(first);
        (await HistoryAsync(article)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_name_is_given_changed_and_taken_away_and_is_not_too_long()
    {
        var article = await content.As(ines).PublishedAsync(Written("Named", "One."));
        async Task<string> NameAsync(string name) => (await Versions.NameRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision, Name = name })).Revision.Name;

        (await NameAsync("As sent to Jun")).ShouldBe("As sent to Jun");
        (await HistoryAsync(article))[0].Name.ShouldBe("As sent to Jun");
        (await NameAsync("")).ShouldBe("");
        (await FailureOf(Versions.NameRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision, Name = new string('x', 101) }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await FailureOf(Versions.NameRevisionAsync(new() { ArticleId = article.Id, Number = 999, Name = "x" }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Naming_the_working_copy_keeps_it()
    {
        var mine = content.As(ines);
        var article = await mine.DraftAsync(Written("Draft", "As it was."));
        await Versions.NameRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision, Name = "Start" });

        var edited = await mine.EditedAsync(article, c => c.Markdown = "As it is.");

        (await HistoryAsync(edited)).Select(r => (r.Name, r.Reason)).ShouldBe([("", RevisionReason.Unspecified), ("Start", RevisionReason.Saved)]);
    }

    [Fact]
    public async Task Long_histories_come_in_pages_that_neither_repeat_nor_skip_and_every_text_is_as_it_was()
    {
        var mine = content.As(ines);
        var article = await mine.DraftAsync(Written("Long", "Start."));
        var written = new Dictionary<long, string>();
        for (var i = 0; i < 75; i++)
        {
            article = await mine.EditedAsync(article, c => c.Markdown = i % 9 == 0 ? $"All new, the {i}th time." : c.Markdown + $"\n\nParagraph {i}.");
            await Versions.SaveRevisionAsync(new() { ArticleId = article.Id, ExpectedRevision = article.Revision });
            written[article.Revision] = article.Content.Markdown;
        }

        var (seen, token) = (new List<long>(), "");
        do
        {
            var page = await Versions.ListRevisionsAsync(new() { ArticleId = article.Id, PageSize = 20, PageToken = token });
            seen.AddRange(page.Revisions.Select(r => r.Number));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        seen.ShouldBe(written.Keys.OrderDescending());
        foreach (var (number, text) in written)
            (await TextAsync(article, number)).ShouldBe(text);
        (await FailureOf(Versions.ListRevisionsAsync(new() { ArticleId = article.Id, PageToken = "nonsense" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Nobody_else_sees_or_touches_the_history()
    {
        var article = await content.As(ines).PublishedAsync(Written("Private", "Mine."));
        var others = new V1.Revisions.RevisionsClient(content.Host.CallInvoker(content.Issuer.PersonToken(Guid.CreateVersion7())));

        foreach (var call in new[]
        {
            FailureOf(others.ListRevisionsAsync(new() { ArticleId = article.Id })),
            FailureOf(others.GetRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision })),
            FailureOf(others.SaveRevisionAsync(new() { ArticleId = article.Id, ExpectedRevision = article.Revision })),
            FailureOf(others.NameRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision, Name = "x" })),
            FailureOf(others.RestoreRevisionAsync(new() { ArticleId = article.Id, Number = article.Revision, ExpectedRevision = article.Revision })),
        })
            (await call).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(new V1.Revisions.RevisionsClient(content.Host.CallInvoker()).ListRevisionsAsync(new() { ArticleId = article.Id }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Of_saves_and_restores_at_the_same_moment_every_kept_text_can_be_read()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Crowd", "Start."));
        var first = article.Revision;
        for (var round = 0; round < 5; round++)
        {
            article = await mine.EditedAsync(article, c => c.Markdown += $" Round {round}.");
            await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
            {
                try
                {
                    if (i % 2 == 0)
                        await Versions.SaveRevisionAsync(new() { ArticleId = article.Id, ExpectedRevision = article.Revision });
                    else
                        await Versions.RestoreRevisionAsync(new() { ArticleId = article.Id, Number = first, ExpectedRevision = article.Revision });
                }
                catch (RpcException problem) when (problem.StatusCode == StatusCode.Aborted)
                {
                    // Another was first.
                }
            }));
            article = (await mine.GetArticleAsync(new() { Id = article.Id })).Article;
        }
        foreach (var revision in await HistoryAsync(article))
            (await TextAsync(article, revision.Number)).ShouldStartWith("Start.");
    }

    [Fact]
    public async Task Deleting_an_article_deletes_its_history()
    {
        var mine = content.As(ines);
        var article = await mine.PublishedAsync(Written("Forgotten", "Gone."));
        await mine.DeleteArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision });

        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from revisions where article_id = $1");
        command.Parameters.Add(new() { Value = Guid.Parse(article.Id) });
        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task An_import_is_kept_as_what_it_was()
    {
        var request = new ImportArticleRequest { AuthorId = ines.ToString(), Source = "test:one.md", Content = Written("Imported", "From elsewhere.") };
        var article = (await content.Service.ImportArticleAsync(request)).Article;
        request.Content.Markdown = "From elsewhere, corrected.";
        article = (await content.Service.ImportArticleAsync(request)).Article;

        var history = await HistoryAsync(article);

        history.Select(r => r.Reason).ShouldBe([RevisionReason.Imported, RevisionReason.Imported]);
        (await TextAsync(article, history[1].Number)).ShouldBe("From elsewhere.");
    }
}
