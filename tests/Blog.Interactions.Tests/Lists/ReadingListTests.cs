using Blog.Interactions.Data;
using Blog.Interactions.Lists;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using ListVisibility = Blog.Interactions.V1.ListVisibility;
using ReadingList = Blog.Interactions.V1.ReadingList;

namespace Blog.Interactions.Tests.Lists;

public sealed class ReadingListTests(ReadersFixture blog) : IClassFixture<ReadersFixture>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<RpcException> Refused(Task call, StatusCode status, string reason)
    {
        var refused = await Should.ThrowAsync<RpcException>(call);
        refused.StatusCode.ShouldBe(status, refused.Status.Detail);
        refused.Reason().ShouldBe(reason);
        return refused;
    }

    [Fact]
    public async Task Everybody_has_one_reading_list_however_many_ask_at_once()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(8);

        await Task.WhenAll(articles.Select(article => reader.SaveAsync(article)));

        var list = (await reader.Lists.ListReadingListsAsync(new(), cancellationToken: Cancel)).Lists.ShouldHaveSingleItem();
        (list.Name, list.Slug, list.IsDefault, list.Visibility, list.ItemCount).ShouldBe(("Reading list", "reading-list", true, ListVisibility.Private, 8));
        (await reader.OrderAsync(list.Id)).ShouldBe(articles, ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_saved_last_stands_first_and_saving_again_changes_nothing()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(3);
        foreach (var article in articles)
            (await reader.SaveAsync(article, note: "first")).Added.ShouldBeTrue();

        var again = await reader.SaveAsync(articles[0], note: "second");

        again.Added.ShouldBeFalse();
        again.Item.Note.ShouldBe("first");
        again.List.ItemCount.ShouldBe(3);
        (await reader.OrderAsync(again.List.Id)).ShouldBe(articles.Reverse());
    }

    [Fact]
    public async Task Only_what_is_published_can_be_saved_and_what_was_published_this_moment_counts()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        await blog.UnpublishAsync(article);

        await Refused(reader.SaveAsync(article), StatusCode.NotFound, "NOT_FOUND");
        await Refused(reader.SaveAsync(Guid.CreateVersion7().ToString()), StatusCode.NotFound, "NOT_FOUND");
        await Refused(reader.SaveAsync("a draft"), StatusCode.NotFound, "NOT_FOUND");
        (await reader.SaveAsync(blog.ArticleOfThisMoment())).Added.ShouldBeTrue();
    }

    [Fact]
    public async Task A_list_is_made_once_however_often_the_command_comes()
    {
        var reader = blog.Someone();
        async Task<ReadingList> Make() =>
            (await reader.Lists.CreateReadingListAsync(new() { Name = "Weekend" }, new Metadata { { "idempotency-key", "make-it-once" } }, cancellationToken: Cancel)).List;

        var first = await Make();
        var second = await Make();

        second.ShouldBe(first);
        (await reader.Lists.ListReadingListsAsync(new(), cancellationToken: Cancel)).Lists.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("", "", "name")]
    [InlineData(" \n\t", "", "name")]
    public async Task A_list_needs_a_name(string name, string description, string field) =>
        (await Refused(blog.Someone().Lists.CreateReadingListAsync(new() { Name = name, Description = description }, cancellationToken: Cancel).ResponseAsync, StatusCode.InvalidArgument, "INVALID_FIELDS"))
            .Detail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe(field);

    [Fact]
    public async Task Names_descriptions_and_notes_have_limits_and_no_control_characters()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        var list = (await reader.Lists.CreateReadingListAsync(new() { Name = "  Two\0 \n words ", Description = "one\r\ntwo\0" }, cancellationToken: Cancel)).List;

        (list.Name, list.Description).ShouldBe(("Two words", "one\ntwo"));
        await Refused(reader.CreateAsync(new string('n', 101)), StatusCode.InvalidArgument, "INVALID_FIELDS");
        await Refused(reader.Lists.CreateReadingListAsync(new() { Name = "n", Description = new string('d', 501) }, cancellationToken: Cancel).ResponseAsync, StatusCode.InvalidArgument, "INVALID_FIELDS");
        await Refused(reader.SaveAsync(article, note: new string('x', 501)), StatusCode.InvalidArgument, "INVALID_FIELDS");
        (await reader.SaveAsync(article, note: new string('x', 500))).Item.Note.Length.ShouldBe(500);
        await Refused(reader.CreateAsync("n", (ListVisibility)9), StatusCode.InvalidArgument, "INVALID_FIELDS");
    }

    [Fact]
    public async Task A_person_has_at_most_a_hundred_lists_even_when_two_windows_make_the_last_one()
    {
        var reader = blog.Someone();
        var some = await reader.CreateAsync("Same name");
        await blog.ExecuteAsync(
            """
            with more as (
                insert into reading_lists (owner_id, id, slug, name, description, visibility, is_default, revision, item_count, create_time, update_time)
                select owner_id, gen_random_uuid(), 'same-name-' || n, name, '', 1, false, 1, 0, create_time, update_time from reading_lists, generate_series(2, 98) n where id = $1
                returning owner_id, slug, id)
            insert into reading_list_slugs (owner_id, slug, list_id) select owner_id, slug, id from more
            """, Guid.Parse(some.Id));

        var last = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await reader.CreateAsync("Same name");
                return "made";
            }
            catch (RpcException refused)
            {
                return refused.Reason();
            }
        }));

        last.Count(outcome => outcome == "made").ShouldBe(1);
        last.Count(outcome => outcome == "TOO_MANY_LISTS").ShouldBe(3);
        var lists = (await reader.Lists.ListReadingListsAsync(new() { PageSize = 100 }, cancellationToken: Cancel)).Lists;
        lists.Count.ShouldBe(100);
        lists[0].IsDefault.ShouldBeTrue();
        lists.Select(list => list.Slug).Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public async Task Lists_come_in_pages_in_the_order_they_were_made()
    {
        var reader = blog.Someone();
        foreach (var name in new[] { "A", "B", "C" })
            await reader.CreateAsync(name);

        var first = await reader.Lists.ListReadingListsAsync(new() { PageSize = 2 }, cancellationToken: Cancel);
        var second = await reader.Lists.ListReadingListsAsync(new() { PageSize = 2, PageToken = first.NextPageToken }, cancellationToken: Cancel);

        first.Lists.Concat(second.Lists).Select(list => list.Name).ShouldBe(["Reading list", "A", "B", "C"]);
        second.NextPageToken.ShouldBeEmpty();
        await Refused(reader.Lists.ListReadingListsAsync(new() { PageToken = "made up" }, cancellationToken: Cancel).ResponseAsync, StatusCode.InvalidArgument, "INVALID_FIELDS");
    }

    [Fact]
    public async Task Another_persons_list_is_not_there()
    {
        var (owner, other) = (blog.Someone(), blog.Someone());
        var article = await blog.ArticleAsync();
        var list = await owner.CreateAsync("Mine", ListVisibility.Public);
        await owner.SaveAsync(article, list.Id);

        await Refused(other.Lists.GetReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        await Refused(other.Lists.ListReadingListItemsAsync(new() { ListId = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        await Refused(other.SaveAsync(article, list.Id), StatusCode.NotFound, "NOT_FOUND");
        await Refused(other.UpdateAsync(list, "name"), StatusCode.NotFound, "NOT_FOUND");
        await Refused(other.Lists.DeleteReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        await Refused(other.Lists.RotateReadingListLinkAsync(new() { Id = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        await Refused(other.Lists.RemoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = article }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        (await owner.OrderAsync(list.Id)).ShouldBe([article]);
        (await Should.ThrowAsync<RpcException>(blog.Anonymous.ListReadingListsAsync(new(), cancellationToken: Cancel).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task A_stale_change_of_a_list_is_a_conflict_that_shows_what_is_stored()
    {
        var reader = blog.Someone();
        var seen = await reader.CreateAsync("First");
        var renamed = seen.Clone();
        renamed.Name = "Second";
        await reader.UpdateAsync(renamed, "name");

        seen.Name = "Third";
        var stale = await Refused(reader.UpdateAsync(seen, "name"), StatusCode.Aborted, "STALE_REVISION");

        stale.Detail<ReadingList>()!.Name.ShouldBe("Second");
    }

    [Fact]
    public async Task A_renamed_public_list_is_found_under_its_old_address_too()
    {
        var reader = blog.Someone();
        var list = await reader.CreateAsync("Köln & Umgebung", ListVisibility.Public);
        list.Slug.ShouldBe("koln-and-umgebung");
        list.Name = "Elsewhere";
        list = await reader.UpdateAsync(list, "name");

        var old = await blog.Anonymous.GetSharedReadingListAsync(new() { Name = new() { OwnerId = reader.Id.ToString(), Slug = "koln-and-umgebung" } }, cancellationToken: Cancel);
        old.MovedToSlug.ShouldBe("elsewhere");
        old.List.ShouldBeNull();
        (await blog.Anonymous.GetSharedReadingListAsync(new() { Name = new() { OwnerId = reader.Id.ToString(), Slug = "elsewhere" } }, cancellationToken: Cancel)).List.Name.ShouldBe("Elsewhere");
        (await reader.CreateAsync("Köln & Umgebung")).Slug.ShouldBe("koln-and-umgebung-2");
        (await blog.EventsOfAsync(list.Id)).Select(change => (change.Slug, change.FormerSlug, change.Public)).ShouldBe([("koln-and-umgebung", "", true), ("elsewhere", "koln-and-umgebung", true)]);
    }

    [Fact]
    public async Task A_private_list_is_seen_by_nobody_one_by_link_by_whoever_has_the_link()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        var list = await reader.CreateAsync("Quiet");
        await reader.SaveAsync(article, list.Id, "mine");
        var byName = new GetSharedReadingListRequest { Name = new() { OwnerId = reader.Id.ToString(), Slug = list.Slug } };
        list.LinkToken.ShouldBeEmpty();
        await Refused(blog.Anonymous.GetSharedReadingListAsync(byName, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        await Refused(blog.Anonymous.GetSharedReadingListAsync(new() { LinkToken = "" }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        await Refused(reader.Lists.RotateReadingListLinkAsync(new() { Id = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.FailedPrecondition, "NOT_SHARED");

        list.Visibility = ListVisibility.Link;
        list = await reader.UpdateAsync(list, "visibility");

        list.LinkToken.Length.ShouldBe(32);
        var shared = await blog.Anonymous.GetSharedReadingListAsync(new() { LinkToken = list.LinkToken }, cancellationToken: Cancel);
        (shared.List.Name, shared.List.LinkToken, shared.Items.Single().Note).ShouldBe(("Quiet", "", "mine"));
        await Refused(blog.Anonymous.GetSharedReadingListAsync(byName, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        (await blog.EventsOfAsync(list.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_link_ends_the_old_one_and_private_ends_both()
    {
        var reader = blog.Someone();
        var list = await reader.CreateAsync("Shared", ListVisibility.Link);
        var first = list.LinkToken;

        list = (await reader.Lists.RotateReadingListLinkAsync(new() { Id = list.Id }, cancellationToken: Cancel)).List;
        var second = list.LinkToken;

        second.ShouldNotBe(first);
        await Refused(blog.Anonymous.GetSharedReadingListAsync(new() { LinkToken = first }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        (await blog.Anonymous.GetSharedReadingListAsync(new() { LinkToken = second }, cancellationToken: Cancel)).List.Name.ShouldBe("Shared");

        list.Visibility = ListVisibility.Private;
        list = await reader.UpdateAsync(list, "visibility");
        list.Visibility = ListVisibility.Link;
        list = await reader.UpdateAsync(list, "visibility");

        await Refused(blog.Anonymous.GetSharedReadingListAsync(new() { LinkToken = second }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        list.LinkToken.ShouldNotBeOneOf(first, second);
    }

    [Fact]
    public async Task What_was_unpublished_stays_on_the_list_is_hidden_from_others_and_comes_back()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(2);
        var list = await reader.CreateAsync("Both", ListVisibility.Public);
        foreach (var article in articles)
            await reader.SaveAsync(article, list.Id);
        async Task<GetSharedReadingListResponse> Shared() =>
            await blog.Anonymous.GetSharedReadingListAsync(new() { Name = new() { OwnerId = reader.Id.ToString(), Slug = list.Slug } }, cancellationToken: Cancel);

        var thisMoment = blog.ArticleOfThisMoment();
        await reader.SaveAsync(thisMoment, list.Id);
        (await Shared()).Items[0].ArticleId.ShouldBe(thisMoment);
        await reader.Lists.RemoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = thisMoment }, cancellationToken: Cancel);

        await blog.UnpublishAsync(articles[0]);

        (await reader.OrderAsync(list.Id)).Count.ShouldBe(2);
        var without = await Shared();
        (without.Items.Single().ArticleId, without.List.ItemCount).ShouldBe((articles[1], 1));
        (await blog.Anonymous.ListPublicReadingListsAsync(new() { OwnerId = reader.Id.ToString() }, cancellationToken: Cancel)).Lists.Single().ItemCount.ShouldBe(1);
        await blog.PublishAsync(articles[0]);
        (await Shared()).Items.Count.ShouldBe(2);
        await blog.UnpublishAsync(articles[0]);
        (await reader.Lists.RemoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = articles[0] }, cancellationToken: Cancel)).List.ItemCount.ShouldBe(1);
    }

    [Fact]
    public async Task Public_lists_of_a_person_come_last_changed_first_and_no_others()
    {
        var reader = blog.Someone();
        await reader.CreateAsync("Private");
        await reader.CreateAsync("Linked", ListVisibility.Link);
        var old = await reader.CreateAsync("Old", ListVisibility.Public);
        await reader.CreateAsync("New", ListVisibility.Public);
        await reader.SaveAsync(await blog.ArticleAsync(), old.Id);

        var first = await blog.Anonymous.ListPublicReadingListsAsync(new() { OwnerId = reader.Id.ToString(), PageSize = 1 }, cancellationToken: Cancel);
        var second = await blog.Anonymous.ListPublicReadingListsAsync(new() { OwnerId = reader.Id.ToString(), PageSize = 1, PageToken = first.NextPageToken }, cancellationToken: Cancel);

        (first.Lists.Single().Name, second.Lists.Single().Name, second.NextPageToken).ShouldBe(("Old", "New", ""));
    }

    [Fact]
    public async Task A_deleted_list_can_be_brought_back_for_thirty_days_and_is_gone_then()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        var list = await reader.CreateAsync("Gone", ListVisibility.Public);
        await reader.SaveAsync(article, list.Id);

        await reader.Lists.DeleteReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel);
        await reader.Lists.DeleteReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel);

        (await blog.EventsOfAsync(list.Id))[^1].Public.ShouldBeFalse();
        await Refused(reader.Lists.GetReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
        (await reader.Lists.BatchGetSavedAsync(new() { ArticleIds = { article } }, cancellationToken: Cancel)).Saved.ShouldBeEmpty();

        (await reader.Lists.UndeleteReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel)).List.ItemCount.ShouldBe(1);
        (await reader.OrderAsync(list.Id)).ShouldBe([article]);

        await reader.Lists.DeleteReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel);
        await using var scope = blog.Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InteractionsDbContext>();
        await ForgetDeletedLists.RunAsync(db, TimeProvider.System.GetUtcNow().AddDays(29), Cancel);
        (await blog.CountAsync("select count(*) from reading_lists where id = $1", Guid.Parse(list.Id))).ShouldBe(1);
        await ForgetDeletedLists.RunAsync(db, TimeProvider.System.GetUtcNow().AddDays(31), Cancel);
        (await blog.CountAsync("select count(*) from reading_list_items where list_id = $1", Guid.Parse(list.Id))).ShouldBe(0);
        await Refused(reader.Lists.UndeleteReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task The_reading_list_itself_stays()
    {
        var reader = blog.Someone();
        var list = (await reader.SaveAsync(await blog.ArticleAsync())).List;

        await Refused(reader.Lists.DeleteReadingListAsync(new() { Id = list.Id }, cancellationToken: Cancel).ResponseAsync, StatusCode.FailedPrecondition, "DEFAULT_LIST");
    }

    [Fact]
    public async Task What_is_saved_is_told_for_many_articles_at_once()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(3);
        var weekend = await reader.CreateAsync("Weekend");
        var reading = (await reader.SaveAsync(articles[0])).List;
        await reader.SaveAsync(articles[0], weekend.Id);
        await reader.SaveAsync(articles[1], weekend.Id);

        var saved = (await reader.Lists.BatchGetSavedAsync(new() { ArticleIds = { articles } }, cancellationToken: Cancel)).Saved.ToDictionary(s => s.ArticleId, s => s.ListIds.ToArray());

        saved.Keys.ShouldBe([articles[0], articles[1]], ignoreOrder: true);
        saved[articles[0]].ShouldBe([reading.Id, weekend.Id]);
        saved[articles[1]].ShouldBe([weekend.Id]);
        await Refused(reader.Lists.BatchGetSavedAsync(new() { ArticleIds = { Enumerable.Repeat(articles[0], 101) } }, cancellationToken: Cancel).ResponseAsync, StatusCode.InvalidArgument, "INVALID_FIELDS");
    }

    [Fact]
    public async Task Others_are_told_that_a_story_was_saved_and_when_it_is_on_no_list_any_more()
    {
        var reader = blog.Someone();
        var (article, list) = (await blog.ArticleAsync(), await reader.CreateAsync("Later"));
        await reader.SaveAsync(article);
        await reader.SaveAsync(article);
        await reader.SaveAsync(article, list.Id);
        await reader.Lists.RemoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = article });
        (await blog.SaveEventsAsync(reader.Id)).ShouldAllBe(e => e.Saved && e.ArticleId == article);

        await reader.Lists.RemoveReadingListItemAsync(new() { ArticleId = article });

        (await blog.SaveEventsAsync(reader.Id))[^1].Saved.ShouldBeFalse();
    }
}
