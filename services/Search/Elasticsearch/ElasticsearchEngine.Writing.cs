using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Blog.Search.Engines;

namespace Blog.Search.Elasticsearch;

partial class ElasticsearchEngine
{
    const int Tries = 8;

    // Bytes of the next bulk request: halved when the cluster is busy, doubled when it was not.
    int room = Math.Max(1, options.Value.BulkBytes);

    public Task PutAsync(string index, IReadOnlyList<SearchDocument> documents, CancellationToken cancel) =>
        BulkAsync(index, [.. documents.Select(document => new Line(PartOf(document.Kind), IdOf(document.Kind, document.Id), Action("index", index, document.Kind, document.Id, 2 * document.Revision), Source(document)))], cancel);

    public Task DeleteAsync(string index, IReadOnlyList<Removal> removals, CancellationToken cancel) =>
        BulkAsync(index, [.. removals.Select(removal => new Line(PartOf(removal.Kind), IdOf(removal.Kind, removal.Id), Action("delete", index, removal.Kind, removal.Id, 2 * removal.Revision + 1), null))], cancel);

    /// <summary>
    /// Versions come from outside (<c>external_gte</c>): twice the revision, and one more for a removal. So the same revision replaces itself but does not come back after its removal, and
    /// what is older is refused by Elasticsearch itself.
    /// </summary>
    JsonObject Action(string action, string index, DocumentKind kind, string id, long version) => new()
    {
        [action] = new JsonObject { ["_index"] = Name(index, PartOf(kind)), ["_id"] = IdOf(kind, id), ["version"] = version, ["version_type"] = "external_gte" },
    };

    // People, publications and topics share an index.
    static string IdOf(DocumentKind kind, string id) => PartOf(kind) == IndexBodies.Names ? $"{QueryBodies.NameOf(kind)}:{id}" : id;

    sealed record Line(string Part, string Id, JsonObject Action, JsonObject? Source)
    {
        public string Text { get; } = Action.ToJsonString() + "\n" + (Source is null ? "" : Source.ToJsonString() + "\n");
    }

    /// <summary>
    /// Sends lines in requests of bounded size. What the cluster refuses because it is busy (429, of the request or of single lines) is sent again after a pause, in half the size; everything else
    /// is sent once.
    /// </summary>
    async Task BulkAsync(string index, IReadOnlyList<Line> lines, CancellationToken cancel)
    {
        var isServing = index == ISearchEngine.Serving;
        // A bulk request makes an index that is missing, with whatever mapping it guesses.
        if (!isServing && !await client.ExistsAsync(Name(index, IndexBodies.Articles), cancel))
            throw new NoSuchIndexException(index);
        var path = isServing ? "_bulk?refresh=wait_for&require_alias=true" : "_bulk?refresh=false";
        var waiting = new Queue<Line>(lines);
        var (tries, pause) = (0, settings.Busy);
        while (waiting.Count > 0)
        {
            var chunk = Take(waiting, Volatile.Read(ref room));
            var (isBusy, answer) = await client.BulkAsync(path, string.Concat(chunk.Select(line => line.Text)), cancel);
            var refused = isBusy ? chunk : Refused(index, chunk, answer);
            if (refused.Count == 0)
            {
                Volatile.Write(ref room, Math.Min(settings.BulkBytes, Volatile.Read(ref room) * 2));
                (tries, pause) = (0, settings.Busy);
                continue;
            }
            if (++tries == Tries)
                throw new EngineAwayException("Elasticsearch is busy.");
            Volatile.Write(ref room, Math.Max(1, Volatile.Read(ref room) / 2));
            waiting = new(refused.Concat(waiting));
            await Task.Delay(pause, time, cancel);
            pause *= 2;
        }
    }

    static List<Line> Take(Queue<Line> waiting, int bytes)
    {
        var chunk = new List<Line>();
        while (waiting.TryPeek(out var next) && (chunk.Count == 0 || (bytes -= Encoding.UTF8.GetByteCount(next.Text)) >= 0))
            chunk.Add(waiting.Dequeue());
        return chunk;
    }

