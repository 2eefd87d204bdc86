using System.Diagnostics;
using System.Globalization;
using System.Text;
using Blog.Search.Elasticsearch;
using Blog.Search.Engines;
using Blog.Search.Queries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Blog.Search.Tests.Elasticsearch;

public sealed class ElasticsearchEngineTests : IAsyncLifetime
{
    readonly FakeElasticsearch server = new();
    ElasticsearchEngine? engine;
    ElasticsearchClient? client;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    ElasticsearchEngine Engine => engine!;

    public async ValueTask InitializeAsync()
    {
        await server.StartAsync();
        var options = Options.Create(new ElasticsearchOptions { Address = server.Address, ApiKey = "a2V5", Busy = TimeSpan.FromMilliseconds(1) });
        client = new(options, Options.Create(new SearchOptions { Timeout = TimeSpan.FromSeconds(5) }));
        engine = new(client, options, TimeProvider.System, NullLogger<ElasticsearchEngine>.Instance);
        await engine.StartAsync(Cancel);
        await engine.ExecuteTask!;
    }

    public async ValueTask DisposeAsync()
    {
        engine!.Dispose();
        client!.Dispose();
        await server.DisposeAsync();
    }

    static string Found(params string[] hits) =>
        $$"""{"took":4,"timed_out":false,"hits":{"total":{"value":{{hits.Length}},"relation":"eq"},"hits":[{{string.Join(',', hits)}}]},"""
        + "\"aggregations\":" + """{"topics":{"buckets":[{"key":"clocks","doc_count":3}]},"languages":{"buckets":[{"key":"de","doc_count":2},{"key":"","doc_count":1}]}}}""";

    static string Hit(Guid id, string title, string highlight = "{}", string more = "") =>
        $$"""{"_index":"blog-first-articles","_id":"{{id}}","_score":2.5,"_source":{"id":"{{id}}","author_id":"{{Guid.Empty}}","title":"{{title}}","description":"","body":"All of the text."{{more}}},"highlight":{{highlight}},"sort":[2.5,1700000000000,"{{id}}"]}""";

    ArticleSearch Search(string query, ArticleSort sort = ArticleSort.Relevance, int size = 2, string? cursor = null) => new(QueryParser.Parse(query), sort, size, cursor, [Guid.CreateVersion7()], DateTimeOffset.UtcNow);

    [Fact]
    public async Task The_first_index_is_made_with_its_aliases_and_only_once()
    {
        server.Aliases.ShouldBe(new Dictionary<string, string> { ["blog-serving-articles"] = "blog-first-articles", ["blog-serving-names"] = "blog-first-names", ["blog-serving-drafts"] = "blog-first-drafts" }, ignoreOrder: true);
        var made = server.Indexes;
        await Engine.StartAsync(Cancel);
        await Engine.ExecuteTask!;
        server.Indexes.ShouldBe(made);
    }

    [Fact]
    public async Task Older_revisions_are_passed_over_the_same_replaces_and_nothing_comes_back_after_its_removal()
    {
        var article = Make.Article("One", revision: 5);
        async Task<string?> TitleAsync(params SearchDocument[] documents)
        {
            await Engine.PutAsync(documents);
            return server.Documents("blog-serving-articles").GetValueOrDefault(article.Id)?["title"]?.ToString();
        }
        (await TitleAsync(article)).ShouldBe("One");
        (await TitleAsync(article with { Title = "Older", Revision = 4 })).ShouldBe("One");
        (await TitleAsync(article with { Title = "The same" })).ShouldBe("The same");
        await Engine.DeleteAsync(ISearchEngine.Serving, [new(DocumentKind.Article, article.Id, 4)], Cancel);
        server.Documents("blog-serving-articles").Keys.ShouldContain(article.Id);
        await Engine.DeleteAsync(ISearchEngine.Serving, [new(DocumentKind.Article, article.Id, 5), new(DocumentKind.Person, Guid.CreateVersion7().ToString(), 1)], Cancel);
        (await TitleAsync(article)).ShouldBeNull();
        (await TitleAsync(article with { Revision = 6 })).ShouldBe("One");
    }

