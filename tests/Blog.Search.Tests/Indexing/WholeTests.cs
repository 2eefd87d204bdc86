using Blog.Events.V1;
using Blog.Search.V1;
using Stage = Blog.Search.V1.Rebuild.Types.Stage;

namespace Blog.Search.Tests.Indexing;

/// <summary>The service with the engine that it has.</summary>
public sealed class WholeFixture(SearchFixture shared) : IndexingFixture(shared)
{
    protected override bool ShowsWrites => false;
}

/// <summary>From the event to what a reader finds.</summary>
public sealed class WholeTests(WholeFixture search) : IClassFixture<WholeFixture>
{
    Finder.FinderClient Anyone => new(search.Host.CallInvoker());

    Finder.FinderClient As(Guid person) => new(search.Host.CallInvoker(search.Issuer.PersonToken(person)));

    async Task<string[]> FindAsync(string query) => [.. (await Anyone.SearchArticlesAsync(new() { Query = query })).Hits.Select(hit => hit.ArticleId)];

    [Fact]
    public async Task What_is_published_is_found_and_what_is_unpublished_is_not()
    {
        var word = Make.Word();
        var article = await search.PublishAsync($"About {word}");
        await IndexingFixture.UntilAsync(async () => (await FindAsync(word)).SequenceEqual([article.Id]));
        search.Library.Published.TryRemove(article.Id, out _);
        await search.TellAsync(article, ArticleChanged.Types.Change.Unpublished, article.Revision + 1);
        await IndexingFixture.UntilAsync(async () => (await FindAsync(word)).Length == 0);
    }

    [Fact]
    public async Task A_working_copy_is_found_by_its_owner_and_by_nobody_else_in_any_way()
    {
        var (word, owner) = (Make.Word(), Guid.CreateVersion7());
        var draft = await search.DraftAsync(owner, $"Plan {word}", $"Secret {word}text.");
        await IndexingFixture.UntilAsync(async () => (await As(owner).SearchMyDraftsAsync(new() { Query = word })).Hits.Select(hit => hit.ArticleId).SequenceEqual([draft.Id]));

        (await As(Guid.CreateVersion7()).SearchMyDraftsAsync(new() { Query = word })).Hits.ShouldBeEmpty();
        (await FindAsync(word)).ShouldBeEmpty();
        (await As(owner).SearchArticlesAsync(new() { Query = word })).Hits.ShouldBeEmpty();
        var suggested = await Anyone.SuggestAsync(new() { Prefix = word });
        (suggested.Articles.Count, suggested.Queries.Count).ShouldBe((0, 0));
        (await Anyone.SearchArticlesAsync(new() { Query = word[..^1] + "x" })).DidYouMean.ShouldNotContain(word);
    }

    [Fact]
    public async Task Searches_during_a_rebuild_find_what_they_found_before_and_none_fails()
    {
        var word = Make.Word();
        var ids = new List<string>();
        for (var n = 0; n < 30; n++)
            ids.Add((await search.PublishAsync($"{word} number {n}")).Id);
        await IndexingFixture.UntilAsync(async () => (await Anyone.SearchArticlesAsync(new() { Query = word })).Total == 30);

        using var end = new CancellationTokenSource();
        var searches = 0;
        var searching = Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
            {
                var found = await Anyone.SearchArticlesAsync(new() { Query = word });
                (found.Hits.Count, found.Total).ShouldBe((20, 30));
                Interlocked.Increment(ref searches);
            }
        }));
        for (var round = 0; round < 2; round++)
        {
            var rebuild = (await search.Operator.StartRebuildAsync(new())).Rebuild;
            await IndexingFixture.UntilAsync(async () => searching.IsFaulted || (await search.Operator.GetIndexStatusAsync(new())).Rebuild is { Stage: Stage.Done } last && last.Id == rebuild.Id);
        }
        await end.CancelAsync();
        await searching;
        searches.ShouldBeGreaterThan(10);
    }
}
