using Blog.Content.V1;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class ReviewTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    const string Harbour = "The harbour wakes before the town does.\n\nBoats leave at four, and nobody sees them go but the gulls.\n\nBy noon the quay smells of rope and tar.";

    readonly Guid ada = Guid.CreateVersion7();
    readonly Guid bo = Guid.CreateVersion7();

    V1.Reviews.ReviewsClient Anybody => new(content.Host.CallInvoker());

    V1.Reviews.ReviewsClient As(Guid person) => new(content.Host.CallInvoker(content.Issuer.PersonToken(person)));

    async Task<CreateReviewLinkResponse> LinkAsync(string article, bool canComment = true, string name = "Grace", Timestamp? expires = null) =>
        await As(ada).CreateReviewLinkAsync(new() { ArticleId = article, Name = name, CanComment = canComment, ExpireTime = expires });

    static ReviewPassage Words(string exact, string prefix = "", string suffix = "") => new() { Exact = exact, Prefix = prefix, Suffix = suffix };

    async Task<ReviewComment> SayAsync(string token, string text, ReviewPassage? passage = null, string parent = "", Guid? person = null) =>
        (await (person is { } known ? As(known) : Anybody).AddReviewCommentAsync(new() { Token = token, Text = text, GuestName = person is null ? "Grace" : "", Passage = passage, ParentId = parent })).Comment;

    async Task<List<ReviewCommented>> ToldAsync(string article)
    {
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where topic = 'content.reviews.v1' and key = $1 order by position");
        command.Parameters.Add(new() { Value = article });
        await using var reader = await command.ExecuteReaderAsync();
        var told = new List<ReviewCommented>();
        while (await reader.ReadAsync())
            told.Add(ReviewCommented.Parser.ParseFrom((byte[])reader[0]));
        return told;
    }

    [Fact]
    public async Task Whoever_has_the_link_reads_the_draft_as_it_is_saved_at_that_moment()
    {
        var draft = await content.As(ada).DraftAsync(Written("Four in the morning", Harbour));
        var token = (await LinkAsync(draft.Id)).Token;
        var first = await Anybody.OpenReviewAsync(new() { Token = token });
        (first.Title, first.AuthorIds.ShouldHaveSingleItem(), first.Link.Name).ShouldBe(("Four in the morning", ada.ToString(), "Grace"));
        first.Html.ShouldContain("<p>Boats leave at four");

        await content.As(ada).EditedAsync(draft, text => text.Markdown = "All anew.");
        (await Anybody.OpenReviewAsync(new() { Token = token })).Html.ShouldBe("<p>All anew.</p>");
    }

    [Fact]
    public async Task The_token_is_not_in_the_database()
    {
        var draft = await content.As(ada).DraftAsync(Written("Secret", Harbour));
        var token = (await LinkAsync(draft.Id)).Token;
        token.Length.ShouldBeGreaterThanOrEqualTo(22);
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from review_links l where l::text like '%' || $1 || '%' or l::text like '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'");
        command.Parameters.Add(new() { Value = token });
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    [Fact]
    public async Task A_link_that_was_revoked_or_is_over_says_so_and_one_that_never_was_does_not()
    {
        var draft = await content.As(ada).DraftAsync(Written("Ends", Harbour));
        var (revoked, kept) = (await LinkAsync(draft.Id), await LinkAsync(draft.Id));
        await As(ada).RevokeReviewLinkAsync(new() { ArticleId = draft.Id, Id = revoked.Link.Id });
        (await FailureOf(Anybody.OpenReviewAsync(new() { Token = revoked.Token }))).Reason().ShouldBe("GONE");
        (await FailureOf(Anybody.AddReviewCommentAsync(new() { Token = revoked.Token, Text = "Late", GuestName = "Grace" }))).Reason().ShouldBe("GONE");
        (await Anybody.OpenReviewAsync(new() { Token = kept.Token })).Title.ShouldBe("Ends");
        (await FailureOf(Anybody.OpenReviewAsync(new() { Token = kept.Token[..^1] + "\0" }))).StatusCode.ShouldBe(StatusCode.NotFound);

        var over = await LinkAsync(draft.Id, expires: Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddSeconds(90)));
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("update review_links set expire_time = now() - interval '1 second' where id = $1");
        command.Parameters.Add(new() { Value = Guid.Parse(over.Link.Id) });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        (await FailureOf(Anybody.OpenReviewAsync(new() { Token = over.Token }))).Reason().ShouldBe("GONE");
    }

    [Fact]
    public async Task What_one_said_is_taken_back_by_oneself_until_it_is_answered()
    {
        var draft = await content.As(ada).DraftAsync(Written("Taken back", Harbour));
        var (token, other) = ((await LinkAsync(draft.Id)).Token, (await LinkAsync(draft.Id)).Token);
        async Task<AddReviewCommentResponse> GuestAsync(string text) => await Anybody.AddReviewCommentAsync(new() { Token = token, Text = text, GuestName = "Grace" });
        static WithdrawReviewCommentRequest Back(string token, AddReviewCommentResponse said, string? secret = null) => new() { Token = token, CommentId = said.Comment.Id, Secret = secret ?? said.Secret };

        var (mistake, kept, byBo) = (await GuestAsync("Wrong draft, sorry."), await GuestAsync("Right draft."), await SayAsync(token, "As Bo.", person: bo));
        (await FailureOf(Anybody.WithdrawReviewCommentAsync(Back(token, mistake, kept.Secret)))).Reason().ShouldBe("NOT_YOURS");
        (await FailureOf(Anybody.WithdrawReviewCommentAsync(Back(token, mistake, "")))).Reason().ShouldBe("NOT_YOURS");
        (await FailureOf(As(ada).WithdrawReviewCommentAsync(new() { Token = token, CommentId = byBo.Id }))).Reason().ShouldBe("NOT_YOURS");
        (await FailureOf(Anybody.WithdrawReviewCommentAsync(Back(other, mistake)))).StatusCode.ShouldBe(StatusCode.NotFound);
        await Anybody.WithdrawReviewCommentAsync(Back(token, mistake));
        await As(bo).WithdrawReviewCommentAsync(new() { Token = token, CommentId = byBo.Id });
        (await FailureOf(Anybody.WithdrawReviewCommentAsync(Back(token, mistake)))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Anybody.OpenReviewAsync(new() { Token = token })).Comments.ShouldHaveSingleItem().Text.ShouldBe("Right draft.");
        (await ToldAsync(draft.Id)).Where(told => !told.Present).Select(told => told.CommentId).ShouldBe([mistake.Comment.Id, byBo.Id]);

        await As(ada).AnswerReviewCommentAsync(new() { ArticleId = draft.Id, CommentId = kept.Comment.Id, Text = "Thanks." });
        (await FailureOf(Anybody.WithdrawReviewCommentAsync(Back(token, kept)))).Reason().ShouldBe("ANSWERED");
    }

    [Fact]
    public async Task Only_authors_make_links_and_see_what_was_said()
    {
        var draft = await content.As(ada).DraftAsync(Written("Mine", Harbour));
        (await FailureOf(As(bo).CreateReviewLinkAsync(new() { ArticleId = draft.Id, Name = "Me" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(As(bo).GetReviewAsync(new() { ArticleId = draft.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(Anybody.GetReviewAsync(new() { ArticleId = draft.Id }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await FailureOf(As(ada).CreateReviewLinkAsync(new() { ArticleId = draft.Id, Name = " " }))).Violates("name").ShouldBeTrue();
        (await FailureOf(As(ada).CreateReviewLinkAsync(new() { ArticleId = draft.Id, Name = "Past", ExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddDays(-1)) }))).Violates("expire_time").ShouldBeTrue();
    }

    [Fact]
    public async Task A_comment_follows_its_words_through_edits_waits_when_they_go_and_finds_them_when_they_are_back()
    {
        var draft = await content.As(ada).DraftAsync(Written("Follows", Harbour));
        var token = (await LinkAsync(draft.Id)).Token;
        await SayAsync(token, "Do gulls care?", Words("nobody sees them go but the gulls"));

        async Task<ReviewComment> NowAsync() => (await As(ada).GetReviewAsync(new() { ArticleId = draft.Id })).Comments.ShouldHaveSingleItem();
        var moved = await content.As(ada).EditedAsync(draft, text => text.Markdown = "A new beginning, of several words.\n\n" + Harbour);
        var placed = await NowAsync();
        (placed.Place, placed.Passage.Exact).ShouldBe((ReviewPlace.Anchored, "nobody sees them go but the gulls"));
        placed.Passage.Start.ShouldBe("A new beginning, of several words.\nThe harbour wakes before the town does.\nBoats leave at four, and ".Length);

        var gone = await content.As(ada).EditedAsync(moved, text => text.Markdown = "The harbour wakes before the town does.");
        ((await NowAsync()).Place, (await NowAsync()).Quote).ShouldBe((ReviewPlace.Detached, "nobody sees them go but the gulls"));

        await content.As(ada).EditedAsync(gone, text => text.Markdown = Harbour);
        (await NowAsync()).Place.ShouldBe(ReviewPlace.Anchored);
    }

    [Fact]
    public async Task Reviewers_see_what_was_said_through_their_own_link_and_the_answers_to_it()
    {
        var draft = await content.As(ada).DraftAsync(Written("Apart", Harbour));
        var (one, other) = ((await LinkAsync(draft.Id)).Token, (await LinkAsync(draft.Id, name: "Cem")).Token);
        var mine = await SayAsync(one, "First line is strong.\nKeep it.");
        await SayAsync(other, "Too short.", person: bo);
        var answer = (await As(ada).AnswerReviewCommentAsync(new() { ArticleId = draft.Id, CommentId = mine.Id, Text = "Thank you." })).Comment;
        (answer.ByAuthor, answer.ParentId).ShouldBe((true, mine.Id));
        var thanks = await SayAsync(one, "Gladly.", parent: answer.Id);
        thanks.ParentId.ShouldBe(mine.Id);

        (await Anybody.OpenReviewAsync(new() { Token = one })).Comments.Select(c => c.Text).ShouldBe(["First line is strong.\nKeep it.", "Thank you.", "Gladly."]);
        (await Anybody.OpenReviewAsync(new() { Token = other })).Comments.ShouldHaveSingleItem().PersonId.ShouldBe(bo.ToString());
        (await FailureOf(Anybody.AddReviewCommentAsync(new() { Token = other, Text = "Hm", GuestName = "Eve", ParentId = mine.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await As(ada).GetReviewAsync(new() { ArticleId = draft.Id })).Comments.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_is_wrong_with_a_comment_is_told_at_its_field()
    {
        var draft = await content.As(ada).DraftAsync(Written("Refused", Harbour));
        var (token, reading) = ((await LinkAsync(draft.Id)).Token, (await LinkAsync(draft.Id, canComment: false)).Token);
        AddReviewCommentRequest With(Action<AddReviewCommentRequest> change)
        {
            var request = new AddReviewCommentRequest { Token = token, Text = "Fine.", GuestName = "Grace" };
            change(request);
            return request;
        }
        (await FailureOf(Anybody.AddReviewCommentAsync(With(r => r.Text = " \n ")))).Violates("text").ShouldBeTrue();
        (await FailureOf(Anybody.AddReviewCommentAsync(With(r => r.Text = new string('x', 5_001))))).Violates("text").ShouldBeTrue();
        (await FailureOf(Anybody.AddReviewCommentAsync(With(r => r.Text = "a\0b")))).Violates("text").ShouldBeTrue();
        (await FailureOf(Anybody.AddReviewCommentAsync(With(r => r.GuestName = "")))).Violates("guest_name").ShouldBeTrue();
        (await FailureOf(Anybody.AddReviewCommentAsync(With(r => r.Passage = Words(""))))).Violates("passage").ShouldBeTrue();
        (await FailureOf(Anybody.AddReviewCommentAsync(With(r => r.Passage = Words("what nobody wrote"))))).Reason().ShouldBe("QUOTE_NOT_FOUND");
        (await FailureOf(Anybody.AddReviewCommentAsync(With(r => r.Token = reading)))).Reason().ShouldBe("READ_ONLY");
    }

    [Fact]
    public async Task A_comment_is_resolved_opened_again_and_deleted_with_its_answers()
    {
        var draft = await content.As(ada).DraftAsync(Written("Done", Harbour));
        var token = (await LinkAsync(draft.Id)).Token;
        var comment = await SayAsync(token, "Typo.");
        await SayAsync(token, "Another.", parent: comment.Id);
        (await As(ada).ResolveReviewCommentAsync(new() { ArticleId = draft.Id, CommentId = comment.Id, Resolved = true })).Comment.ResolveTime.ShouldNotBeNull();
        (await As(ada).ResolveReviewCommentAsync(new() { ArticleId = draft.Id, CommentId = comment.Id })).Comment.ResolveTime.ShouldBeNull();
        await As(ada).DeleteReviewCommentAsync(new() { ArticleId = draft.Id, CommentId = comment.Id });
        (await Anybody.OpenReviewAsync(new() { Token = token })).Comments.ShouldBeEmpty();
        (await FailureOf(As(ada).DeleteReviewCommentAsync(new() { ArticleId = draft.Id, CommentId = comment.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);

        var told = await ToldAsync(draft.Id);
        told.Select(t => (t.Excerpt, t.Present)).ShouldBe([("Typo.", true), ("Another.", true), ("Another.", false), ("Typo.", false)]);
        told.ShouldAllBe(t => t.GuestName == "Grace" && t.PersonId == "" && t.AuthorIds.Single() == ada.ToString());
    }

    [Fact]
    public async Task A_deleted_story_takes_its_links_with_it()
    {
        var draft = await content.As(ada).DraftAsync(Written("Deleted", Harbour));
        var token = (await LinkAsync(draft.Id)).Token;
        await SayAsync(token, "Why?");
        await content.As(ada).DeleteArticleAsync(new() { Id = draft.Id, ExpectedRevision = draft.Revision });
        (await FailureOf(Anybody.OpenReviewAsync(new() { Token = token }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }
}
