using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Blog.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Blog.Search.Tests.Elasticsearch;

/// <summary>A request as it came.</summary>
public sealed record SentRequest(string Method, string Path, string Query, string ContentType, string Body)
{
    /// <summary>The body, or each line of it.</summary>
    public IReadOnlyList<JsonObject> Json => [.. (ContentType.Contains("ndjson", StringComparison.Ordinal) ? Body.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [Body]).Where(text => text.Length > 0).Select(text => JsonNode.Parse(text)!.AsObject())];
}

/// <summary>
/// Stands where Elasticsearch stands: keeps every request, and answers in its shapes. Indexes, aliases and versions are as Elasticsearch documents them; searches answer what a test put there.
/// </summary>
public sealed class FakeElasticsearch : IAsyncDisposable
{
    readonly Lock gate = new();
    readonly Dictionary<string, Dictionary<string, (long Version, JsonNode? Source)>> indexes = [];
    readonly Dictionary<string, string> aliases = [];
    FakeServer? server;

    public ConcurrentQueue<SentRequest> Requests { get; } = new();

    /// <summary>What the next searches answer; then: nothing was found.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    /// <summary>So many bulk requests are refused as a whole.</summary>
    public int BusyRequests { get; set; }

    /// <summary>So many lines of bulk requests are refused.</summary>
    public int BusyLines { get; set; }

    /// <summary>Ids that the mapping cannot take.</summary>
    public HashSet<string> Malformed { get; } = [];

    /// <summary>No answer comes.</summary>
    public bool IsSilent { get; set; }

    public string Address => server!.Http;

    public async Task StartAsync() => server = await FakeServer.StartAsync(_ => { }, app => app.Run(AnswerAsync));

    public ValueTask DisposeAsync() => server!.DisposeAsync();

    public IReadOnlyDictionary<string, string> Aliases
    {
        get
        {
            lock (gate)
                return new Dictionary<string, string>(aliases);
        }
    }

