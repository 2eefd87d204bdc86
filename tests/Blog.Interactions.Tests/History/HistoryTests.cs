using Blog.Interactions.History;
using Blog.Interactions.Tests.Lists;
using Blog.Interactions.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Told = Blog.Events.V1.ReadingChanged.Types.Change;

namespace Blog.Interactions.Tests.History;

public sealed class HistoryTests(ReadersFixture blog) : IClassFixture<ReadersFixture>
{
    static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static ReadingPosition At(double fraction, int block = 3) => new() { Anchor = "a-heading", Block = block, Quote = "It was a clear day", Offset = 0.25, Fraction = fraction };

    /// <summary>A reading so many minutes ago; the clock of the reader's device is as it is.</summary>
    static async Task<bool> ReadAsync(Reader reader, string article, ReadingPosition? position = null, double minutesAgo = 0, DateTimeOffset? deviceClock = null)
    {
        var sent = deviceClock ?? Noon;
        return (await reader.History.RecordReadingAsync(new()
        {
            ArticleId = article, Position = position, ReadTime = Timestamp.FromDateTimeOffset(sent.AddMinutes(-minutesAgo)), SendTime = Timestamp.FromDateTimeOffset(sent),
        }, cancellationToken: Cancel)).Stored;
    }

    static async Task<GetReadingResponse> StateAsync(Reader reader, string article) => await reader.History.GetReadingAsync(new() { ArticleId = article }, cancellationToken: Cancel);

    static async Task<List<HistoryEntry>> HistoryAsync(Reader reader, int pageSize = 100)
    {
        List<HistoryEntry> entries = [];
        var token = "";
        do
        {
            var page = await reader.History.ListHistoryAsync(new() { PageSize = pageSize, PageToken = token }, cancellationToken: Cancel);
            entries.AddRange(page.Entries);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return entries;
    }

    [Fact]
    public async Task What_was_read_is_listed_last_first_each_article_once()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(3);
        await ReadAsync(reader, articles[0], minutesAgo: 30);
        await ReadAsync(reader, articles[1], minutesAgo: 20);
        await ReadAsync(reader, articles[2], minutesAgo: 10);
        await ReadAsync(reader, articles[0]);

        var history = await HistoryAsync(reader, pageSize: 2);

        history.Select(entry => entry.ArticleId).ShouldBe([articles[0], articles[2], articles[1]]);
        (await HistoryAsync(blog.Someone())).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_place_follows_from_one_device_to_another()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();

        (await ReadAsync(reader, article, At(0.6))).ShouldBeTrue();

        var state = await StateAsync(reader, article);
        state.Position.ShouldBe(At(0.6));
        state.FinishTime.ShouldBeNull();
        (await HistoryAsync(reader)).Single().Fraction.ShouldBe(0.6);
    }

    [Fact]
    public async Task The_later_reading_wins_whatever_arrives_last_and_whatever_the_devices_clocks_say()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        await ReadAsync(reader, article, At(0.5), minutesAgo: 5, deviceClock: Noon.AddYears(-10));

        (await ReadAsync(reader, article, At(0.2), minutesAgo: 60, deviceClock: Noon.AddYears(10))).ShouldBeFalse();
        (await StateAsync(reader, article)).Position.Fraction.ShouldBe(0.5);

