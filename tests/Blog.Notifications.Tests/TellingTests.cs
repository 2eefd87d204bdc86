using Blog.Events.V1;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Tests;

public sealed class TellingTests(NotificationsFixture blog) : IClassFixture<NotificationsFixture>
{
    static Guid Someone() => Guid.CreateVersion7();

    [Fact]
    public async Task A_new_follower_is_told_of_once_and_forgotten_when_they_leave()
    {
        var (ana, ben) = (Someone(), Someone());
        await blog.FollowAsync(ben, ana);
        var told = (await blog.ListAsync(ana)).ShouldHaveSingleItem();
        told.Kind.ShouldBe(NotificationKind.NewFollower);
        told.ActorIds.ShouldBe([ben.ToString()]);
        told.Unread.ShouldBeTrue();
        (await blog.BellAsync(ana)).Unseen.ShouldBe(1);

        await blog.FollowAsync(ben, ana, following: false);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
        (await blog.BellAsync(ana)).ShouldSatisfyAllConditions(b => b.Unread.ShouldBe(0), b => b.Unseen.ShouldBe(0));
    }

    [Fact]
    public async Task Whoever_unfollows_and_follows_again_does_not_ring_twice()
    {
        var (ana, ben) = (Someone(), Someone());
        await blog.FollowAsync(ben, ana);
        await blog.As(ana).MarkReadAsync(new() { UpToPosition = long.MaxValue });
        await blog.FollowAsync(ben, ana, following: false);
        await blog.FollowAsync(ben, ana);
        (await blog.ListAsync(ana)).ShouldHaveSingleItem().Unread.ShouldBeFalse();
        (await blog.BellAsync(ana)).Unread.ShouldBe(0);
    }

    [Fact]
    public async Task Thirteen_people_who_clap_are_one_row_that_is_unread_again_with_each()
    {
        var (ana, article) = (Someone(), Someone());
        var readers = Enumerable.Range(0, 13).Select(_ => Someone()).ToArray();
        foreach (var reader in readers[..12])
            await blog.ClapAsync(reader, article, ana);
        await blog.As(ana).MarkReadAsync(new() { UpToPosition = long.MaxValue });
        (await blog.BellAsync(ana)).Unread.ShouldBe(0);

        await blog.ClapAsync(readers[12], article, ana);
        var group = (await blog.ListAsync(ana)).ShouldHaveSingleItem();
        group.ActorCount.ShouldBe(13);
        group.ActorIds.ShouldBe(readers.Reverse().Take(3).Select(id => id.ToString()));
        group.Unread.ShouldBeTrue();
        (await blog.BellAsync(ana)).ShouldSatisfyAllConditions(b => b.Unread.ShouldBe(1), b => b.Unseen.ShouldBe(1));
    }

