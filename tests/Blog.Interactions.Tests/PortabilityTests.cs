using Blog.Interactions.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using static Blog.Events.V1.ResponseChanged.Types;
using Arriving = Blog.Interactions.V1.ImportResponsesRequest.Types.Response;

namespace Blog.Interactions.Tests;

/// <summary>Lists and responses, taken along and brought in again.</summary>
public sealed class PortabilityTests(InteractionsFixture interactions) : IClassFixture<InteractionsFixture>
{
    static readonly DateTimeOffset Then = new(2019, 5, 6, 7, 8, 9, TimeSpan.Zero);

    V1.Portability.PortabilityClient Service => new(interactions.Host.CallInvoker(interactions.Issuer.ServiceToken("content")));
    V1.Portability.PortabilityClient As(Guid person) => new(interactions.Host.CallInvoker(interactions.Issuer.PersonToken(person)));

    static Timestamp At(int minutes) => Then.AddMinutes(minutes).ToTimestamp();

    async Task<ImportResponsesResponse> BringAsync(Stage stage, bool locked, params Arriving[] responses)
    {
        using var call = Service.ImportResponses(cancellationToken: Stage.Cancel);
        await call.RequestStream.WriteAsync(new() { Head = new() { OwnerId = stage.Author.ToString(), ArticleId = stage.Article.ToString(), Locked = locked } }, Stage.Cancel);
        foreach (var response in responses) await call.RequestStream.WriteAsync(new() { Response = response }, Stage.Cancel);
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    static Arriving[] Thread() =>
    [
        new() { Number = 1, AuthorName = "Bob", Markdown = "First @ada", CreateTime = At(0), EditTime = At(9) },
        new() { Number = 2, Answers = 1, Own = true, Markdown = "Thanks", CreateTime = At(1) },
        new() { Number = 3, Answers = 2, State = ResponseState.Deleted, CreateTime = At(2) },
        new() { Number = 4, Answers = 3, AuthorName = "高橋", Markdown = "Deep", CreateTime = At(3) },
        new() { Number = 5, Answers = 4, AuthorName = "Bob", Markdown = "Deeper", CreateTime = At(4) },
        new() { Number = 6, AuthorName = "Troll", State = ResponseState.Hidden, Markdown = "Bad", CreateTime = At(5) },
        new() { Number = 7, AuthorName = "Nobody", Markdown = " \n ", CreateTime = At(6) },
    ];

    [Fact]
    public async Task What_others_said_elsewhere_stands_under_a_name_that_is_nobody_here_and_nobody_is_told()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        interactions.Neighbours.Handles["ada"] = Guid.CreateVersion7();

        var answer = await BringAsync(stage, locked: true, Thread());

        (answer.Created, answer.Unchanged, answer.Refused).ShouldBe((6, 0, 1));
        var list = await stage.ListAsync();
        (list.Total, list.Locked).ShouldBe((4, true));
        var bob = list.Responses.ShouldHaveSingleItem();
        (bob.AuthorId, bob.AuthorName, bob.Html, bob.CreateTime, bob.EditTime).ShouldBe(("", "Bob", "<p>First @ada</p>", At(0), At(9)));
        (bob.Replies[0].AuthorId, bob.Replies[0].AuthorName).ShouldBe((stage.Author.ToString(), ""));
        bob.Replies[0].Replies.Select(reply => (reply.State, reply.AuthorName)).ShouldBe([(ResponseState.Visible, "高橋"), (ResponseState.Visible, "Bob")], "what is deeper stands beside; what was deleted has nothing under it");
        (await stage.ListAsync(stage.Author)).Responses.Select(r => r.AuthorName).ShouldBe(["Bob", "Troll"], ignoreOrder: true);
        (await stage.ResponseEventsAsync()).ShouldAllBe(said => said.Change == Change.Imported && said.MentionedIds.Count == 0 && said.ParentAuthorId == "" && said.Excerpt == "");
    }

    [Fact]
    public async Task An_answer_to_somebody_who_is_not_here_tells_the_author_of_the_story_alone()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        await BringAsync(stage, locked: false, Thread());
        var bob = (await stage.ListAsync()).Responses[0];

