using System.Text.Json.Nodes;
using Blog.Search.Engines;
using Microsoft.Extensions.Options;

namespace Blog.Search.Elasticsearch;

/// <summary>
/// Finds by Elasticsearch 9: the engine to scale on. Each index of the port is three of Elasticsearch (<see cref="IndexBodies"/>); what serves has aliases, and a swap moves all three in one request.
/// It was not run against a server here; what it sends is checked against the published types of the API (tests/Blog.Search.Tests/Elasticsearch).
/// </summary>
sealed partial class ElasticsearchEngine(ElasticsearchClient client, IOptions<ElasticsearchOptions> options, TimeProvider time, ILogger<ElasticsearchEngine> log) : BackgroundService, ISearchEngine
{
    static readonly string[] Parts = [IndexBodies.Articles, IndexBodies.Names, IndexBodies.Drafts];

    readonly ElasticsearchOptions settings = options.Value;

    // The name of an index, or of the alias of what serves.
    string Name(string index, string part) => $"{settings.Prefix}-{index}-{part}";

    static string PartOf(DocumentKind kind) => kind switch { DocumentKind.Article => IndexBodies.Articles, DocumentKind.Draft => IndexBodies.Drafts, _ => IndexBodies.Names };

    /// <summary>Makes the serving index where there is none. A cluster that is away does not keep the service from starting: searches say so until it is back.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        const string first = "first";
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                if (await client.ExistsAsync(Name(ISearchEngine.Serving, IndexBodies.Articles), stoppingToken))
                    return;
                foreach (var part in Parts)
                    if (!await client.ExistsAsync(Name(first, part), stoppingToken))
                        await client.WriteAsync(HttpMethod.Put, Name(first, part), IndexBodies.Create(part, settings.Shards), stoppingToken);
                await ServeAsync(first, stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is EngineAwayException or ElasticsearchException)
            {
                log.LogWarning("The first index waits, {Reason}", exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
    }

    public async Task CreateIndexAsync(string index, CancellationToken cancel)
    {
        await DropAsync(index, cancel);
        foreach (var part in Parts)
            await client.WriteAsync(HttpMethod.Put, Name(NotServing(index), part), IndexBodies.Create(part, settings.Shards), cancel);
    }

    public async Task<string> SwapAsync(string index, CancellationToken cancel)
    {
        if (!await client.ExistsAsync(Name(NotServing(index), IndexBodies.Articles), cancel))
            throw new NoSuchIndexException(index);
        // Found before it is searched, not a second later.
        await client.WriteAsync(HttpMethod.Post, $"{Name(index, "*")}/_refresh", null, cancel);
        return await ServeAsync(index, cancel);
    }

    /// <summary>Gives the aliases of the serving index to this one, all in one step.</summary>
    /// <returns>The index that had them.</returns>
    async Task<string> ServeAsync(string index, CancellationToken cancel)
    {
        foreach (var part in Parts)
            await client.WriteAsync(HttpMethod.Put, $"{Name(index, part)}/_settings", IndexBodies.Serving(settings.Replicas), cancel);
        var former = await ServingAsync(cancel);
        var actions = new JsonArray();
        foreach (var part in Parts)
        {
            var alias = Name(ISearchEngine.Serving, part);
            if (former is not null)
                actions.Add(new JsonObject { ["remove"] = new JsonObject { ["index"] = Name(former, part), ["alias"] = alias } });
            actions.Add(new JsonObject { ["add"] = new JsonObject { ["index"] = Name(index, part), ["alias"] = alias } });
        }
        await client.WriteAsync(HttpMethod.Post, "_aliases", new JsonObject { ["actions"] = actions }, cancel);
        return former ?? index;
    }

    /// <summary>Which index serves; null: none does yet.</summary>
    async Task<string?> ServingAsync(CancellationToken cancel)
    {
        var alias = Name(ISearchEngine.Serving, IndexBodies.Articles);
        if (!await client.ExistsAsync(alias, cancel))
            return null;
        var answer = await client.WriteAsync(HttpMethod.Get, $"_alias/{alias}", null, cancel);
        return answer.AsObject().Select(entry => entry.Key[(settings.Prefix.Length + 1)..^(IndexBodies.Articles.Length + 1)]).Single();
    }

    public async Task DropAsync(string index, CancellationToken cancel)
    {
        if (await ServingAsync(cancel) == NotServing(index))
            throw new ArgumentException("The index that serves is not dropped.", nameof(index));
        foreach (var part in Parts)
            await client.WriteAsync(HttpMethod.Delete, $"{Name(index, part)}?ignore_unavailable=true", null, cancel);
    }

    public async Task<long> CountAsync(string index, DocumentKind kind, CancellationToken cancel)
    {
        var name = Name(index, PartOf(kind));
        var query = PartOf(kind) == IndexBodies.Names
            ? new JsonObject { ["query"] = new JsonObject { ["term"] = new JsonObject { ["kind"] = new JsonObject { ["value"] = QueryBodies.NameOf(kind) } } } }
            : new JsonObject { ["query"] = new JsonObject { ["match_all"] = new JsonObject() } };
        return (await client.WriteAsync(HttpMethod.Post, $"{name}/_count", query, cancel))["count"]!.GetValue<long>();
    }

    static string NotServing(string index) =>
        index == ISearchEngine.Serving ? throw new ArgumentException("The index that serves is neither made, swapped nor dropped.", nameof(index)) : index;
}
