using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blog.Search.Engines;
using Blog.Search.Queries;

namespace Blog.Search.Elasticsearch;

partial class ElasticsearchEngine
{
    const int SuggestedArticles = 5, SuggestedNames = 3, SuggestedQueries = 5;

    string Articles => Name(ISearchEngine.Serving, IndexBodies.Articles);

    public async Task<ArticlePage> SearchArticlesAsync(ArticleSearch search, CancellationToken cancel)
    {
        var place = Place.Read(search.Cursor);
        // Pages of one search agree on the moment and on whether similar words do.
        if (place is not null)
            search = search with { Now = place.Now, Query = place.Words.Length > 0 ? Meant(search.Query, place.Words) : search.Query };
        var isSimilar = place?.IsSimilar ?? false;
        var answer = await FindAsync(search, place, isSimilar, cancel);
        var meant = answer["suggest"]?["spelling"]?[0]?["options"]?.AsArray().FirstOrDefault()?["text"]?.ToString() ?? "";
        var didYouMean = meant.Length > 0 ? Meant(search.Query, meant).ToText() : "";
        var words = place?.Words ?? "";
        if (place is null && Total(answer) == 0 && search.Query.Parts.Any(part => !part.Excluded))
        {
            if (meant.Length > 0)
                (search, words) = (search with { Query = Meant(search.Query, meant) }, meant);
            isSimilar = true;
            answer = await FindAsync(search, null, isSimilar, cancel);
        }
        var hits = Hits(answer);
        return new ArticlePage(
            [.. hits.Take(search.Size).Select(hit => new FoundArticle(Guid.Parse(Text(hit, "id")), Guid.Parse(Text(hit, "author_id")), Whole(hit, "title"),
                hit["_source"]?["members_only"]?.GetValue<bool>() == true ? [] : Passage(hit)))],
            hits.Count > search.Size ? new Place(search.Now, isSimilar, words, hits[search.Size - 1]["sort"]!.AsArray()).ToString() : null,
            (int)Math.Min(ArticlePage.MaxTotal, Total(answer)), didYouMean, isSimilar && hits.Count > 0, Facets(answer, "topics"), Facets(answer, "languages"));
    }

    // The same copy of each shard for all pages of a search: copies differ in what they count of removed documents, and so in their scores.
    Task<JsonNode> FindAsync(ArticleSearch search, Place? place, bool isSimilar, CancellationToken cancel) =>
        AskAsync($"{Articles}/_search?preference={Same(search.Query.ToText())}", QueryBodies.Articles(search, place?.After, isSimilar), cancel);

    public async Task<NamePage> SearchNamesAsync(DocumentKind kind, NameSearch search, CancellationToken cancel)
    {
        var place = Place.Read(search.Cursor);
        var isSimilar = place?.IsSimilar ?? false;
        var path = $"{Name(ISearchEngine.Serving, IndexBodies.Names)}/_search?preference={Same(search.Text)}";
        var hits = Hits(await AskAsync(path, QueryBodies.Names(kind, search, place?.After, isSimilar), cancel));
        if (hits.Count == 0 && place is null)
        {
            isSimilar = true;
            hits = Hits(await AskAsync(path, QueryBodies.Names(kind, search, null, isSimilar), cancel));
        }
        return new([.. hits.Take(search.Size).Select(Named)], hits.Count > search.Size ? new Place(time.GetUtcNow(), isSimilar, "", hits[search.Size - 1]["sort"]!.AsArray()).ToString() : null);
    }

    public async Task<DraftPage> SearchDraftsAsync(DraftSearch search, CancellationToken cancel)
    {
        var place = Place.Read(search.Cursor);
        var hits = Hits(await AskAsync($"{Name(ISearchEngine.Serving, IndexBodies.Drafts)}/_search?preference={Same(search.OwnerId.ToString())}", QueryBodies.Drafts(search, place?.After), cancel));
        return new(
            [.. hits.Take(search.Size).Select(hit => new FoundDraft(Guid.Parse(Text(hit, "id")), Whole(hit, "title"), Passage(hit), DateTimeOffset.Parse(Text(hit, "update_time"), CultureInfo.InvariantCulture)))],
            hits.Count > search.Size ? new Place(time.GetUtcNow(), false, "", hits[search.Size - 1]["sort"]!.AsArray()).ToString() : null);
    }

    public async Task<Suggestions> SuggestAsync(string prefix, IReadOnlyCollection<Guid> hidden, CancellationToken cancel)
    {
        if (!prefix.EnumerateRunes().Any(Rune.IsLetterOrDigit))
            return new([], [], [], [], []);
        DocumentKind[] kinds = [DocumentKind.Person, DocumentKind.Topic, DocumentKind.Publication];
        var lines = new List<JsonObject> { new() { ["index"] = Articles }, QueryBodies.Typed(prefix, hidden, SuggestedArticles) };
        foreach (var kind in kinds)
        {
            lines.Add(new() { ["index"] = Name(ISearchEngine.Serving, IndexBodies.Names) });
            lines.Add(QueryBodies.Names(kind, new(prefix, SuggestedNames - 1, null, kind == DocumentKind.Person ? hidden : []), null, isSimilar: false));
        }
        var answers = (await client.SearchManyAsync("_msearch", lines, cancel))["responses"]!.AsArray();
        foreach (var answer in answers)
            MustBeWhole(answer!);
        var articles = Hits(answers[0]!);
        var names = answers.Skip(1).Select(answer => (IReadOnlyList<FoundName>)[.. Hits(answer!).Select(Named)]).ToArray();
        return new(
            [.. articles.Select(hit => Completed(prefix, Text(hit, "title"))).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(SuggestedQueries)],
            [.. articles.Select(hit => new FoundArticle(Guid.Parse(Text(hit, "id")), Guid.Parse(Text(hit, "author_id")), [new(Text(hit, "title"), false)], []))],
            names[0], names[1], names[2]);
    }