    [Fact]
    public async Task Kinds_go_to_their_indexes_and_a_text_also_to_the_analyzer_of_its_language()
    {
        var (article, id) = (Make.Article("Die Uhr", "Sie geht nach.", "de-CH") with { Topics = [new("clocks", "Clocks")] }, Guid.CreateVersion7().ToString());
        await Engine.PutAsync(article, new PersonDocument(id, 1) { Name = "Ines", Handle = "ines", Followers = 3 }, new TopicDocument("clocks", 1) { Name = "Clocks", ArticleCount = 2 },
            new DraftDocument(id, 1) { OwnerId = Guid.CreateVersion7(), Title = "Plan", UpdateTime = DateTimeOffset.UtcNow, Language = "xx" });
        var stored = server.Documents("blog-serving-articles")[article.Id];
        stored["words"]!["de"]!["body"]!.ToString().ShouldBe("Sie geht nach.");
        stored["language"]!.ToString().ShouldBe("de");
        server.Documents("blog-serving-names").Keys.ShouldBe([$"person:{id}", "topic:clocks"], ignoreOrder: true);
        server.Documents("blog-serving-drafts")[id]["words"]!.ToJsonString().ShouldBe("{}");
    }

    [Fact]
    public async Task A_busy_cluster_is_given_less_at_a_time_and_nothing_is_lost()
    {
        var articles = Enumerable.Range(0, 20).Select(n => Make.Article($"Article {n}", new string('x', 1_000))).ToArray<SearchDocument>();
        server.BusyRequests = 2;
        server.BusyLines = 5;
        await Engine.PutAsync(articles);
        server.Documents("blog-serving-articles").Count.ShouldBe(20);
        var sizes = server.Requests.Where(sent => sent.Path == "_bulk").Select(sent => sent.Body.Length).ToArray();
        sizes.Length.ShouldBeGreaterThanOrEqualTo(4);
        server.Requests.Where(sent => sent.Path == "_bulk").ShouldAllBe(sent => sent.ContentType.StartsWith("application/vnd.elasticsearch+x-ndjson"));

        server.BusyRequests = int.MaxValue;
        await Should.ThrowAsync<EngineAwayException>(() => Engine.PutAsync(articles));
        server.BusyRequests = 0;
    }

    [Fact]
    public async Task A_document_that_the_mapping_cannot_take_is_named_and_is_no_outage()
    {
        var article = Make.Article("Odd");
        server.Malformed.Add(article.Id);
        (await Should.ThrowAsync<ElasticsearchException>(() => Engine.PutAsync(article))).Message.ShouldContain(article.Id);
    }

    [Fact]
    public async Task A_rebuilt_index_takes_the_aliases_in_one_request_and_the_former_one_is_dropped_afterwards()
    {
        await Engine.CreateIndexAsync("built_1", Cancel);
        await Engine.PutAsync("built_1", [Make.Article("New")], Cancel);
        (await Engine.CountAsync(ISearchEngine.Serving, DocumentKind.Article, Cancel)).ShouldBe(0);
        var former = await Engine.SwapAsync("built_1", Cancel);
        former.ShouldBe("first");
        server.Requests.Where(sent => sent.Path == "_aliases").Last().Json[0]["actions"]!.AsArray().Count.ShouldBe(6);
        (await Engine.CountAsync(ISearchEngine.Serving, DocumentKind.Article, Cancel)).ShouldBe(1);
        await Should.ThrowAsync<ArgumentException>(() => Engine.DropAsync("built_1", Cancel));
        await Engine.DropAsync(former, Cancel);
        server.Indexes.ShouldAllBe(index => index.StartsWith("blog-built_1-"));
        await Should.ThrowAsync<NoSuchIndexException>(() => Engine.PutAsync("built_2", [Make.Article("Nowhere")], Cancel));
        await Should.ThrowAsync<NoSuchIndexException>(() => Engine.SwapAsync("built_2", Cancel));
    }

    [Fact]
    public async Task What_is_found_comes_with_marked_words_filters_and_a_place_to_go_on_from()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
        server.Answers.Enqueue(Found(Hit(ids[0], "The clock", """{"words.en.title":["The \ue000clock\ue001"],"body":["a \ue000clock\ue001 ticks"]}"""), Hit(ids[1], "Members", more: ",\"members_only\":true"), Hit(ids[2], "Third")));
        var page = await Engine.SearchArticlesAsync(Search("clock"), Cancel);
        page.Articles.Select(article => article.Id).ShouldBe(ids[..2]);
        page.Articles[0].Title.ShouldBe([new("The ", false), new("clock", true)]);
        page.Articles[0].Passage.ShouldBe([new("a ", false), new("clock", true), new(" ticks", false)]);
        page.Articles[1].Passage.ShouldBeEmpty();
        (page.Total, page.Similar).ShouldBe((3, false));
        page.Topics.ShouldBe([new FacetCount("clocks", 3)]);
        page.Languages.ShouldBe([new FacetCount("de", 2)]);

