using Blog.Interactions.Lists;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using ReadingList = Blog.Interactions.V1.ReadingList;
using ReadingListItem = Blog.Interactions.V1.ReadingListItem;

namespace Blog.Interactions.Tests.Lists;

public sealed class ItemOrderTests(ReadersFixture blog) : IClassFixture<ReadersFixture>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<ReadingList> MoveAsync(Reader reader, ReadingList list, string article, string after) =>
        (await reader.Lists.MoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = article, AfterArticleId = after, ExpectedRevision = list.Revision }, cancellationToken: Cancel)).List;

    async Task<(Reader Reader, ReadingList List, List<string> Order)> ListOfAsync(int count)
    {
        var reader = blog.Someone();
        var list = await reader.CreateAsync("Ordered");
        foreach (var article in await blog.ArticlesAsync(count))
            await reader.SaveAsync(article, list.Id);
        return (reader, list, await reader.OrderAsync(list.Id));
    }

    [Theory]
    [InlineData(null, null, 0L)]
    [InlineData(null, 5L, 5L - ItemOrder.Gap)]
    [InlineData(5L, null, 5L + ItemOrder.Gap)]
    [InlineData(0L, 10L, 5L)]
    [InlineData(-3L, -1L, -2L)]
    [InlineData(4L, 5L, null)]
    public void A_place_is_found_between_two_neighbours_unless_they_are_too_close(long? before, long? after, long? expected) =>
        ItemOrder.Between(before, after).ShouldBe(expected);

    [Fact]
    public async Task Items_are_moved_to_the_top_to_the_end_and_in_between()
    {
        var (reader, list, order) = await ListOfAsync(4);
        var (a, b, c, d) = (order[0], order[1], order[2], order[3]);

        list = await MoveAsync(reader, list, d, "");
        (await reader.OrderAsync(list.Id)).ShouldBe([d, a, b, c]);
        list = await MoveAsync(reader, list, d, c);
        (await reader.OrderAsync(list.Id)).ShouldBe([a, b, c, d]);
        list = await MoveAsync(reader, list, a, b);
        (await reader.OrderAsync(list.Id)).ShouldBe([b, a, c, d]);
        list = await MoveAsync(reader, list, a, b);
        (await reader.OrderAsync(list.Id, pageSize: 1)).ShouldBe([b, a, c, d]);
        list.Revision.ShouldBe(5);
    }

    [Fact]
    public async Task Moves_into_the_same_gap_keep_the_order_beyond_where_it_is_used_up()
    {
        var (reader, list, order) = await ListOfAsync(4);
        var expected = order.ToList();
        for (var i = 0; i < 45; i++)
        {
            // The last goes behind the first, always into the same, ever smaller, place.
            var last = expected[^1];
            expected.RemoveAt(3);
            expected.Insert(1, last);
            list = await MoveAsync(reader, list, last, expected[0]);
        }

        (await reader.OrderAsync(list.Id)).ShouldBe(expected);
    }

    [Fact]
    public async Task Of_two_windows_that_move_at_once_one_is_told_the_present_order()
    {
        var (reader, list, order) = await ListOfAsync(6);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 5).Select(async i =>
        {
            try
            {
                await MoveAsync(reader, list, order[i], "");
                return (Moved: order[i], Order: null);
            }
            catch (RpcException stale)
            {
                stale.Reason().ShouldBe("STALE_ORDER");
                return (Moved: (string?)null, Order: stale.Detail<ReadingListOrder>());
            }
        }));

        var moved = outcomes.Where(outcome => outcome.Moved is not null).ShouldHaveSingleItem().Moved!;
        var present = await reader.OrderAsync(list.Id);
        present.ShouldBe([moved, .. order.Where(id => id != moved)]);
        foreach (var (_, told) in outcomes.Where(outcome => outcome.Order is not null))
        {
            told!.ArticleIds.ShouldBe(present);
            told.Revision.ShouldBe(list.Revision + 1);
        }
    }

    [Fact]
    public async Task Moving_what_was_taken_off_or_behind_it_is_a_conflict_and_saving_meanwhile_is_none()
    {
        var (reader, list, order) = await ListOfAsync(3);
        var added = await blog.ArticleAsync();
        await reader.SaveAsync(added, list.Id);
        list = await MoveAsync(reader, list, order[2], order[0]);
        await reader.Lists.RemoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = order[2] }, cancellationToken: Cancel);

        (await Should.ThrowAsync<RpcException>(MoveAsync(reader, list, order[2], ""))).Reason().ShouldBe("STALE_ORDER");
        (await Should.ThrowAsync<RpcException>(MoveAsync(reader, list, order[0], order[2]))).Reason().ShouldBe("STALE_ORDER");
        (await Should.ThrowAsync<RpcException>(MoveAsync(reader, list, order[0], order[0]))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await reader.OrderAsync(list.Id)).ShouldBe([added, order[0], order[1]]);
    }

    [Fact]
    public async Task The_order_of_a_long_list_fits_into_the_conflict()
    {
        var (reader, list, _) = await ListOfAsync(1);
        await blog.ExecuteAsync(
            """
            insert into reading_list_items (owner_id, list_id, article_id, position, note, revision, add_time)
            select owner_id, list_id, gen_random_uuid(), position + n, '', 1, add_time from reading_list_items, generate_series(1, 119) n where list_id = $1
            """, Guid.Parse(list.Id));
        var order = await reader.OrderAsync(list.Id);
        order.Count.ShouldBe(120);

        var stale = await Should.ThrowAsync<RpcException>(MoveAsync(reader, new() { Id = list.Id, Revision = 99 }, order[5], ""));

        stale.Detail<ReadingListOrder>()!.ArticleIds.ShouldBe(order.Take(100));
    }

    [Fact]
    public async Task What_was_taken_off_is_put_back_where_it_was()
    {
        var (reader, list, order) = await ListOfAsync(3);
        await reader.Lists.UpdateReadingListItemAsync(new() { ListId = list.Id, ArticleId = order[1], Note = "keep", ExpectedRevision = 1 }, cancellationToken: Cancel);

        var removed = await reader.Lists.RemoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = order[1] }, cancellationToken: Cancel);
        var again = await reader.Lists.RemoveReadingListItemAsync(new() { ListId = list.Id, ArticleId = order[1] }, cancellationToken: Cancel);

        (removed.Item.Note, removed.AfterArticleId, again.Item).ShouldBe(("keep", order[0], null));
        (await reader.OrderAsync(list.Id)).ShouldBe([order[0], order[2]]);
        await reader.SaveAsync(order[1], list.Id, removed.Item.Note, removed.AfterArticleId);
        (await reader.OrderAsync(list.Id)).ShouldBe(order);
    }

    [Fact]
    public async Task A_note_changed_in_another_window_is_not_overwritten()
    {
        var (reader, list, order) = await ListOfAsync(1);
        async Task<ReadingListItem> Note(string note, long revision) =>
            (await reader.Lists.UpdateReadingListItemAsync(new() { ListId = list.Id, ArticleId = order[0], Note = note, ExpectedRevision = revision }, cancellationToken: Cancel)).Item;

        var first = await Note("first", 1);
        (await Note("first", 1)).ShouldBe(first);
        var stale = await Should.ThrowAsync<RpcException>(Note("second", 1));

        (stale.Reason(), stale.Detail<ReadingListItem>()!.Note).ShouldBe(("STALE_REVISION", "first"));
        (await Note("", first.Revision)).Note.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_holds_five_thousand_stories_and_no_more()
    {
        var (reader, list, _) = await ListOfAsync(1);
        await blog.ExecuteAsync("update reading_lists set item_count = 5000 where id = $1", Guid.Parse(list.Id));

        (await Should.ThrowAsync<RpcException>(reader.SaveAsync(await blog.ArticleAsync(), list.Id))).Reason().ShouldBe("LIST_FULL");
    }
}