        var reply = await stage.RespondAsync(Guid.CreateVersion7(), "Still true?", bob.Id);

        reply.ParentAuthorId.ShouldBe("");
        (await stage.ResponseEventsAsync())[^1].ParentAuthorId.ShouldBe("");
        (await Stage.RefusalOf(() => stage.DeleteAsync(Guid.Empty, bob.Id))).Status.ShouldBe(StatusCode.PermissionDenied);
        await stage.HideAsync(bob.Id);
        (await stage.ListAsync()).Responses[0].AuthorName.ShouldBe("", "hidden, but answered");
    }

    [Fact]
    public async Task The_same_responses_again_add_what_is_new_and_what_was_deleted_here_stays_deleted()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        await BringAsync(stage, locked: false, Thread());
        var own = (await stage.ListAsync()).Responses[0].Replies[0];
        await stage.DeleteAsync(stage.Author, own.Id);

        var again = await BringAsync(stage, locked: false, [.. Thread(), new() { Number = 8, AuthorName = "Cem", Markdown = "Late", CreateTime = At(99) }]);

        (again.Created, again.Unchanged, again.Refused).ShouldBe((1, 6, 1));
        (await stage.ListAsync()).Total.ShouldBe(4);
        (await stage.ListAsync(sort: ResponseSort.Newest)).Responses.Select(r => r.AuthorName).ShouldBe(["Cem", "Bob"]);
    }

    [Fact]
    public async Task What_comes_in_goes_out_again_as_it_came()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        await BringAsync(stage, locked: true, Thread());

        var all = (await As(stage.Author).ListExportedResponsesAsync(new() { ArticleId = stage.Article.ToString(), PageSize = 100 }, cancellationToken: Stage.Cancel)).Responses;

        all.Select(r => (r.AuthorName, r.AuthorId, r.State, r.Markdown, r.CreateTime)).ShouldBe(
        [
            ("Bob", "", ResponseState.Visible, "First @ada", At(0)), ("", stage.Author.ToString(), ResponseState.Visible, "Thanks", At(1)), ("", "", ResponseState.Deleted, "", At(2)),
            ("高橋", "", ResponseState.Visible, "Deep", At(3)), ("Bob", "", ResponseState.Visible, "Deeper", At(4)), ("Troll", "", ResponseState.Hidden, "Bad", At(5)),
        ]);
        all.Select(r => all.ToList().FindIndex(parent => parent.Id == r.ParentId)).ShouldBe([-1, 0, 1, 2, 3, -1]);
        var seen = await As(Guid.CreateVersion7()).ListExportedResponsesAsync(new() { PersonId = stage.Author.ToString(), ArticleId = stage.Article.ToString(), PageSize = 100 }, cancellationToken: Stage.Cancel);
        seen.Responses.ShouldNotContain(r => r.State == ResponseState.Hidden, "hidden words are for the author of the story, whoever one says to be");
    }

    [Fact]
    public async Task People_bring_in_nothing_past_the_importer()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        using var call = As(stage.Author).ImportResponses(cancellationToken: Stage.Cancel);
        (await Stage.RefusalOf(async () => await call)).Status.ShouldBe(StatusCode.PermissionDenied);
        (await Stage.RefusalOf(async () => await As(stage.Author).ImportListAsync(new(), cancellationToken: Stage.Cancel))).Status.ShouldBe(StatusCode.PermissionDenied);
        (await Stage.RefusalOf(async () => await As(stage.Author).ImportOwnResponsesAsync(new(), cancellationToken: Stage.Cancel))).Status.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Lists_come_in_once_with_order_notes_and_what_is_elsewhere()
    {
        var (owner, here) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var list = new ExportedList { Name = "Später", Slug = "later", FormerSlugs = { "earlier" }, Description = "d", Visibility = ListVisibility.Public };
        ExportedListItem[] items =
        [
            new() { ArticleId = here.ToString(), Note = "mine", AddTime = At(0) }, new() { Title = "Elsewhere", Address = "https://x.example/y", Note = "n\nm", AddTime = At(1) },
            new() { Title = "Script", Address = "javascript:alert(1)", AddTime = At(2) }, new() { Note = "gone", AddTime = At(3) }, new() { Note = new string('x', 501), AddTime = At(4) },
        ];
        ImportListRequest Request(string source, ExportedList made) => new() { OwnerId = owner.ToString(), Source = source, List = made, Items = { items } };

        var first = await Service.ImportListAsync(Request("ada:lists/002.json", list), cancellationToken: Stage.Cancel);
        var again = await Service.ImportListAsync(Request("ada:lists/002.json", list), cancellationToken: Stage.Cancel);
        var reading = await Service.ImportListAsync(Request("ada:lists/001.json", new() { Name = "Leseliste", Slug = "leseliste", IsDefault = true }), cancellationToken: Stage.Cancel);

        (first.Created, first.Added, first.Refused).ShouldBe((true, 4, 1));
        (again.Created, again.Added).ShouldBe((false, 0));
        (reading.Created, reading.Added).ShouldBe((true, 4));
        var lists = (await As(owner).ListExportedListsAsync(new(), cancellationToken: Stage.Cancel)).Lists;
        lists.Select(l => (l.Name, l.Slug, l.IsDefault, l.Visibility)).ShouldBe([("Leseliste", "leseliste", true, ListVisibility.Private), ("Später", "later", false, ListVisibility.Public)]);
        lists[1].FormerSlugs.ShouldBe(["earlier"]);
        var kept = (await As(owner).ListExportedListItemsAsync(new() { ListId = lists[1].Id }, cancellationToken: Stage.Cancel)).Items;
        kept.Select(i => (i.ArticleId, i.Title, i.Address, i.Note, i.AddTime)).ShouldBe([(here.ToString(), "", "", "mine", At(0)), ("", "Elsewhere", "https://x.example/y", "n\nm", At(1)), ("", "Script", "", "", At(2)), ("", "", "", "gone", At(3))]);
        V1.Lists.ListsClient mine = new(interactions.Host.CallInvoker(interactions.Issuer.PersonToken(owner)));
        var shown = await mine.ListReadingListItemsAsync(new() { ListId = lists[1].Id }, cancellationToken: Stage.Cancel);
        shown.Items[1].Elsewhere.Address.ShouldBe("https://x.example/y");
        (await mine.GetSharedReadingListAsync(new() { Name = new() { OwnerId = owner.ToString(), Slug = "later" } }, cancellationToken: Stage.Cancel)).Items.ShouldHaveSingleItem().ArticleId.ShouldBe(here.ToString(), "what is elsewhere is the owner's alone");
        (await Stage.RefusalOf(async () => await As(Guid.CreateVersion7()).ListExportedListItemsAsync(new() { PersonId = owner.ToString(), ListId = lists[1].Id }, cancellationToken: Stage.Cancel))).Status.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task What_one_said_elsewhere_is_kept_and_goes_out_again_among_what_one_said_here()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var person = Guid.CreateVersion7();
        var request = new ImportOwnResponsesRequest
        {
            OwnerId = person.ToString(),
            Responses = { new OwnResponse { StoryTitle = "A\nstory", StoryAddress = "https://x.example/y", Markdown = "Well", CreateTime = At(0) }, new OwnResponse { StoryAddress = "javascript:x", Markdown = "Said", CreateTime = At(1), EditTime = At(2) }, new OwnResponse { CreateTime = At(3) } },
        };

        (await Service.ImportOwnResponsesAsync(request, cancellationToken: Stage.Cancel)).ShouldBe(new() { Created = 2, Refused = 1 });
        (await Service.ImportOwnResponsesAsync(request, cancellationToken: Stage.Cancel)).Created.ShouldBe(0);
        await stage.RespondAsync(person, "Here");

        var pages = new List<OwnResponse>();
        var token = "";
        do
        {
            var page = await As(person).ListOwnResponsesAsync(new() { PageSize = 1, PageToken = token }, cancellationToken: Stage.Cancel);
            pages.AddRange(page.Responses);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        pages.Select(r => (r.ArticleId, r.StoryTitle, r.StoryAddress, r.Markdown)).ShouldBe([("", "A story", "https://x.example/y", "Well"), ("", "", "", "Said"), (stage.Article.ToString(), "", "", "Here")]);
    }
}
