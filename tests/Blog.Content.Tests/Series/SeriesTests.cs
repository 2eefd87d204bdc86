using Blog.Content.V1;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class SeriesTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ada = Guid.CreateVersion7();
    readonly Guid bo = Guid.CreateVersion7();

    ArticleSeries.ArticleSeriesClient As(Guid person) => new(content.Host.CallInvoker(content.Issuer.PersonToken(person)));

    ArticleSeries.ArticleSeriesClient Anybody => new(content.Host.CallInvoker());

    async Task<Series> MakeAsync(string title) => (await As(ada).CreateSeriesAsync(new() { Title = title })).Series;

    async Task<Article> PartAsync(string title, Series series)
    {
        var article = await content.As(ada).PublishedAsync(Written(title));
        await As(ada).PutIntoSeriesAsync(new() { ArticleId = article.Id, SeriesId = series.Id });
        return article;
    }

    async Task<Series> NowAsync(string id) => (await As(ada).ListMySeriesAsync(new())).Series.Single(series => series.Id == id);

    async Task<SeriesPlace?> PlaceAsync(Article article) => (await content.Anonymous.ReadAsync(ada.ToString(), article.PublishedSlug)).Article.Series;

    async Task<string[]> ReadersHaveAsync(string slug) => [.. (await Anybody.GetPublishedSeriesAsync(new() { OwnerId = ada.ToString(), Slug = slug })).Series.Parts.Select(part => part.Title)];

    Task<UpdateSeriesResponse> SaveAsync(Series series, Action<UpdateSeriesRequest> change)
    {
        var request = new UpdateSeriesRequest { Id = series.Id, Title = series.Title, Description = series.Description, ArticleIds = { series.Parts.Select(part => part.ArticleId) }, ExpectedRevision = series.Revision };
        change(request);
        return As(ada).UpdateSeriesAsync(request).ResponseAsync;
    }

    [Fact]
    public async Task Readers_find_the_published_parts_in_order_and_each_story_knows_its_place()
    {
        var series = await MakeAsync("A year at sea");
        var (first, second) = (await PartAsync("January", series), await PartAsync("February", series));
        var draft = await content.As(ada).DraftAsync(Written("March"));
        await As(ada).PutIntoSeriesAsync(new() { ArticleId = draft.Id, SeriesId = series.Id });

        (await ReadersHaveAsync("a-year-at-sea")).ShouldBe(["January", "February"]);
        var place = await PlaceAsync(second);
        (place!.Title, place.Slug).ShouldBe(("A year at sea", "a-year-at-sea"));
        place.Parts.Select(part => part.Title).ShouldBe(["January", "February"]);
        (await NowAsync(series.Id)).Parts.Select(part => (part.Title, part.Status)).ShouldBe([("January", ArticleStatus.Published), ("February", ArticleStatus.Published), ("March", ArticleStatus.Draft)]);

        await content.As(ada).UnpublishArticleAsync(new() { Id = first.Id, ExpectedRevision = first.Revision });
        (await PlaceAsync(second))!.Parts.ShouldHaveSingleItem();
        (await content.EventsOfAsync(first.Id))[^1].SeriesId.ShouldBe(series.Id);
    }

    [Fact]
    public async Task Being_put_into_a_series_is_no_change_of_the_article()
    {
        var series = await MakeAsync("Quiet");
        var article = await PartAsync("Untouched", series);
        var now = (await content.As(ada).GetArticleAsync(new() { Id = article.Id })).Article;
        (now.Revision, now.SeriesId, now.HasUnpublishedChanges).ShouldBe((article.Revision, series.Id, false));
    }

    [Fact]
    public async Task The_order_is_changed_and_what_is_left_out_leaves()
    {
        var series = await MakeAsync("Order");
        foreach (var title in new[] { "One", "Two", "Three" })
            await PartAsync(title, series);
        var before = await NowAsync(series.Id);
        var saved = (await SaveAsync(before, request =>
        {
            request.ArticleIds.Clear();
            request.ArticleIds.Add([before.Parts[2].ArticleId, before.Parts[0].ArticleId]);
        })).Series;
        saved.Parts.Select(part => part.Title).ShouldBe(["Three", "One"]);
        (await ReadersHaveAsync("order")).ShouldBe(["Three", "One"]);
        (await Should.ThrowAsync<RpcException>(() => SaveAsync(before, _ => { }))).Reason().ShouldBe("STALE_REVISION");
        (await Should.ThrowAsync<RpcException>(() => SaveAsync(saved, request => request.ArticleIds.Add(before.Parts[1].ArticleId)))).Violates("article_ids").ShouldBeTrue();
        // Which comes last now, behind the two.
        await As(ada).PutIntoSeriesAsync(new() { ArticleId = before.Parts[1].ArticleId, SeriesId = series.Id });
        (await ReadersHaveAsync("order")).ShouldBe(["Three", "One", "Two"]);
    }

    [Fact]
    public async Task A_renamed_series_is_found_by_its_old_address_and_its_owner_alone_changes_it()
    {
        var series = await MakeAsync("First name");
        await PartAsync("Alone", series);
        var named = (await SaveAsync(await NowAsync(series.Id), request => request.Title = "Second name")).Series;
        named.Slug.ShouldBe("second-name");
        (await Anybody.GetPublishedSeriesAsync(new() { OwnerId = ada.ToString(), Slug = "first-name" })).MovedToSlug.ShouldBe("second-name");
        (await MakeAsync("First name")).Slug.ShouldBe("first-name-2");

        (await Should.ThrowAsync<RpcException>(() => SaveAsync(named, request => request.Title = " "))).Violates("title").ShouldBeTrue();
        (await FailureOf(As(bo).DeleteSeriesAsync(new() { Id = series.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        var own = await content.As(bo).DraftAsync(Written("Bo's"));
        (await FailureOf(As(bo).PutIntoSeriesAsync(new() { ArticleId = own.Id, SeriesId = series.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_story_is_in_one_series_and_an_ended_series_leaves_its_stories()
    {
        var (one, other) = (await MakeAsync("The one"), await MakeAsync("The other"));
        var article = await PartAsync("Moves", one);
        (await As(ada).PutIntoSeriesAsync(new() { ArticleId = article.Id, SeriesId = other.Id })).FormerSeriesId.ShouldBe(one.Id);
        (await NowAsync(one.Id)).Parts.ShouldBeEmpty();
        (await FailureOf(Anybody.GetPublishedSeriesAsync(new() { OwnerId = ada.ToString(), Slug = "the-one" }))).StatusCode.ShouldBe(StatusCode.NotFound);

        (await As(ada).DeleteSeriesAsync(new() { Id = other.Id })).ArticleIds.ShouldBe([article.Id]);
        (await PlaceAsync(article)).ShouldBeNull();
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where topic = 'content.series.v1' and key = $1 order by position desc limit 1");
        command.Parameters.Add(new() { Value = other.Id });
        SeriesChanged.Parser.ParseFrom((byte[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).ArticleIds.ShouldBe([article.Id]);
    }

    [Fact]
    public async Task Sitemaps_list_the_series_of_which_something_is_published()
    {
        var (shown, empty) = (await MakeAsync("Listed"), await MakeAsync("Empty"));
        await PartAsync("Seen", shown);
        var pages = (await content.Anonymous.ListPublicPagesAsync(new() { Kind = PublicPageKind.Series })).Pages;
        pages.ShouldContain(page => page.Key == shown.Id && page.AuthorId == ada.ToString() && page.Slug == "listed");
        pages.ShouldNotContain(page => page.Key == empty.Id);
        (await content.Anonymous.ListPublicPagePartsAsync(new() { Kind = PublicPageKind.Series })).Parts.Sum(part => part.PageCount).ShouldBe(pages.Count);
    }
}
