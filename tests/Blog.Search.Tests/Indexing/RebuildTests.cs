using Blog.Search.Engines;
using Blog.Search.V1;
using Grpc.Core;
using static Blog.Events.V1.ArticleChanged.Types;
using static Blog.Search.Tests.Indexing.IndexingFixture;
using Stage = Blog.Search.V1.Rebuild.Types.Stage;

namespace Blog.Search.Tests.Indexing;

public sealed class RebuildTests(IndexingFixture search) : IClassFixture<IndexingFixture>
{
    MemoryEngine Engine => search.Engine;

    async Task<Rebuild> StatusAsync() => (await search.Operator.GetIndexStatusAsync(new())).Rebuild;

    async Task<Rebuild> ReachesAsync(string id, Stage stage)
    {
        Rebuild? rebuild = null;
        await UntilAsync(async () => (rebuild = await StatusAsync()).Id == id && rebuild.Stage >= stage);
        return rebuild!;
    }

    [Fact]
    public async Task Everything_there_is_is_in_the_new_index_and_what_is_no_more_is_not()
    {
        var person = search.Person("Somebody", "somebody");
        var articles = Enumerable.Range(0, 40).Select(n => search.Publish($"Article {n}", author: Guid.Parse(person.Id), topics: ["everything"])).ToArray();
        var draft = await search.DraftAsync(Guid.CreateVersion7(), "A plan");
        var gone = await search.PublishAsync("Its end was never told");
        await UntilAsync(() => Engine.Find<ArticleDocument>(gone.Id) is not null);
        search.Library.Published.TryRemove(gone.Id, out _);

        var rebuild = (await search.Operator.StartRebuildAsync(new())).Rebuild;
        (await search.Operator.StartRebuildAsync(new())).Rebuild.Id.ShouldBe(rebuild.Id);
        var done = await ReachesAsync(rebuild.Id, Stage.Done);
        done.Listed.ShouldBeGreaterThanOrEqualTo(42);

        articles.ShouldAllBe(article => Engine.Find<ArticleDocument>(article.Id) != null);
        Engine.Find<PersonDocument>(person.Id).ShouldNotBeNull();
        Engine.Find<DraftDocument>(draft.Id).ShouldNotBeNull();
        Engine.Find<TopicDocument>("everything").ShouldNotBeNull().ArticleCount.ShouldBe(40);
        Engine.Find<ArticleDocument>(gone.Id).ShouldBeNull();
        // The former one is dropped.
        Engine.Indexes.ShouldBe([ISearchEngine.Serving]);
    }

    [Fact]
    public async Task The_old_index_serves_and_follows_until_the_new_one_takes_its_place_with_all_that_changed_meanwhile()
    {
        var before = await search.PublishAsync("Before");
        var edited = await search.PublishAsync("Edited during it");
        var deleted = await search.PublishAsync("Deleted during it");
        await UntilAsync(() => new[] { before, edited, deleted }.All(article => Engine.Find<ArticleDocument>(article.Id) is not null));

        // It cannot be finished while this one cannot be taken.
        var heavy = search.Publish("Heavy");
        var isHeld = true;
        Engine.Refuses = document => document.Id == heavy.Id && isHeld ? throw new EngineAwayException("busy") : false;
        var rebuild = (await search.Operator.StartRebuildAsync(new())).Rebuild;
        await ReachesAsync(rebuild.Id, Stage.Filling);

        var during = await search.PublishAsync("Published during it");
        await search.PublishAsync("Edited", again: edited);
        search.Library.Published.TryRemove(deleted.Id, out _);
        await search.TellAsync(deleted, Change.Deleted, deleted.Revision);
        await UntilAsync(() => Engine.Find<ArticleDocument>(during.Id) is not null && Engine.Find<ArticleDocument>(edited.Id) is { Title: "Edited" } && Engine.Find<ArticleDocument>(deleted.Id) is null);
        Engine.Find<ArticleDocument>(before.Id).ShouldNotBeNull();
        (await StatusAsync()).Stage.ShouldBe(Stage.Filling);

        isHeld = false;
        await ReachesAsync(rebuild.Id, Stage.Done);
        foreach (var article in new[] { before, during, heavy })
            Engine.Find<ArticleDocument>(article.Id).ShouldNotBeNull();
        Engine.Find<ArticleDocument>(edited.Id).ShouldNotBeNull().Title.ShouldBe("Edited");
        Engine.Find<ArticleDocument>(deleted.Id).ShouldBeNull();
    }

    [Fact]
    public async Task A_rebuild_goes_on_after_the_service_was_stopped_in_its_midst()
    {
        var articles = Enumerable.Range(0, 30).Select(n => search.Publish($"Article {n}")).ToArray();
        search.Library.IsAway = true;
        var rebuild = (await search.Operator.StartRebuildAsync(new())).Rebuild;
        await UntilAsync(async () => (await StatusAsync()).Problem.Length > 0);
        await search.StopHostAsync();
        search.Library.IsAway = false;
        search.StartHost();
        search.Clock.Advance(TimeSpan.FromMinutes(1));
        (await ReachesAsync(rebuild.Id, Stage.Done)).Problem.ShouldBeEmpty();
        articles.ShouldAllBe(article => Engine.Find<ArticleDocument>(article.Id) != null);
    }

    [Fact]
    public async Task A_rebuild_can_be_given_up_for_a_new_one()
    {
        var article = search.Publish("Held");
        var isHeld = true;
        Engine.Refuses = document => document.Id == article.Id && isHeld ? throw new EngineAwayException("busy") : false;
        var first = (await search.Operator.StartRebuildAsync(new())).Rebuild;
        await ReachesAsync(first.Id, Stage.Filling);
        var second = (await search.Operator.StartRebuildAsync(new() { Anew = true })).Rebuild;
        second.Id.ShouldNotBe(first.Id);
        isHeld = false;
        await ReachesAsync(second.Id, Stage.Done);
        Engine.Find<ArticleDocument>(article.Id).ShouldNotBeNull();
        Engine.Indexes.ShouldBe([ISearchEngine.Serving]);
    }

    [Fact]
    public async Task Only_services_start_a_rebuild_or_see_the_state_of_the_index()
    {
        var person = new V1.Indexing.IndexingClient(search.Host.CallInvoker(search.Issuer.PersonToken(Guid.CreateVersion7(), "reader", "admin")));
        (await Should.ThrowAsync<RpcException>(async () => await person.StartRebuildAsync(new()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(async () => await person.GetIndexStatusAsync(new()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        var nobody = new V1.Indexing.IndexingClient(search.Host.CallInvoker());
        (await Should.ThrowAsync<RpcException>(async () => await nobody.StartRebuildAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }
}
