using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;
using static Blog.Content.Tests.Calls;
using static Blog.Content.V1.AnswerSubmissionRequest.Types;

namespace Blog.Content.Tests;

public sealed class PublicationTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid owner = Guid.CreateVersion7();
    readonly Guid editor = Guid.CreateVersion7();
    readonly Guid writer = Guid.CreateVersion7();

    static PublicationInput Input(string? slug = null, string name = "Harbour Notes") => new() { Slug = slug ?? "h" + Guid.NewGuid().ToString("N")[..20], Name = name, Description = "What the tide brings." };

    async Task<Publication> BegunAsync() => (await content.PublicationsAs(owner).CreatePublicationAsync(new() { Publication = Input() })).Publication;

    async Task JoinAsync(Publication publication, Guid person, PublicationRole role)
    {
        var sent = (await content.PublicationsAs(owner).InviteMemberAsync(new() { PublicationId = publication.Id, PersonId = person.ToString(), Role = role })).Invitation;
        await content.InvitationsOf(person).AcceptInvitationAsync(new() { Id = sent.Id });
    }

    async Task<Publication> StaffedAsync()
    {
        var publication = await BegunAsync();
        await JoinAsync(publication, editor, PublicationRole.Editor);
        await JoinAsync(publication, writer, PublicationRole.Writer);
        return publication;
    }

    async Task<Submission> SubmittedAsync(Publication publication, Article article, Guid? author = null) =>
        (await content.PublicationsAs(author ?? writer).SubmitArticleAsync(new() { PublicationId = publication.Id, ArticleId = article.Id, Note = "Is it for you?" })).Submission;

    async Task<Submission> AnsweredAsync(Submission submission, Verdict verdict, string feedback = "", long? revision = null)
    {
        var seen = (await content.PublicationsAs(editor).GetSubmissionAsync(new() { Id = submission.Id })).ArticleRevision;
        return (await content.PublicationsAs(editor).AnswerSubmissionAsync(new() { Id = submission.Id, Verdict = verdict, Feedback = feedback, ArticleRevision = revision ?? seen })).Submission;
    }

    async Task<string[]> InsideAsync(Publication publication) =>
        [.. (await content.Anonymous.ListPublishedArticlesAsync(new() { PublicationId = publication.Id })).Articles.Select(article => article.Id)];

    async Task<Article> PublishedInsideAsync(Publication publication, string title)
    {
        var draft = await content.As(writer).DraftAsync(Written(title));
        await AnsweredAsync(await SubmittedAsync(publication, draft), Verdict.Publish);
        return (await content.As(writer).GetArticleAsync(new() { Id = draft.Id })).Article;
    }

    [Fact]
    public async Task A_publication_has_one_address_at_a_time_and_old_ones_lead_to_it_for_ever()
    {
        var publication = await BegunAsync();
        (await content.PublicationsAsAnybody.GetPublicationAsync(new() { Slug = publication.Slug.ToUpperInvariant() })).Publication.ShouldBe(publication);

        var renamed = Input(name: "Tide Tables");
        var changed = (await content.PublicationsAs(owner).UpdatePublicationAsync(new() { Id = publication.Id, Publication = renamed, ExpectedRevision = 1 })).Publication;
        (changed.Name, changed.Revision).ShouldBe(("Tide Tables", 2));
        (await content.PublicationsAsAnybody.GetPublicationAsync(new() { Slug = publication.Slug })).Publication.Slug.ShouldBe(renamed.Slug);
        (await FailureOf(content.PublicationsAs(writer).CreatePublicationAsync(new() { Publication = Input(publication.Slug) }))).Reason().ShouldBe("SLUG_TAKEN");

        var stale = await FailureOf(content.PublicationsAs(owner).UpdatePublicationAsync(new() { Id = publication.Id, Publication = Input(), ExpectedRevision = 1 }));
        (stale.Reason(), stale.Detail<Publication>()!.Slug).ShouldBe(("STALE_REVISION", renamed.Slug));
        (await FailureOf(content.PublicationsAs(writer).UpdatePublicationAsync(new() { Id = publication.Id, Publication = Input(), ExpectedRevision = 2 }))).Reason().ShouldBe("NOT_OWNER");
    }

    [Fact]
    public async Task Beginning_is_done_once_for_one_key_and_says_what_is_wrong_at_its_field()
    {
        var (key, request) = (Guid.NewGuid().ToString(), new CreatePublicationRequest { Publication = Input() });
        async Task<Publication> BeginAsync() => (await content.PublicationsAs(owner).CreatePublicationAsync(request, new Metadata { { "idempotency-key", key } })).Publication;
        (await BeginAsync()).ShouldBe(await BeginAsync());

        var problem = await FailureOf(content.PublicationsAs(owner).CreatePublicationAsync(new() { Publication = new() { Slug = "-No good-", Name = " ", Description = new string('x', 301) } }));
        problem.Detail<BadRequest>()!.FieldViolations.Select(violation => violation.Field).ShouldBe(["publication.slug", "publication.name", "publication.description"]);
    }

    [Fact]
    public async Task Editors_invite_writers_and_owners_anybody_and_nobody_joins_unasked()
    {
        var publication = await StaffedAsync();
        var newcomer = Guid.CreateVersion7();
        (await FailureOf(content.PublicationsAs(editor).InviteMemberAsync(new() { PublicationId = publication.Id, PersonId = newcomer.ToString(), Role = PublicationRole.Editor }))).Reason().ShouldBe("NOT_OWNER");
        (await FailureOf(content.PublicationsAs(writer).InviteMemberAsync(new() { PublicationId = publication.Id, PersonId = newcomer.ToString(), Role = PublicationRole.Writer }))).Reason().ShouldBe("NOT_ALLOWED");
        var sent = (await content.PublicationsAs(editor).InviteMemberAsync(new() { PublicationId = publication.Id, PersonId = newcomer.ToString(), Role = PublicationRole.Writer })).Invitation;
        (sent.PublicationName, sent.ArticleId).ShouldBe(("Harbour Notes", ""));
        (await content.PublicationsAsAnybody.ListMembersAsync(new() { PublicationId = publication.Id })).ShouldSatisfyAllConditions(
            list => list.Members.Select(member => member.Role).ShouldBe([PublicationRole.Owner, PublicationRole.Editor, PublicationRole.Writer]), list => list.Invitations.ShouldBeEmpty());
        (await content.PublicationsAs(writer).ListMembersAsync(new() { PublicationId = publication.Id })).Invitations.ShouldHaveSingleItem();

        content.Barriers[newcomer.ToString()] = true;
        (await FailureOf(content.PublicationsAs(owner).InviteMemberAsync(new() { PublicationId = publication.Id, PersonId = newcomer.ToString(), Role = PublicationRole.Writer }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(content.PublicationsAs(owner).InviteMemberAsync(new() { PublicationId = publication.Id, PersonId = writer.ToString(), Role = PublicationRole.Writer }))).Reason().ShouldBe("ALREADY_MEMBER");
    }

    [Fact]
    public async Task A_story_is_offered_sent_back_with_words_offered_again_and_published()
    {
        var publication = await StaffedAsync();
        var draft = await content.As(writer).DraftAsync(Written("First light", "Too short.", "Harbours"));
        var first = await SubmittedAsync(publication, draft);
        (await SubmittedAsync(publication, draft)).Id.ShouldBe(first.Id);
        (await content.PublicationsAs(editor).ListSubmissionsAsync(new() { PublicationId = publication.Id })).Submissions.ShouldHaveSingleItem().Note.ShouldBe("Is it for you?");
        (await FailureOf(content.PublicationsAs(writer).ListSubmissionsAsync(new() { PublicationId = publication.Id }))).Reason().ShouldBe("NOT_ALLOWED");
        (await content.PublicationsAs(editor).GetSubmissionAsync(new() { Id = first.Id })).ShouldSatisfyAllConditions(
            page => page.Html.ShouldBe("<p>Too short.</p>"), page => page.CanAnswer.ShouldBeTrue(), page => page.Published.ShouldBeFalse());

        (await FailureOf(content.PublicationsAs(editor).AnswerSubmissionAsync(new() { Id = first.Id, Verdict = Verdict.SendBack }))).Detail<BadRequest>()!.FieldViolations[0].Field.ShouldBe("feedback");
        (await AnsweredAsync(first, Verdict.SendBack, "Tell more of the harbour.")).State.ShouldBe(SubmissionState.SentBack);
        (await content.PublicationsAs(writer).GetSubmissionAsync(new() { Id = first.Id })).Submission.Feedback.ShouldBe("Tell more of the harbour.");
        // Answered: what the author goes on writing is theirs alone again.
        (await FailureOf(content.PublicationsAs(editor).GetSubmissionAsync(new() { Id = first.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);

        await content.As(writer).EditedAsync(draft, text => text.Markdown = "Long enough.");
        var second = await SubmittedAsync(publication, draft);
        second.Id.ShouldNotBe(first.Id);
        (await AnsweredAsync(second, Verdict.Publish)).State.ShouldBe(SubmissionState.Accepted);
        var published = (await content.Anonymous.ReadAsync(writer.ToString(), "first-light")).Article;
        (published.Html, published.Summary.PublicationId).ShouldBe(("<p>Long enough.</p>", publication.Id));
        (await InsideAsync(publication)).ShouldBe([draft.Id]);
        (await content.EventsOfAsync(draft.Id)).ShouldHaveSingleItem().PublicationId.ShouldBe(publication.Id);
        var history = await new V1.Revisions.RevisionsClient(content.Host.CallInvoker(content.Issuer.PersonToken(writer))).ListRevisionsAsync(new() { ArticleId = draft.Id });
        history.Revisions[0].ShouldSatisfyAllConditions(kept => kept.Reason.ShouldBe(RevisionReason.Published), kept => kept.PersonId.ShouldBe(editor.ToString()), kept => kept.Live.ShouldBeTrue());
        (await content.Anonymous.ListSyndicatedArticlesAsync(new() { PublicationId = publication.Id })).Articles.ShouldHaveSingleItem().Html.ShouldBe("<p>Long enough.</p>");
        (await content.Anonymous.ListPublicPagesAsync(new() { Kind = PublicPageKind.Publication, PageSize = 1000 })).Pages.Count(page => page.Slug == publication.Slug).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_published_that_its_editor_did_not_see_and_two_editors_do_not_answer_both()
    {
        var publication = await StaffedAsync();
        var draft = await content.As(writer).DraftAsync(Written("Seen"));
        var submission = await SubmittedAsync(publication, draft);
        await content.As(writer).EditedAsync(draft, text => text.Markdown = "Changed meanwhile.");
        (await FailureOf(content.PublicationsAs(editor).AnswerSubmissionAsync(new() { Id = submission.Id, Verdict = Verdict.Publish, ArticleRevision = draft.Revision }))).Reason().ShouldBe("CHANGED");
        await AnsweredAsync(submission, Verdict.Accept);
        (await InsideAsync(publication)).ShouldBeEmpty();
        (await FailureOf(content.PublicationsAs(owner).AnswerSubmissionAsync(new() { Id = submission.Id, Verdict = Verdict.SendBack, Feedback = "No." }))).Reason().ShouldBe("LOST_RACE");

        // Accepted: its author publishes it when they like, into the publication.
        var now = (await content.As(writer).GetArticleAsync(new() { Id = draft.Id })).Article;
        await content.As(writer).PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = now.Revision });
        (await InsideAsync(publication)).ShouldBe([draft.Id]);
    }

    [Fact]
    public async Task A_published_story_is_accepted_without_being_changed_and_taken_out_again()
    {
        var publication = await StaffedAsync();
        var article = await content.As(writer).PublishedAsync(Written("Already out"));
        await AnsweredAsync(await SubmittedAsync(publication, article), Verdict.Publish);
        (await InsideAsync(publication)).ShouldBe([article.Id]);
        (await FailureOf(content.PublicationsAs(writer).SubmitArticleAsync(new() { PublicationId = publication.Id, ArticleId = article.Id }))).Reason().ShouldBe("IN_PUBLICATION");

        (await FailureOf(content.PublicationsAs(Guid.CreateVersion7()).TakeOutArticleAsync(new() { ArticleId = article.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        await content.PublicationsAs(editor).TakeOutArticleAsync(new() { ArticleId = article.Id });
        (await InsideAsync(publication)).ShouldBeEmpty();
        (await content.EventsOfAsync(article.Id))[^1].ShouldSatisfyAllConditions(told => told.PublicationId.ShouldBe(""), told => told.FormerPublicationId.ShouldBe(publication.Id));
        (await content.Anonymous.ReadAsync(writer.ToString(), "already-out")).Article.Summary.PublicationId.ShouldBe("");
    }

    [Fact]
    public async Task Whoever_leaves_decides_whether_their_stories_go_with_them()
    {
        var publication = await StaffedAsync();
        var one = await PublishedInsideAsync(publication, "Stays or goes");
        await content.PublicationsAs(writer).RemoveMemberAsync(new() { PublicationId = publication.Id, PersonId = writer.ToString() });
        (await InsideAsync(publication)).ShouldBe([one.Id]);

        await JoinAsync(publication, writer, PublicationRole.Writer);
        var waiting = await SubmittedAsync(publication, await content.As(writer).DraftAsync(Written("Waits")));
        (await content.PublicationsAs(writer).RemoveMemberAsync(new() { PublicationId = publication.Id, PersonId = writer.ToString(), TakeArticles = true })).TakenArticles.ShouldBe(1);
        (await InsideAsync(publication)).ShouldBeEmpty();
        (await content.Anonymous.ReadAsync(writer.ToString(), "stays-or-goes")).Article.Summary.Id.ShouldBe(one.Id);
        (await content.PublicationsAs(writer).GetSubmissionAsync(new() { Id = waiting.Id })).Submission.State.ShouldBe(SubmissionState.Withdrawn);
        (await FailureOf(content.PublicationsAs(writer).SubmitArticleAsync(new() { PublicationId = publication.Id, ArticleId = one.Id }))).Reason().ShouldBe("NOT_ALLOWED");
    }

    [Fact]
    public async Task A_publication_is_handed_over_but_never_without_an_owner()
    {
        var publication = await StaffedAsync();
        (await FailureOf(content.PublicationsAs(owner).RemoveMemberAsync(new() { PublicationId = publication.Id, PersonId = owner.ToString() }))).Reason().ShouldBe("LAST_OWNER");
        (await FailureOf(content.PublicationsAs(owner).SetRoleAsync(new() { PublicationId = publication.Id, PersonId = owner.ToString(), Role = PublicationRole.Writer }))).Reason().ShouldBe("LAST_OWNER");
        (await FailureOf(content.PublicationsAs(editor).SetRoleAsync(new() { PublicationId = publication.Id, PersonId = editor.ToString(), Role = PublicationRole.Owner }))).Reason().ShouldBe("NOT_OWNER");

        await content.PublicationsAs(owner).SetRoleAsync(new() { PublicationId = publication.Id, PersonId = editor.ToString(), Role = PublicationRole.Owner });
        await content.PublicationsAs(owner).RemoveMemberAsync(new() { PublicationId = publication.Id, PersonId = owner.ToString() });
        (await content.PublicationsAs(editor).ListMyPublicationsAsync(new())).Memberships.Single(mine => mine.Publication.Id == publication.Id).Role.ShouldBe(PublicationRole.Owner);
        (await content.PublicationsAs(owner).ListMyPublicationsAsync(new())).Memberships.ShouldBeEmpty();
    }

    [Fact]
    public async Task Owners_and_editors_take_along_what_readers_have_and_writers_and_strangers_nothing()
    {
        var publication = await StaffedAsync();
        var story = await PublishedInsideAsync(publication, "Read by all");
        await content.As(writer).EditedAsync(story, changed => changed.Markdown = "Written since, and not for others.");
        await PublishedInsideAsync(publication, "Another");
        var accepted = await content.As(writer).DraftAsync(Written("Accepted, not published"));
        await AnsweredAsync(await SubmittedAsync(publication, accepted), Verdict.Accept);

        foreach (var person in (Guid[])[owner, editor])
        {
            var about = (await content.ExportsAs(person).GetExportedPublicationAsync(new() { PublicationId = publication.Id })).Publication;
            (about.Slug, about.Name, about.Description, about.CreateTime).ShouldBe((publication.Slug, publication.Name, publication.Description, publication.CreateTime));
            about.Members.Select(member => (member.PersonId, member.Role)).ShouldBe([(owner.ToString(), PublicationRole.Owner), (editor.ToString(), PublicationRole.Editor), (writer.ToString(), PublicationRole.Writer)]);
            var keys = (await content.ExportsAs(person).ListExportedArticlesAsync(new() { PublicationId = publication.Id })).Articles;
            keys.Select(key => key.Title).ShouldBe(["Read by all", "Another"]);
            var exported = (await content.ExportsAs(person).GetExportedArticleAsync(new() { PublicationId = publication.Id, Id = story.Id })).Article;
            (exported.Content.Markdown, exported.Changes).ShouldBe(("Some text.", null));
            (await FailureOf(content.ExportsAs(person).GetExportedArticleAsync(new() { PublicationId = publication.Id, Id = accepted.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        }
        foreach (var person in (Guid[])[writer, Guid.CreateVersion7()])
        {
            (await FailureOf(content.ExportsAs(person).GetExportedPublicationAsync(new() { PublicationId = publication.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
            (await FailureOf(content.ExportsAs(person).ListExportedArticlesAsync(new() { PublicationId = publication.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
            (await FailureOf(content.ExportsAs(person).GetExportedArticleAsync(new() { PublicationId = publication.Id, Id = story.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        }
    }

    [Fact]
    public async Task A_publication_that_comes_in_is_one_however_often_and_takes_stories_that_are_in_none()
    {
        var taken = await PublishedInsideAsync(await StaffedAsync(), "Elsewhere");
        var (first, second) = (await content.As(owner).PublishedAsync(Written("First")), await content.As(writer).PublishedAsync(Written("Second")));
        var (slug, since) = ("i" + Guid.NewGuid().ToString("N")[..20], Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(40)));
        ImportPublicationRequest Request(string source, params Article[] articles) => new()
        {
            OwnerId = owner.ToString(), Source = source,
            Publication = new()
            {
                Slug = slug, FormerSlugs = { slug + "-old", "-No-" }, Name = "Tide Tables", Description = "When.", CreateTime = since, ArticleIds = { articles.Select(article => article.Id) },
                Members = { new Member { PersonId = owner.ToString(), Role = PublicationRole.Owner, JoinTime = since }, new Member { PersonId = writer.ToString(), Role = PublicationRole.Writer, JoinTime = since } },
            },
        };

        (await content.PublicationsAsService.ImportPublicationAsync(Request("one.zip", first, taken))).ShouldBe(new ImportPublicationResponse { Created = true, Added = 1 });
        var publication = (await content.PublicationsAsAnybody.GetPublicationAsync(new() { Slug = slug + "-old" })).Publication;
        (publication.Slug, publication.Name, publication.CreateTime).ShouldBe((slug, "Tide Tables", since));
        (await content.PublicationsAsAnybody.ListMembersAsync(new() { PublicationId = publication.Id })).Members
            .ShouldBe([new Member { PersonId = owner.ToString(), Role = PublicationRole.Owner, JoinTime = since }, new Member { PersonId = writer.ToString(), Role = PublicationRole.Writer, JoinTime = since }]);
        (await content.PublicationsAsService.ImportPublicationAsync(Request("one.zip", first, second))).ShouldBe(new ImportPublicationResponse { Added = 1 });
        (await InsideAsync(publication)).ShouldBe([second.Id, first.Id]);
        (await content.EventsOfAsync(second.Id))[^1].PublicationId.ShouldBe(publication.Id);

        (await content.PublicationsAsService.ImportPublicationAsync(Request("another.zip"))).Created.ShouldBeTrue();
        (await content.PublicationsAsAnybody.GetPublicationAsync(new() { Slug = slug + "-2" })).Publication.Name.ShouldBe("Tide Tables");
        (await FailureOf(content.PublicationsAs(owner).ImportPublicationAsync(Request("mine.zip")))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        var nameless = Request("third.zip");
        nameless.Publication.Name = " ";
        (await FailureOf(content.PublicationsAsService.ImportPublicationAsync(nameless))).Detail<BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("publication.name");
    }

    [Fact]
    public async Task Editors_are_told_what_waits_and_nobody_else_may_submit()
    {
        var publication = await StaffedAsync();
        var draft = await content.As(writer).DraftAsync(Written("Counted"));
        var submission = await SubmittedAsync(publication, draft);
        (await content.PublicationsAs(editor).ListMyPublicationsAsync(new())).Memberships.Single(mine => mine.Publication.Id == publication.Id).Waiting.ShouldBe(1);
        var stranger = Guid.CreateVersion7();
        var theirs = await content.As(stranger).DraftAsync(Written("Uninvited"));
        (await FailureOf(content.PublicationsAs(stranger).SubmitArticleAsync(new() { PublicationId = publication.Id, ArticleId = theirs.Id }))).Reason().ShouldBe("NOT_ALLOWED");
        (await FailureOf(content.PublicationsAs(editor).SubmitArticleAsync(new() { PublicationId = publication.Id, ArticleId = draft.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        await content.PublicationsAs(writer).WithdrawSubmissionAsync(new() { Id = submission.Id });
        (await content.PublicationsAs(editor).ListSubmissionsAsync(new() { PublicationId = publication.Id })).Submissions.ShouldBeEmpty();
    }
}