        server.Answers.Enqueue(Found(Hit(ids[2], "Third")));
        (await Engine.SearchArticlesAsync(Search("clock", cursor: page.Next), Cancel)).Next.ShouldBeNull();
        server.Requests.Last().Json[0]["search_after"]!.ToJsonString().ShouldBe($"[2.5,1700000000000,\"{ids[1]}\"]");
        await Should.ThrowAsync<BadCursorException>(() => Engine.SearchArticlesAsync(Search("clock", cursor: "bm9uZQ"), Cancel));
    }

    [Fact]
    public async Task Where_nothing_fits_similar_words_are_looked_for_and_what_was_meant_is_said()
    {
        server.Answers.Enqueue("""{"took":1,"timed_out":false,"hits":{"total":{"value":0,"relation":"eq"},"hits":[]},"suggest":{"spelling":[{"text":"harbor clokc","offset":0,"length":12,"options":[{"text":"harbor clock","score":0.01}]}]}}""");
        server.Answers.Enqueue(Found(Hit(Guid.CreateVersion7(), "The harbor clock")));
        var page = await Engine.SearchArticlesAsync(Search("harbor clokc author:ines"), Cancel);
        (page.Similar, page.DidYouMean).ShouldBe((true, "harbor clock author:ines"));
        server.Requests.Last().Body.ShouldContain("\"fuzziness\":\"AUTO\"");
    }

    [Fact]
    public async Task Drafts_are_looked_for_with_their_owner_as_a_filter()
    {
        var owner = Guid.CreateVersion7();
        await Engine.SearchDraftsAsync(new(owner, QueryParser.Parse("plan -secret"), 10, null), Cancel);
        var sent = server.Requests.Last();
        sent.Path.ShouldBe("blog-serving-drafts/_search");
        sent.Json[0]["query"]!["bool"]!["filter"]!.ToJsonString().ShouldBe($$$$"""[{"term":{"owner_id":{"value":"{{{{owner}}}}"}}}]""");
    }

    [Fact]
    public async Task An_engine_that_is_silent_away_or_late_is_told_as_such()
    {
        server.Answers.Enqueue("""{"took":2000,"timed_out":true,"hits":{"total":{"value":0,"relation":"eq"},"hits":[]}}""");
        await Should.ThrowAsync<EngineAwayException>(() => Engine.SearchArticlesAsync(Search("late"), Cancel));

        var options = Options.Create(new ElasticsearchOptions { Address = server.Address });
        using var hasty = new ElasticsearchClient(options, Options.Create(new SearchOptions { Timeout = TimeSpan.FromMilliseconds(100) }));
        using var other = new ElasticsearchEngine(hasty, options, TimeProvider.System, NullLogger<ElasticsearchEngine>.Instance);
        server.IsSilent = true;
        await Should.ThrowAsync<EngineAwayException>(() => other.SearchArticlesAsync(Search("silent"), Cancel));
        server.IsSilent = false;

        using var nobody = new ElasticsearchClient(Options.Create(new ElasticsearchOptions { Address = "http://127.0.0.1:1" }), Options.Create(new SearchOptions()));
        using var alone = new ElasticsearchEngine(nobody, options, TimeProvider.System, NullLogger<ElasticsearchEngine>.Instance);
        await Should.ThrowAsync<EngineAwayException>(() => alone.PutAsync(Make.Article("Nobody")));
    }

    [Theory]
    [InlineData("the har", "The Harbour Clock", "the harbour")]
    [InlineData("CLO", "The Harbour Clock", "clock")]
    [InlineData("our", "The Harbour Clock", null)]
    public void What_was_typed_is_completed_from_titles(string typed, string title, string? completed) => ElasticsearchEngine.Completed(typed, title).ShouldBe(completed);

    [Fact]
    public async Task Every_request_is_one_that_the_published_types_of_the_api_allow()
    {
        var folder = Path.Combine(Source(), "api");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules")), "The types of Elasticsearch are not installed: ./blog build does it.");

        await Engine.CreateIndexAsync("built_1", Cancel);
        await Engine.PutAsync(Make.Article("One", "Text", "de") with { Topics = [new("a", "A")] }, new PersonDocument("p", 1) { Name = "P", Handle = "p" });
        await Engine.DeleteAsync(ISearchEngine.Serving, [new(DocumentKind.Topic, "a", 1)], Cancel);
        await Engine.SwapAsync("built_1", Cancel);
        foreach (var query in new[] { "words \"a phrase\" -none author:ines -author:jun topic:rust -topic:go lang:de before:2024 after:2020-02-01", "topic:only", "東京 Donaudampfschifffahrt" })
            foreach (var sort in Enum.GetValues<ArticleSort>())
                await Engine.SearchArticlesAsync(Search(query, sort), Cancel);
        server.Answers.Enqueue(Found(Enumerable.Range(0, 3).Select(_ => Hit(Guid.CreateVersion7(), "A")).ToArray()));
        await Engine.SearchArticlesAsync(Search("next", cursor: (await Engine.SearchArticlesAsync(Search("next"), Cancel)).Next), Cancel);
        await Engine.SearchNamesAsync(DocumentKind.Person, new("ines mar", 5, null, [Guid.CreateVersion7()]), Cancel);
        await Engine.SearchDraftsAsync(new(Guid.CreateVersion7(), QueryParser.Parse("plan"), 5, null), Cancel);
        await Engine.SuggestAsync("har", [Guid.CreateVersion7()], Cancel);
        await Engine.CountAsync(ISearchEngine.Serving, DocumentKind.Topic, Cancel);

        var (exit, said) = await CheckAsync(folder, TypeScript());
        exit.ShouldBe(0, said);
        // The check finds what is wrong.
        (await CheckAsync(folder, TypeScript() + "export const wrong: estypes.SearchRequest = { query: { multi_match: { query: 'a', operater: 'and' } } };\n")).Exit.ShouldNotBe(0);
    }

    /// <summary>Each request as a constant of the type that the API has for it.</summary>
    string TypeScript()
    {
        var text = new StringBuilder("import type { estypes } from '@elastic/elasticsearch';\n");
        var number = 0;
        foreach (var sent in server.Requests.Where(sent => sent.Body.Length > 0))
        {
            var types = sent.Path.Split('/') switch
            {
                [.., "_search"] => ["SearchRequest"],
                [.., "_count"] => ["CountRequest"],
                [.., "_settings"] => ["IndicesIndexSettings"],
                ["_aliases"] => ["IndicesUpdateAliasesRequest"],
                ["_msearch"] => ["MsearchMultisearchHeader", "SearchSearchRequestBody"],
                ["_bulk"] => ["BulkOperationContainer"],
                [_] => (string[])["Omit<estypes.IndicesCreateRequest, 'index'>"],
                _ => throw new InvalidOperationException($"No type is known for {sent.Path}."),
            };
            // Lines of a bulk request that are no actions are documents, of our own shape.
            var bodies = sent.Path == "_bulk" ? sent.Json.Where(line => line.ContainsKey("index") || line.ContainsKey("delete")).ToArray() : sent.Json;
            for (var at = 0; at < bodies.Count; at++)
                text.AppendLine(CultureInfo.InvariantCulture, $"export const r{number++}: {(types[at % types.Length].StartsWith("Omit", StringComparison.Ordinal) ? "" : "estypes.")}{types[at % types.Length]} = {bodies[at].ToJsonString()};");
        }
        return text.ToString();
    }

    static async Task<(int Exit, string Said)> CheckAsync(string folder, string code)
    {
        var file = Path.Combine(folder, $"sent-{Guid.NewGuid():N}.ts");
        await File.WriteAllTextAsync(file, code, Cancel);
        try
        {
            using var check = Process.Start(new ProcessStartInfo("node", ["node_modules/typescript/bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022", file])
            { WorkingDirectory = folder, RedirectStandardOutput = true })!;
            var said = await check.StandardOutput.ReadToEndAsync(Cancel);
            await check.WaitForExitAsync(Cancel);
            return (check.ExitCode, said);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static string Source([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