    public IReadOnlyList<string> Indexes
    {
        get
        {
            lock (gate)
                return [.. indexes.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The documents of an index or alias.</summary>
    public IReadOnlyDictionary<string, JsonNode> Documents(string name)
    {
        lock (gate)
            return indexes[aliases.GetValueOrDefault(name, name)].Where(entry => entry.Value.Source is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Source!);
    }

    async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var sent = new SentRequest(http.Request.Method, Uri.UnescapeDataString(http.Request.Path.Value!.TrimStart('/')), http.Request.QueryString.Value!.TrimStart('?'), http.Request.ContentType ?? "", await reader.ReadToEndAsync());
        Requests.Enqueue(sent);
        if (IsSilent)
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        var (status, answer) = Answer(sent);
        http.Response.StatusCode = status;
        http.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
        http.Response.ContentType = "application/vnd.elasticsearch+json;compatible-with=9";
        if (sent.Method != "HEAD")
            await http.Response.WriteAsync(answer.ToJsonString());
    }

    (int Status, JsonNode Answer) Answer(SentRequest sent)
    {
        var parts = sent.Path.Split('/');
        lock (gate)
            return (sent.Method, parts) switch
            {
                ("HEAD", [var name]) => (indexes.ContainsKey(name) || aliases.ContainsKey(name) ? 200 : 404, new JsonObject()),
                ("PUT", [var name]) => indexes.TryAdd(name, []) ? (200, Acknowledged()) : (400, Error("resource_already_exists_exception", name, 400)),
                ("PUT", [var name, "_settings"]) => indexes.ContainsKey(name) ? (200, Acknowledged()) : (404, Missing(name)),
                ("DELETE", [var name]) => Remove(name),
                ("POST", [_, "_refresh"]) => (200, new JsonObject { ["_shards"] = new JsonObject { ["total"] = 3, ["successful"] = 3, ["failed"] = 0 } }),
                ("GET", ["_alias", var name]) => (200, new JsonObject { [aliases[name]] = new JsonObject { ["aliases"] = new JsonObject { [name] = new JsonObject() } } }),
                ("POST", ["_aliases"]) => Move(sent.Json[0]["actions"]!.AsArray()),
                ("POST", ["_bulk"]) => Bulk(sent),
                ("POST", [var name, "_count"]) => indexes.TryGetValue(aliases.GetValueOrDefault(name, name), out var documents)
                    ? (200, new JsonObject { ["count"] = documents.Values.Count(document => document.Source is not null) })
                    : (404, Missing(name)),
                ("POST", [var name, "_search"]) => aliases.ContainsKey(name) ? Search() : (404, Missing(name)),
                ("POST", ["_msearch"]) => (200, new JsonObject { ["took"] = 2, ["responses"] = new JsonArray([.. Enumerable.Range(0, sent.Json.Count / 2).Select(_ => Search().Answer)]) }),
                _ => (400, Error("illegal_argument_exception", $"{sent.Method} {sent.Path}", 400)),
            };
    }

    (int, JsonNode) Remove(string name)
    {
        indexes.Remove(name);
        return (200, Acknowledged());
    }

    // All actions or none, as the API promises.
    (int, JsonNode) Move(JsonArray actions)
    {
        foreach (var action in actions)
        {
            var (kind, what) = action!.AsObject().Single();
            var (index, alias) = (what!["index"]!.ToString(), what["alias"]!.ToString());
            if (!indexes.ContainsKey(index))
                return (404, Missing(index));
            if (kind == "remove" && aliases.GetValueOrDefault(alias) == index)
                aliases.Remove(alias);
            if (kind == "add")
                aliases[alias] = index;
        }
        return (200, Acknowledged());
    }

    (int, JsonNode) Bulk(SentRequest sent)
    {
        if (BusyRequests > 0)
        {
            BusyRequests--;
            return (429, Error("es_rejected_execution_exception", "rejected execution of coordinating operation", 429));
        }
        var (items, lines) = (new JsonArray(), sent.Json);
        for (var at = 0; at < lines.Count; at++)
        {
            var (action, what) = lines[at].Single();
            var (name, id, version) = (what!["_index"]!.ToString(), what["_id"]!.ToString(), what["version"]!.GetValue<long>());
            var source = action == "index" ? lines[++at] : null;
            var (status, error) = (200, "");
            if (BusyLines > 0)
            {
                BusyLines--;
                (status, error) = (429, "es_rejected_execution_exception");
            }
            else if (Malformed.Contains(id))
                (status, error) = (400, "document_parsing_exception");
            else if (sent.Query.Contains("require_alias=true", StringComparison.Ordinal) && !aliases.ContainsKey(name))
                (status, error) = (404, "index_not_found_exception");
            else
            {
                if (!indexes.TryGetValue(aliases.GetValueOrDefault(name, name), out var documents))
                    indexes[name] = documents = [];
                var known = documents.GetValueOrDefault(id, (-1, null));
                if (version < known.Version)
                    (status, error) = (409, "version_conflict_engine_exception");
                else
                {
                    documents[id] = (version, source);
                    status = action == "delete" && known.Source is null ? 404 : 200;
                }
            }
            var outcome = new JsonObject { ["_index"] = name, ["_id"] = id, ["status"] = status };
            if (error.Length > 0)
                outcome["error"] = new JsonObject { ["type"] = error, ["reason"] = $"[{id}]: {error}" };
            items.Add(new JsonObject { [action] = outcome });
        }
        return (200, new JsonObject { ["took"] = 3, ["errors"] = items.Any(item => item!.AsObject().Single().Value!["error"] is not null), ["items"] = items });
    }

    (int Status, JsonNode Answer) Search() => (200, JsonNode.Parse(Answers.TryDequeue(out var answer) ? answer : """{"took":1,"timed_out":false,"hits":{"total":{"value":0,"relation":"eq"},"hits":[]}}""")!);

    static JsonObject Acknowledged() => new() { ["acknowledged"] = true };

    static JsonObject Missing(string index) => Error("index_not_found_exception", $"no such index [{index}]", 404);

    static JsonObject Error(string type, string reason, int status) => new() { ["error"] = new JsonObject { ["type"] = type, ["reason"] = reason }, ["status"] = status };
}
