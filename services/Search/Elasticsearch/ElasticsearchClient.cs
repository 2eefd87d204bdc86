using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blog.Search.Engines;
using Microsoft.Extensions.Options;

namespace Blog.Search.Elasticsearch;

/// <summary>Elasticsearch refused a request; not because it is busy or away.</summary>
public sealed class ElasticsearchException(int status, string type, string reason) : Exception($"Elasticsearch answered {status} {type}: {reason}")
{
    public string Type { get; } = type;
}

/// <summary>Requests to Elasticsearch 9 with JSON bodies, and its answers in the words of the port.</summary>
sealed class ElasticsearchClient(IOptions<ElasticsearchOptions> options, IOptions<SearchOptions> search) : IDisposable
{
    // The API of version 9, whatever later version answers.
    const string Json = "application/vnd.elasticsearch+json", NdJson = "application/vnd.elasticsearch+x-ndjson", Compatible = ";compatible-with=9";

    readonly HttpClient http = Open(options.Value);

    static HttpClient Open(ElasticsearchOptions options)
    {
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(5), AutomaticDecompression = DecompressionMethods.GZip })
        {
            BaseAddress = new Uri(options.Address.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(Json + Compatible));
        if (options.ApiKey.Length > 0)
            http.DefaultRequestHeaders.Authorization = new("ApiKey", options.ApiKey);
        return http;
    }

    /// <summary>A request that somebody waits for.</summary>
    /// <exception cref="EngineAwayException">No answer in time, or none that is one.</exception>
    /// <exception cref="NoSuchIndexException">The index is not there.</exception>
    /// <exception cref="ElasticsearchException">It was refused.</exception>
    public Task<JsonNode> SearchAsync(string path, JsonObject body, CancellationToken cancel) => SendAsync(HttpMethod.Post, path, Content(body.ToJsonString(), Json), search.Value.Timeout, cancel);

    /// <summary>Several searches in one request.</summary>
    public Task<JsonNode> SearchManyAsync(string path, IEnumerable<JsonObject> lines, CancellationToken cancel) => SendAsync(HttpMethod.Post, path, Content(Lines(lines), NdJson), search.Value.Timeout, cancel);

    /// <summary>A request that changes something. The exceptions are those of <see cref="SearchAsync"/>.</summary>
    public Task<JsonNode> WriteAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancel) =>
        SendAsync(method, path, body is null ? null : Content(body.ToJsonString(), Json), options.Value.WriteTimeout, cancel);

    /// <summary>Lines for <c>_bulk</c>. A cluster that is busy as a whole answers with the status 429, which is no exception here.</summary>
    public async Task<(bool IsBusy, JsonNode Answer)> BulkAsync(string path, string lines, CancellationToken cancel)
    {
        try
        {
            return (false, await SendAsync(HttpMethod.Post, path, Content(lines, NdJson), options.Value.WriteTimeout, cancel, isBulk: true));
        }
        catch (ElasticsearchBusyException)
        {
            return (true, new JsonObject());
        }
    }

    /// <summary>Whether there is such an index or alias.</summary>
    public async Task<bool> ExistsAsync(string index, CancellationToken cancel)
    {
        using var response = await GuardAsync(token => http.SendAsync(new HttpRequestMessage(HttpMethod.Head, index), token), options.Value.WriteTimeout, cancel);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw new EngineAwayException($"Elasticsearch answered {(int)response.StatusCode}."),
        };
    }

    static string Lines(IEnumerable<JsonObject> lines) => string.Concat(lines.Select(line => line.ToJsonString() + "\n"));

    // The length is sent: a body in chunks is not read by every proxy in front of a cluster.
    static ByteArrayContent Content(string text, string type) => new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type + Compatible) } };

    async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? body, TimeSpan timeout, CancellationToken cancel, bool isBulk = false)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        var (status, answer) = await GuardAsync(async token =>
        {
            using var response = await http.SendAsync(request, token);
            return ((int)response.StatusCode, await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync(token), cancellationToken: token));
        }, timeout, cancel);
        if (status < 300 && answer is not null)
            return answer;
        var error = answer?["error"];
        var type = (error as JsonObject)?["type"]?.ToString() ?? "";
        throw status switch
        {
            404 when type is "index_not_found_exception" or "aliases_not_found_exception" => new NoSuchIndexException((error as JsonObject)?["index"]?.ToString() ?? path),
            429 => isBulk ? new ElasticsearchBusyException() : new EngineAwayException("Elasticsearch is busy."),
            408 or >= 500 => new EngineAwayException($"Elasticsearch answered {status} {type}."),
            _ => new ElasticsearchException(status, type, (error as JsonObject)?["reason"]?.ToString() ?? error?.ToString() ?? ""),
        };
    }

    static async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> send, TimeSpan timeout, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(timeout);
        try
        {
            return await send(deadline.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new EngineAwayException("Elasticsearch did not answer in time.", late);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or JsonException)
        {
            throw new EngineAwayException("Elasticsearch cannot be reached.", problem);
        }
    }

    public void Dispose() => http.Dispose();
}

/// <summary>Elasticsearch takes no more at the moment (429).</summary>
sealed class ElasticsearchBusyException() : Exception("Elasticsearch is busy.");