    /// <summary>Lines that the cluster was too busy for. A version that is too old, and a removal of what is not there, are what the port promises to pass over.</summary>
    static List<Line> Refused(string index, List<Line> chunk, JsonNode answer)
    {
        var refused = new List<Line>();
        if (answer["errors"]?.GetValue<bool>() != true)
            return refused;
        foreach (var (line, item) in chunk.Zip(answer["items"]!.AsArray()))
        {
            var outcome = item!.AsObject().First().Value!;
            var status = outcome["status"]!.GetValue<int>();
            var type = outcome["error"]?["type"]?.ToString() ?? "";
            if (status == 429)
                refused.Add(line);
            else if (type is "index_not_found_exception")
                throw new NoSuchIndexException(index);
            else if (status >= 400 && status != 404 && type != "version_conflict_engine_exception")
                throw status >= 500
                    ? new EngineAwayException($"Elasticsearch answered {status} {type}.")
                    : new ElasticsearchException(status, type, $"{line.Id}: {outcome["error"]?["reason"]}");
        }
        return refused;
    }

    static JsonObject Source(SearchDocument document) => document switch
    {
        ArticleDocument article => new JsonObject
        {
            ["id"] = article.Id, ["author_id"] = article.AuthorId.ToString(),
            ["author_ids"] = Strings(article.CoAuthors.Select(other => other.Id.ToString()).Prepend(article.AuthorId.ToString())),
            ["author_name"] = Strings(article.CoAuthors.Select(other => other.Name).Prepend(article.AuthorName)),
            ["author_handle"] = Strings(article.CoAuthors.Select(other => other.Handle).Prepend(article.AuthorHandle).Select(handle => handle.ToLowerInvariant())),
            ["publication_id"] = article.PublicationId?.ToString(), ["slug"] = article.Slug, ["title"] = article.Title, ["description"] = article.Description, ["body"] = article.Body,
            ["topics"] = new JsonArray([.. article.Topics.Select(topic => new JsonObject { ["slug"] = topic.Slug, ["name"] = topic.Name })]),
            ["language"] = Primary(article.Language), ["publish_time"] = Time(article.PublishTime), ["claps"] = article.Claps, ["responses"] = article.Responses, ["members_only"] = article.MembersOnly,
            ["words"] = Words(article.Language, article.Title, article.Description, article.Body),
        },
        DraftDocument draft => new JsonObject
        {
            ["id"] = draft.Id, ["owner_id"] = Strings(draft.CoOwnerIds.Prepend(draft.OwnerId).Select(id => id.ToString())), ["title"] = draft.Title, ["description"] = draft.Description, ["body"] = draft.Body, ["update_time"] = Time(draft.UpdateTime),
            ["words"] = Words(draft.Language, draft.Title, draft.Description, draft.Body),
        },
        PersonDocument person => Named(person, person.Name, person.Handle, person.Bio, person.Followers, 0),
        PublicationDocument publication => Named(publication, publication.Name, publication.Handle, publication.Description, publication.Followers, 0),
        TopicDocument topic => Named(topic, topic.Name, topic.Id, "", topic.ArticleCount, topic.ArticleCount),
        _ => throw new ArgumentException($"There are no documents of kind {document.Kind}.", nameof(document)),
    };

    static JsonArray Strings(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    static JsonObject Named(SearchDocument document, string name, string handle, string about, long popularity, int articles) => new()
    {
        ["id"] = document.Id, ["kind"] = QueryBodies.NameOf(document.Kind), ["name"] = name, ["handle"] = handle, ["about"] = about, ["popularity"] = Math.Max(0, popularity), ["article_count"] = articles,
    };

    /// <summary>The text once more for the analyzer of its language, if there is one.</summary>
    static JsonObject Words(string language, string title, string description, string body) => !IndexBodies.Analyzers.ContainsKey(Primary(language)) ? [] : new()
    {
        [Primary(language)] = new JsonObject { ["title"] = title, ["description"] = description, ["body"] = body },
    };

    static string Primary(string language) => language.Split('-', '_')[0].ToLowerInvariant();

    static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