    [Fact]
    public async Task What_came_in_from_somebody_without_an_account_here_tells_nobody()
    {
        var (ben, article) = (Someone(), Someone());
        await blog.ClapAsync(ben, article, Guid.Empty);
        (await blog.InDatabaseAsync(db => db.Database.SqlQuery<int>($"select 1 as \"Value\" from notifications where person_id = {Guid.Empty} union all select 1 from tellings where person_id = {Guid.Empty}").CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task More_claps_of_one_person_are_no_news_and_none_any_more_take_them_out_of_the_group()
    {
        var (ana, article, ben, cleo) = (Someone(), Someone(), Someone(), Someone());
        await blog.ClapAsync(ben, article, ana);
        await blog.ClapAsync(cleo, article, ana);
        var before = await blog.BellAsync(ana);
        await blog.ClapAsync(ben, article, ana, count: 7, former: 1);
        (await blog.BellAsync(ana)).ShouldBe(before);

        await blog.ClapAsync(cleo, article, ana, count: 0, former: 1);
        (await blog.ListAsync(ana)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.ActorCount.ShouldBe(1), n => n.ActorIds.ShouldBe([ben.ToString()]));
        await blog.ClapAsync(ben, article, ana, count: 0, former: 7);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_group_takes_nobody_in_after_a_week()
    {
        var (ana, article) = (Someone(), Someone());
        await blog.ClapAsync(Someone(), article, ana);
        blog.Clock.Advance(TimeSpan.FromDays(8));
        await blog.ClapAsync(Someone(), article, ana);
        (await blog.ListAsync(ana)).Select(n => n.ActorCount).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task Two_highlights_of_one_reader_count_as_one_person_until_both_are_gone()
    {
        var (ana, article, ben, first, second) = (Someone(), Someone(), Someone(), Someone(), Someone());
        await blog.HighlightAsync(first, ben, article, ana);
        await blog.HighlightAsync(second, ben, article, ana);
        (await blog.ListAsync(ana)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.ActorCount.ShouldBe(1), n => n.Excerpt.ShouldBe("words worth keeping"));
        await blog.HighlightAsync(first, ben, article, ana, present: false);
        (await blog.ListAsync(ana)).ShouldHaveSingleItem().ActorCount.ShouldBe(1);
        await blog.HighlightAsync(second, ben, article, ana, present: false);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reply_tells_each_person_once_for_the_nearest_reason()
    {
        var (author, parent, named, writer, article, response) = (Someone(), Someone(), Someone(), Someone(), Someone(), Someone());
        await blog.ArticleAsync(article, author, title: "Wind");
        await blog.RespondAsync(response, writer, article, author, "so it is", parentAuthor: parent, mentioned: [named, parent, author, writer]);

        (await blog.ListAsync(parent)).ShouldHaveSingleItem().Kind.ShouldBe(NotificationKind.Reply);
        var told = (await blog.ListAsync(author)).ShouldHaveSingleItem();
        told.Kind.ShouldBe(NotificationKind.Response);
        told.Excerpt.ShouldBe("so it is");
        told.ResponseId.ShouldBe(response.ToString());
        told.Article.Title.ShouldBe("Wind");
        (await blog.ListAsync(named)).ShouldHaveSingleItem().Kind.ShouldBe(NotificationKind.Mention);
        (await blog.ListAsync(writer)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_edited_response_shows_its_new_words_and_names_its_new_people_and_a_deleted_one_is_taken_back()
    {
        var (author, old, fresh, writer, article, response) = (Someone(), Someone(), Someone(), Someone(), Someone(), Someone());
        await blog.RespondAsync(response, writer, article, author, "first words", mentioned: old);
        await blog.As(author).MarkReadAsync(new() { UpToPosition = long.MaxValue });
        await blog.RespondAsync(response, writer, article, author, "better words", ResponseChanged.Types.Change.Edited, mentioned: fresh);
        (await blog.ListAsync(author)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Excerpt.ShouldBe("better words"), n => n.Unread.ShouldBeFalse());
        (await blog.ListAsync(old)).ShouldBeEmpty();
        (await blog.ListAsync(fresh)).Count.ShouldBe(1);

        await blog.RespondAsync(response, writer, article, author, "", ResponseChanged.Types.Change.Deleted);
        (await blog.ListAsync(author)).ShouldBeEmpty();
        (await blog.ListAsync(fresh)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_told_of_their_own_acts()
    {
        var (ana, article) = (Someone(), Someone());
        await blog.ClapAsync(ana, article, ana);
        await blog.RespondAsync(Someone(), ana, article, ana);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Muted_and_blocked_people_are_not_told_of_and_a_block_takes_back_what_was()
    {
        var (ana, muted, blocked, blocker, article) = (Someone(), Someone(), Someone(), Someone(), Someone());
        await blog.RelateAsync(ana, muted, muted: true);
        await blog.RelateAsync(blocker, ana, blocked: true);
        await blog.ClapAsync(muted, article, ana);
        await blog.ClapAsync(blocker, article, ana);
        (await blog.ListAsync(ana)).ShouldBeEmpty();

        await blog.ClapAsync(blocked, article, ana);
        await blog.RespondAsync(Someone(), blocked, article, ana);
        (await blog.ListAsync(ana)).Count.ShouldBe(2);
        await blog.RelateAsync(ana, blocked, blocked: true);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
        (await blog.BellAsync(ana)).Unread.ShouldBe(0);
    }

    [Fact]
    public async Task A_muted_article_is_quiet_until_it_is_unmuted()
    {
        var (ana, article) = (Someone(), Someone());
        await blog.ArticleAsync(article, ana);
        await blog.As(ana).MuteArticleAsync(new() { ArticleId = article.ToString() });
        await blog.RespondAsync(Someone(), Someone(), article, ana);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
        (await blog.As(ana).ListMutedArticlesAsync(new())).Articles.ShouldHaveSingleItem().Title.ShouldBe("On kestrels");

        await blog.As(ana).UnmuteArticleAsync(new() { ArticleId = article.ToString() });
        await blog.RespondAsync(Someone(), Someone(), article, ana);
        (await blog.ListAsync(ana)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Followers_are_told_of_a_first_publication_in_chunks_and_untold_when_it_is_taken_away()
    {
        var (author, article, imported) = (Someone(), Someone(), Someone());
        var followers = Enumerable.Range(0, 1203).Select(_ => Someone()).ToArray();
        await blog.InDatabaseAsync(async db =>
        {
            db.AddRange(followers.Select(follower => new ReadModels.Follow { AuthorId = author, FollowerId = follower }));
            return await db.SaveChangesAsync();
        });
        await blog.ArticleAsync(imported, author, imported: true);
        await blog.ArticleAsync(article, author);
        await blog.ArticleAsync(article, author, ArticleChanged.Types.Change.Updated, revision: 2);
        foreach (var follower in (Guid[])[followers[0], followers[600], followers[1202]])
            (await blog.ListAsync(follower)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                n => n.Kind.ShouldBe(NotificationKind.ArticlePublished), n => n.Article.Id.ShouldBe(article.ToString()), n => n.ActorIds.ShouldBe([author.ToString()]));

        await blog.ArticleAsync(article, author, ArticleChanged.Types.Change.Unpublished, revision: 3);
        (await blog.BellAsync(followers[1202])).Unread.ShouldBe(0);
        (await blog.ListAsync(followers[0])).ShouldBeEmpty();
        await blog.ArticleAsync(article, author, revision: 4);
        (await blog.ListAsync(followers[0])).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_invitation_is_told_until_it_is_answered_and_a_refusal_is_told_to_nobody()
    {
        var (ada, bo, article) = (Someone(), Someone(), Someone());
        Task InviteAsync(Guid invitation, InvitationChanged.Types.Change change) => blog.HappensAsync(Topics.Invitations, bo, new InvitationChanged
        {
            InvitationId = invitation.ToString(), InviterId = ada.ToString(), InviteeId = bo.ToString(), ArticleId = article.ToString(), Subject = "Two hands", Change = change,
        });
        var (first, second) = (Someone(), Someone());
        await InviteAsync(first, InvitationChanged.Types.Change.Sent);
        (await blog.ListAsync(bo)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Kind.ShouldBe(NotificationKind.Invitation), n => n.Excerpt.ShouldBe("Two hands"));
        await InviteAsync(first, InvitationChanged.Types.Change.Accepted);
        (await blog.ListAsync(bo)).ShouldBeEmpty();
        (await blog.ListAsync(ada)).ShouldHaveSingleItem().Kind.ShouldBe(NotificationKind.InvitationAccepted);

        await InviteAsync(second, InvitationChanged.Types.Change.Sent);
        await InviteAsync(second, InvitationChanged.Types.Change.Declined);
        (await blog.ListAsync(bo)).ShouldBeEmpty();
        (await blog.ListAsync(ada)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Editors_are_told_of_a_submission_while_it_waits_and_its_author_of_the_answer()
    {
        var (editor, other, writer, submission) = (Someone(), Someone(), Someone(), Someone());
        Task SubmitAsync(SubmissionChanged.Types.State state) => blog.HappensAsync(Topics.Submissions, submission, new SubmissionChanged
        {
            SubmissionId = submission.ToString(), PublicationId = Someone().ToString(), ArticleId = Someone().ToString(), AuthorId = writer.ToString(),
            EditorIds = { editor.ToString(), other.ToString() }, State = state, AnsweredBy = state == SubmissionChanged.Types.State.Waiting ? "" : editor.ToString(), Title = "First light",
        });
        await SubmitAsync(SubmissionChanged.Types.State.Waiting);
        (await blog.ListAsync(other)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Kind.ShouldBe(NotificationKind.Submission), n => n.SubjectId.ShouldBe(submission.ToString()));
        await SubmitAsync(SubmissionChanged.Types.State.SentBack);
        (await blog.ListAsync(editor)).ShouldBeEmpty();
        (await blog.ListAsync(other)).ShouldBeEmpty();
        (await blog.ListAsync(writer)).ShouldHaveSingleItem().Kind.ShouldBe(NotificationKind.SubmissionAnswered);
    }

    [Fact]
    public async Task All_authors_are_told_when_their_story_did_not_go_out_at_its_time()
    {
        var (ada, bo, article) = (Someone(), Someone(), Someone());
        await blog.HappensAsync(Topics.Schedules, article, new ScheduleMissed { ArticleId = article.ToString(), AuthorIds = { ada.ToString(), bo.ToString() }, Title = "Morning", Problem = "Write something." });
        foreach (var author in new[] { ada, bo })
            (await blog.ListAsync(author)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                n => n.Kind.ShouldBe(NotificationKind.ScheduleMissed), n => n.Excerpt.ShouldBe("Morning"), n => n.SubjectId.ShouldBe(article.ToString()));
    }

    [Fact]
    public async Task Comments_on_a_draft_ring_once_until_they_are_seen_and_not_for_the_author_who_made_them()
    {
        var (ada, bo, article, link) = (Someone(), Someone(), Someone(), Someone());
        Task SayAsync(Guid comment, string text, Guid? person = null, bool present = true) => blog.HappensAsync(Topics.Reviews, article, new ReviewCommented
        {
            CommentId = comment.ToString(), ArticleId = article.ToString(), AuthorIds = { ada.ToString(), bo.ToString() }, LinkId = link.ToString(),
            PersonId = person?.ToString() ?? "", GuestName = person is null ? "Grace" : "", Excerpt = text, Title = "Harbour", Present = present,
        });
        var (first, second) = (Someone(), Someone());
        await SayAsync(first, "A typo.");
        await SayAsync(second, "Another typo.");
        (await blog.ListAsync(ada)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            n => n.Kind.ShouldBe(NotificationKind.ReviewComment), n => n.Excerpt.ShouldBe("Grace: Another typo."), n => n.SubjectId.ShouldBe(article.ToString()), n => n.ActorCount.ShouldBe(1));
        (await blog.BellAsync(ada)).Unseen.ShouldBe(1);

        await SayAsync(Someone(), "I see to it.", bo);
        (await blog.ListAsync(ada)).ShouldHaveSingleItem().ActorCount.ShouldBe(2);
        (await blog.ListAsync(bo)).ShouldHaveSingleItem().ActorCount.ShouldBe(1);

        // What is taken back is not quoted any more.
        await SayAsync(second, "Another typo.", present: false);
        (await blog.ListAsync(bo)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Excerpt.ShouldBe("Grace: A typo."), n => n.ActorCount.ShouldBe(1));
        (await blog.ListAsync(ada)).ShouldHaveSingleItem().Excerpt.ShouldBe("I see to it.");
        await SayAsync(first, "A typo.", present: false);
        (await blog.ListAsync(bo)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Followers_of_several_authors_are_told_once_and_the_authors_not_at_all()
    {
        var (ada, bo, reader, article) = (Someone(), Someone(), Someone(), Someone());
        await blog.FollowAsync(reader, ada);
        await blog.FollowAsync(reader, bo);
        await blog.FollowAsync(bo, ada);
        await blog.HappensAsync(Topics.Articles, article, new ArticleChanged
        {
            ArticleId = article.ToString(), AuthorId = ada.ToString(), AuthorIds = { ada.ToString(), bo.ToString() }, Change = ArticleChanged.Types.Change.Published, Slug = "two", Title = "Two hands", Revision = 2,
        });
        (await blog.ListAsync(reader)).Count(n => n.Kind == NotificationKind.ArticlePublished).ShouldBe(1);
        (await blog.ListAsync(bo)).ShouldNotContain(n => n.Kind == NotificationKind.ArticlePublished);
    }

    [Fact]
    public async Task Old_acts_are_no_news()
    {
        var (ana, article) = (Someone(), Someone());
        // Published before this service was there, seen for the first time now.
        await blog.InDatabaseAsync(async db =>
        {
            var telling = new Telling.PendingTelling
            {
                PersonId = ana, Act = Telling.TellingAct.Tell, Kind = NotificationKind.Claps, SubjectId = article, ActId = Someone(), ActorId = Someone(), Time = blog.Clock.GetUtcNow().AddDays(-30),
            };
            db.Add(telling);
            return await db.SaveChangesAsync();
        });
        await blog.ClapAsync(Someone(), Someone(), Someone());
        (await blog.ListAsync(ana)).ShouldBeEmpty();
    }
}