    /// <summary>What was typed, completed to the end of its last word as a title has it; null: the title has it otherwise.</summary>
    internal static string? Completed(string typed, string title)
    {
        var (sought, whole) = (string.Join(' ', typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant(), title.ToLowerInvariant());
        for (var at = whole.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = whole.IndexOf(sought, at + 1, StringComparison.Ordinal))
        {
            if (at > 0 && char.IsLetterOrDigit(whole[at - 1]))
                continue;
            var end = at + sought.Length;
            while (end < whole.Length && (char.IsLetterOrDigit(whole[end]) || whole[end] is '\'' or '’' or '-'))
                end++;
            return whole[at..end];
        }
        return null;
    }

    async Task<JsonNode> AskAsync(string path, JsonObject body, CancellationToken cancel)
    {
        try
        {
            var answer = await client.SearchAsync(path, body, cancel);
            MustBeWhole(answer);
            return answer;
        }
        // Aliases that are not there yet: the service has just been started on an empty cluster.
        catch (NoSuchIndexException gone)
        {
            throw new EngineAwayException("The index is not there yet.", gone);
        }
    }

    static void MustBeWhole(JsonNode answer)
    {
        if (answer["timed_out"]?.GetValue<bool>() == true || answer["error"] is not null)
            throw new EngineAwayException("Elasticsearch did not answer in time.");
    }

    /// <summary>The search as it was probably meant: other words, everything else the same.</summary>
    static ParsedQuery Meant(ParsedQuery query, string words) => query with
    {
        Parts = [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new QueryPart(word)), .. query.Parts.Where(part => part.Excluded || part.IsPhrase)],
    };

    static List<JsonNode> Hits(JsonNode answer) => [.. answer["hits"]!["hits"]!.AsArray().OfType<JsonNode>()];

    static long Total(JsonNode answer) => answer["hits"]!["total"]!["value"]!.GetValue<long>();

    static List<FacetCount> Facets(JsonNode answer, string name) =>
        [.. (answer["aggregations"]?[name]?["buckets"]?.AsArray() ?? []).Select(bucket => new FacetCount(bucket!["key"]!.ToString(), (int)bucket["doc_count"]!.GetValue<long>())).Where(facet => facet.Id.Length > 0)];

    static FoundName Named(JsonNode hit) => new(Text(hit, "id"), Whole(hit, "name"), hit["_source"]?["article_count"]?.GetValue<int>() ?? 0);

    static string Text(JsonNode hit, string field) => hit["_source"]?[field]?.ToString() ?? "";

    /// <summary>A whole field, marked where words were found in it, as it is written or in its language.</summary>
    static List<TextPiece> Whole(JsonNode hit, string field) => Pieces(Marked(hit, field) ?? Text(hit, field));

    /// <summary>The passage that fits best, or else the description, or else how the text begins.</summary>
    static List<TextPiece> Passage(JsonNode hit) => Pieces(Marked(hit, "body") ?? Marked(hit, "description") ?? (Text(hit, "description") is { Length: > 0 } description ? description : Beginning(Text(hit, "body"))));

    static string? Marked(JsonNode hit, string field) => hit["highlight"]?.AsObject()
        .Where(entry => entry.Key == field || entry.Key.StartsWith("words.", StringComparison.Ordinal) && entry.Key.EndsWith("." + field, StringComparison.Ordinal))
        .Select(entry => entry.Value?[0]?.ToString()).FirstOrDefault(text => text is { Length: > 0 });

    static string Beginning(string text)
    {
        if (text.Length <= 240)
            return text;
        var end = text.LastIndexOf(' ', 240);
        return text[..(end > 120 ? end : char.IsHighSurrogate(text[239]) ? 239 : 240)] + "…";
    }

    internal static List<TextPiece> Pieces(string marked)
    {
        var pieces = new List<TextPiece>();
        foreach (var part in marked.Split(QueryBodies.Open))
        {
            var close = part.IndexOf(QueryBodies.Close, StringComparison.Ordinal);
            Add(part[..Math.Max(0, close)], true);
            Add(part[(close + 1)..], false);
        }
        return pieces;

        void Add(string text, bool found)
        {
            if (text.Length > 0)
                pieces.Add(new(text, found));
        }
    }

    static string Same(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    /// <summary>Where the next page begins.</summary>
    /// <param name="After">The sort values of the last hit.</param>
    sealed record Place(DateTimeOffset Now, bool IsSimilar, string Words, JsonArray After)
    {
        public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            new JsonArray(Now.UtcTicks, IsSimilar, Words, After.DeepClone()).ToJsonString()));

        public static Place? Read(string? cursor)
        {
            if (cursor is null)
                return null;
            try
            {
                var parts = JsonNode.Parse(Base64Url.DecodeFromChars(cursor))!.AsArray();
                return new(new DateTimeOffset(parts[0]!.GetValue<long>(), TimeSpan.Zero), parts[1]!.GetValue<bool>(), parts[2]!.GetValue<string>(), parts[3]!.AsArray());
            }
            catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
            {
                throw new BadCursorException();
            }
        }
    }
}