        (await ReadAsync(reader, article, At(0.3), minutesAgo: 1, deviceClock: Noon.AddYears(-20))).ShouldBeTrue();
        (await StateAsync(reader, article)).Position.Fraction.ShouldBe(0.3);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90, 90)]
    [InlineData(-90, 0)]
    [InlineData(60 * 24 * 365, 60 * 24 * 30)]
    public void A_reading_is_as_old_as_the_device_says_within_reason(double minutesAgo, double counted)
    {
        var now = Noon.AddDays(100);
        Reading.TimeOf(Noon.AddMinutes(-minutesAgo), Noon, now).ShouldBe(now.AddMinutes(-counted));
        Reading.TimeOf(null, null, now).ShouldBe(now);
    }

    [Fact]
    public async Task Two_devices_at_once_leave_one_of_the_two_places_whole()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();

        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => ReadAsync(reader, article, At(i / 20.0, block: i), minutesAgo: 20 - i)));

        var position = (await StateAsync(reader, article)).Position;
        (position.Fraction, position.Block).ShouldBe((0.5, 10));
    }

    [Fact]
    public async Task A_finished_article_offers_no_place_until_it_is_read_again()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        await ReadAsync(reader, article, At(0.5), minutesAgo: 10);
        await ReadAsync(reader, article, At(0.97), minutesAgo: 5);

        var finished = await StateAsync(reader, article);
        (finished.Position, finished.FinishTime is not null).ShouldBe((null, true));
        (await ReadAsync(reader, article, At(0.9), minutesAgo: 6)).ShouldBeFalse();
        (await StateAsync(reader, article)).Position.ShouldBeNull();

        await ReadAsync(reader, article, At(0.1));
        var again = await StateAsync(reader, article);
        (again.Position.Fraction, again.FinishTime).ShouldBe((0.1, finished.FinishTime));
        var entry = (await HistoryAsync(reader)).Single();
        (entry.Fraction, entry.FinishTime).ShouldBe((0.1, finished.FinishTime));
    }

    [Fact]
    public async Task A_paused_history_keeps_nothing_and_goes_on_when_asked()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(2);
        await ReadAsync(reader, articles[0], At(0.4), minutesAgo: 10);

        await reader.History.UpdateHistorySettingsAsync(new() { Paused = true }, cancellationToken: Cancel);

        (await ReadAsync(reader, articles[0], At(0.8))).ShouldBeFalse();
        (await ReadAsync(reader, articles[1])).ShouldBeFalse();
        (await ReadAsync(reader, articles[1], At(0.8))).ShouldBeFalse();
        (await HistoryAsync(reader)).Single().Fraction.ShouldBe(0.4);
        (await reader.History.ListHistoryAsync(new(), cancellationToken: Cancel)).Paused.ShouldBeTrue();
        (await StateAsync(reader, articles[0])).HistoryPaused.ShouldBeTrue();

        await reader.History.UpdateHistorySettingsAsync(new() { Paused = false }, cancellationToken: Cancel);
        (await ReadAsync(reader, articles[1])).ShouldBeTrue();
    }

    [Fact]
    public async Task Erasing_leaves_no_trace_of_one_or_of_all_and_of_nobody_else()
    {
        var (reader, other) = (blog.Someone(), blog.Someone());
        var articles = await blog.ArticlesAsync(3);
        foreach (var article in articles)
            await ReadAsync(reader, article, At(0.5));
        await ReadAsync(other, articles[0], At(0.5));

        await reader.History.EraseReadingAsync(new() { ArticleId = articles[0] }, cancellationToken: Cancel);

        (await StateAsync(reader, articles[0])).Position.ShouldBeNull();
        (await HistoryAsync(reader)).Select(entry => entry.ArticleId).ShouldBe([articles[1], articles[2]], ignoreOrder: true);

        await reader.History.EraseHistoryAsync(new(), cancellationToken: Cancel);
        await reader.History.EraseHistoryAsync(new(), cancellationToken: Cancel);

        (await blog.CountAsync("select count(*) from readings where person_id = $1", reader.Id)).ShouldBe(0);
        (await HistoryAsync(other)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Progress_is_shown_with_what_is_on_a_list()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(3);
        foreach (var article in articles)
            await reader.SaveAsync(article);
        await ReadAsync(reader, articles[0], At(0.6));
        await ReadAsync(reader, articles[1], At(1));

        var list = (await reader.Lists.ListReadingListsAsync(new(), cancellationToken: Cancel)).Lists[0];
        var items = (await reader.ItemsAsync(list.Id)).ToDictionary(item => item.ArticleId);

        (items[articles[0]].Progress.Fraction, items[articles[0]].Progress.FinishTime).ShouldBe((0.6, null));
        items[articles[1]].Progress.FinishTime.ShouldNotBeNull();
        items[articles[2]].Progress.ShouldBeNull();
        (await StateAsync(reader, articles[2])).ListIds.ShouldBe([list.Id]);
    }

    [Fact]
    public async Task Drafts_and_nonsense_are_refused()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        (await Should.ThrowAsync<RpcException>(ReadAsync(reader, Guid.CreateVersion7().ToString()))).StatusCode.ShouldBe(StatusCode.NotFound);
        foreach (var wrong in new ReadingPosition[]
        {
            new() { Fraction = double.NaN }, new() { Fraction = 1.01 }, new() { Offset = -1 }, new() { Block = -1 }, new() { Block = 100_001 },
            new() { Anchor = new string('a', 201) }, new() { Quote = new string('q', 81) }, new() { Quote = "\0" },
        })
            (await Should.ThrowAsync<RpcException>(ReadAsync(reader, article, wrong))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await HistoryAsync(reader)).ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(new V1.History.HistoryClient(blog.Host.CallInvoker()).ListHistoryAsync(new(), cancellationToken: Cancel).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Others_are_told_of_a_reading_once_for_each_quarter_and_at_its_end()
    {
        var reader = blog.Someone();
        var article = await blog.ArticleAsync();
        await ReadAsync(reader, article, minutesAgo: 9);
        await ReadAsync(reader, article, At(0.1), minutesAgo: 8);
        await ReadAsync(reader, article, At(0.3), minutesAgo: 7);
        await ReadAsync(reader, article, At(0.4), minutesAgo: 6);
        await ReadAsync(reader, article, At(0.2), minutesAgo: 5);
        await ReadAsync(reader, article, At(0.45), minutesAgo: 4);
        await ReadAsync(reader, article, At(0.98), minutesAgo: 3);
        await ReadAsync(reader, article, At(0.99), minutesAgo: 2);

        var told = await blog.ReadingEventsAsync(reader.Id);

        told.Select(e => (e.Change, e.Fraction, e.Finished)).ShouldBe([(Told.Read, 0, false), (Told.Read, 0.3, false), (Told.Read, 0.98, true)]);
        told.ShouldAllBe(e => e.PersonId == reader.Id.ToString() && e.ArticleId == article);
    }

    [Fact]
    public async Task Others_are_told_nothing_while_the_history_is_paused_and_to_forget_what_is_erased()
    {
        var reader = blog.Someone();
        var articles = await blog.ArticlesAsync(2);
        await reader.History.UpdateHistorySettingsAsync(new() { Paused = true }, cancellationToken: Cancel);
        await ReadAsync(reader, articles[0], At(0.99));
        (await blog.ReadingEventsAsync(reader.Id)).ShouldBeEmpty();
        await reader.History.UpdateHistorySettingsAsync(new() { Paused = false }, cancellationToken: Cancel);
        await ReadAsync(reader, articles[0], At(0.99));
        await ReadAsync(reader, articles[1], At(0.99));
        await blog.ExecuteAsync("update outbox set published_at = now() where key = $1", reader.Id.ToString());

        await reader.History.EraseReadingAsync(new() { ArticleId = articles[0] }, cancellationToken: Cancel);
        (await blog.ReadingEventsAsync(reader.Id))[^1].ShouldBe(new() { PersonId = reader.Id.ToString(), ArticleId = articles[0], Change = Told.Erased });
        await reader.History.EraseHistoryAsync(new(), cancellationToken: Cancel);
        await reader.History.EraseHistoryAsync(new(), cancellationToken: Cancel);

        // What was sent is not kept to be told again; the erasure itself still waits for the relay, and nothing is erased twice.
        (await blog.ReadingEventsAsync(reader.Id)).Select(e => e.Change).ShouldBe([Told.Erased, Told.AllErased]);
    }
}
