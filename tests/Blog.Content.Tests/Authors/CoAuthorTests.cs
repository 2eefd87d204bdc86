using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class CoAuthorTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ada = Guid.CreateVersion7();
    readonly Guid bo = Guid.CreateVersion7();
    readonly Guid cem = Guid.CreateVersion7();

    async Task<Invitation> InviteAsync(Guid inviter, string article, Guid person) =>
        (await content.AuthorsAs(inviter).InviteAuthorAsync(new() { ArticleId = article, PersonId = person.ToString() })).Invitation;

    async Task JoinAsync(Guid inviter, string article, Guid person) =>
        await content.InvitationsOf(person).AcceptInvitationAsync(new() { Id = (await InviteAsync(inviter, article, person)).Id });

    async Task<string[]> RemoveAsync(Guid me, string article, Guid person) =>
        [.. (await content.AuthorsAs(me).RemoveAuthorAsync(new() { ArticleId = article, PersonId = person.ToString() })).AuthorIds];

    async Task<Article> NowAsync(Guid person, string id) => (await content.As(person).GetArticleAsync(new() { Id = id })).Article;

    async Task<string[]> OfAuthorAsync(Guid author) =>
        [.. (await content.Anonymous.ListPublishedArticlesAsync(new() { AuthorId = author.ToString() })).Articles.Select(article => article.Id)];

    [Fact]
    public async Task Who_is_asked_becomes_an_author_only_by_agreeing()
    {
        var draft = await content.As(ada).DraftAsync(Written("Two hands"));
        var invitation = await InviteAsync(ada, draft.Id, bo);
        (await InviteAsync(ada, draft.Id, bo)).ShouldBe(invitation);
        (await FailureOf(content.As(bo).GetArticleAsync(new() { Id = draft.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(content.InvitationsOf(cem).AcceptInvitationAsync(new() { Id = invitation.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await content.InvitationsOf(bo).ListMyInvitationsAsync(new())).Invitations.ShouldHaveSingleItem().ArticleTitle.ShouldBe("Two hands");

        await content.InvitationsOf(bo).AcceptInvitationAsync(new() { Id = invitation.Id });
        (await content.InvitationsOf(bo).ListMyInvitationsAsync(new())).Invitations.ShouldBeEmpty();
        var mine = await NowAsync(bo, draft.Id);
        (mine.AuthorId, mine.CoAuthorIds.ShouldHaveSingleItem()).ShouldBe((ada.ToString(), bo.ToString()));
        (await content.As(bo).ListMyArticlesAsync(new())).Articles.ShouldHaveSingleItem().Id.ShouldBe(draft.Id);
        var text = await new V1.Texts.TextsClient(content.Host.CallInvoker(content.Issuer.ServiceToken("search"))).BatchGetDraftTextsAsync(new() { Keys = { new DraftKey { AuthorId = ada.ToString(), ArticleId = draft.Id } } });
        text.Texts.ShouldHaveSingleItem().CoAuthorIds.ShouldBe([bo.ToString()]);
        (await FailureOf(content.InvitationsOf(bo).AcceptInvitationAsync(new() { Id = invitation.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task All_authors_edit_and_publish_and_readers_see_the_whole_byline()
    {
        var draft = await content.As(ada).DraftAsync(Written("Equal rights", "First.", "Harbours"));
        await JoinAsync(ada, draft.Id, bo);
        await JoinAsync(bo, draft.Id, cem);
        var edited = await content.As(cem).EditedAsync(await NowAsync(cem, draft.Id), text => text.Markdown = "Second.");
        var published = (await content.As(bo).PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = edited.Revision })).Article;

        var read = (await content.Anonymous.ReadAsync(ada.ToString(), published.PublishedSlug)).Article;
        read.Html.ShouldBe("<p>Second.</p>");
        read.Summary.CoAuthorIds.ShouldBe([bo.ToString(), cem.ToString()]);
        foreach (var author in (Guid[])[ada, bo, cem])
            (await OfAuthorAsync(author)).ShouldBe([draft.Id]);
        (await content.Anonymous.ListPublishedArticlesAsync(new() { AuthorId = cem.ToString(), TopicSlug = "harbours" })).Articles.Count.ShouldBe(1);
        (await content.EventsOfAsync(draft.Id))[^1].AuthorIds.ShouldBe([ada.ToString(), bo.ToString(), cem.ToString()]);

        var unpublished = (await content.As(cem).UnpublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = published.Revision })).Article;
        (await OfAuthorAsync(bo)).ShouldBeEmpty();
        (await FailureOf(content.As(ada).DeleteArticleAsync(new() { Id = draft.Id, ExpectedRevision = unpublished.Revision }))).Reason().ShouldBe("HAS_CO_AUTHORS");
    }

    [Fact]
    public async Task A_byline_that_changes_after_publication_is_told_without_the_words_that_are_not_published()
    {
        var article = await content.As(ada).PublishedAsync(Written("Later together"));
        await content.As(ada).EditedAsync(article, text => text.Title = "Not yet");
        await JoinAsync(ada, article.Id, bo);
        var told = (await content.EventsOfAsync(article.Id))[^1];
        (told.Change, told.Title, told.AuthorIds.Count).ShouldBe((Events.V1.ArticleChanged.Types.Change.Updated, "Later together", 2));
        (await content.Anonymous.GetPublishedTextAsync(new() { Id = article.Id })).Revision.ShouldBe(told.Revision);
        (await OfAuthorAsync(bo)).ShouldBe([article.Id]);

        (await RemoveAsync(bo, article.Id, bo)).ShouldBe([ada.ToString()]);
        (await content.EventsOfAsync(article.Id))[^1].FormerAuthorIds.ShouldBe([bo.ToString()]);
        (await OfAuthorAsync(bo)).ShouldBeEmpty();
        (await FailureOf(content.As(bo).GetArticleAsync(new() { Id = article.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task When_the_first_author_leaves_the_next_one_takes_the_article_and_old_addresses_lead_there()
    {
        var article = await content.As(ada).PublishedAsync(Written("Handed over", "Words.", "Harbours"));
        var other = await content.As(bo).PublishedAsync(Written("Handed over"));
        await JoinAsync(ada, article.Id, bo);
        await JoinAsync(ada, article.Id, cem);

        (await RemoveAsync(ada, article.Id, ada)).ShouldBe([bo.ToString(), cem.ToString()]);
        var moved = await NowAsync(cem, article.Id);
        (moved.AuthorId, moved.PublishedSlug).ShouldBe((bo.ToString(), "handed-over-2"));
        var answer = await content.Anonymous.ReadAsync(ada.ToString(), "handed-over");
        (answer.MovedToAuthorId, answer.MovedToSlug).ShouldBe((bo.ToString(), "handed-over-2"));
        (await content.Anonymous.ReadAsync(bo.ToString(), "handed-over-2")).Article.Summary.CoAuthorIds.ShouldBe([cem.ToString()]);
        (await content.Anonymous.ReadAsync(bo.ToString(), "handed-over")).Article.Summary.Id.ShouldBe(other.Id);
        (await OfAuthorAsync(ada)).ShouldBeEmpty();
        (await OfAuthorAsync(bo)).ShouldBe([other.Id, article.Id], ignoreOrder: true);
        (await content.EventsOfAsync(article.Id))[^1].ShouldSatisfyAllConditions(
            told => told.AuthorId.ShouldBe(bo.ToString()), told => told.FormerAuthorIds.ShouldBe([ada.ToString()]), told => told.FormerSlug.ShouldBe("handed-over"));

        var again = await content.As(cem).RepublishedAsync(moved, text => text.Markdown = "Newer.");
        again.PublishedSlug.ShouldBe("handed-over-2");
        await RemoveAsync(bo, article.Id, cem);
        (await FailureOf(content.AuthorsAs(bo).RemoveAuthorAsync(new() { ArticleId = article.Id, PersonId = bo.ToString() }))).Reason().ShouldBe("LAST_AUTHOR");
    }

    [Fact]
    public async Task Only_the_first_author_removes_others_and_nobody_is_asked_twice()
    {
        var draft = await content.As(ada).DraftAsync(Written("Manners"));
        await JoinAsync(ada, draft.Id, bo);
        (await FailureOf(content.AuthorsAs(bo).RemoveAuthorAsync(new() { ArticleId = draft.Id, PersonId = ada.ToString() }))).Reason().ShouldBe("NOT_FIRST_AUTHOR");
        (await FailureOf(content.AuthorsAs(bo).InviteAuthorAsync(new() { ArticleId = draft.Id, PersonId = ada.ToString() }))).Reason().ShouldBe("ALREADY_AUTHOR");

        var invitation = await InviteAsync(bo, draft.Id, cem);
        await content.InvitationsOf(cem).DeclineInvitationAsync(new() { Id = invitation.Id });
        (await FailureOf(content.AuthorsAs(ada).InviteAuthorAsync(new() { ArticleId = draft.Id, PersonId = cem.ToString() }))).Reason().ShouldBe("DECLINED");
        (await content.AuthorsAs(ada).ListAuthorsAsync(new() { ArticleId = draft.Id })).Invitations.ShouldBeEmpty();
        (await FailureOf(content.AuthorsAs(cem).ListAuthorsAsync(new() { ArticleId = draft.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task An_invitation_can_be_withdrawn_and_blocked_people_cannot_be_asked()
    {
        var draft = await content.As(ada).DraftAsync(Written("Taken back"));
        var invitation = await InviteAsync(ada, draft.Id, bo);
        (await FailureOf(content.InvitationsOf(cem).WithdrawInvitationAsync(new() { Id = invitation.Id, InviteeId = bo.ToString() }))).StatusCode.ShouldBe(StatusCode.NotFound);
        await content.InvitationsOf(ada).WithdrawInvitationAsync(new() { Id = invitation.Id, InviteeId = bo.ToString() });
        (await FailureOf(content.InvitationsOf(bo).AcceptInvitationAsync(new() { Id = invitation.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);

        content.Barriers[cem.ToString()] = true;
        (await FailureOf(content.AuthorsAs(ada).InviteAuthorAsync(new() { ArticleId = draft.Id, PersonId = cem.ToString() }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_story_has_at_most_ten_authors_with_those_who_were_asked()
    {
        var draft = await content.As(ada).DraftAsync(Written("Crowd"));
        for (var asked = 1; asked < 10; asked++)
            await InviteAsync(ada, draft.Id, Guid.CreateVersion7());
        (await FailureOf(content.AuthorsAs(ada).InviteAuthorAsync(new() { ArticleId = draft.Id, PersonId = bo.ToString() }))).Reason().ShouldBe("TOO_MANY_AUTHORS");
    }

    [Fact]
    public async Task Pages_of_an_author_neither_repeat_nor_skip_what_was_written_with_others()
    {
        var expected = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var article = await content.As(i % 2 == 0 ? bo : ada).PublishedAsync(Written($"Page {i}"));
            if (i % 2 == 1)
                await JoinAsync(ada, article.Id, bo);
            expected.Insert(0, article.Id);
        }
        var (found, token) = (new List<string>(), "");
        do
        {
            var page = await content.Anonymous.ListPublishedArticlesAsync(new() { AuthorId = bo.ToString(), PageSize = 2, PageToken = token });
            found.AddRange(page.Articles.Select(article => article.Id));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        found.ShouldBe(expected);
    }
}
