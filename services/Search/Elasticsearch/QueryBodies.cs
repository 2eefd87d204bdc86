using System.Globalization;
using System.Text.Json.Nodes;
using Blog.Search.Engines;
using Blog.Search.Queries;

namespace Blog.Search.Elasticsearch;

/// <summary>The bodies of searches.</summary>
static class QueryBodies
{
    /// <summary>Around found words; no text has these characters (private use).</summary>
    public const char Open = '\uE000', Close = '\uE001';

    const int Passage = 240;

    static readonly string[] WordFields = ["title^6", "description^3", "topics.name^3", "author_name^2", "body", "words.*.title^6", "words.*.description^3", "words.*.body", "words.de.title.parts^2", "words.de.body.parts^0.3"];
    static readonly string[] PhraseFields = ["title^6", "description^3", "author_name^2", "topics.name^3", "body"];
    static readonly string[] DraftWords = ["title^6", "description^3", "body", "words.*.title^6", "words.*.description^3", "words.*.body", "words.de.title.parts^2", "words.de.body.parts^0.3"];
    static readonly string[] DraftPhrases = ["title^6", "description^3", "body"];

    /// <summary>Articles; <paramref name="isSimilar"/>: words that differ in a letter or two do as well, and not all have to be there.</summary>
    public static JsonObject Articles(ArticleSearch search, JsonArray? after, bool isSimilar)
    {
        var body = new JsonObject
        {
            ["query"] = search.Sort == ArticleSort.Relevance ? Ranked(ArticleQuery(search, isSimilar), search.Now) : ArticleQuery(search, isSimilar),
            ["size"] = search.Size + 1,
            ["track_total_hits"] = ArticlePage.MaxTotal,
            ["_source"] = Strings("id", "author_id", "title", "description", "body", "members_only"),
            ["sort"] = search.Sort switch
            {
                ArticleSort.Newest => new JsonArray(Order("publish_time", "desc"), Order("id", "asc")),
                ArticleSort.Oldest => new JsonArray(Order("publish_time", "asc"), Order("id", "asc")),
                _ => new JsonArray(Order("_score", "desc"), Order("publish_time", "desc"), Order("id", "asc")),
            },
            ["highlight"] = Highlight(),
        };
        if (after is not null)
            body["search_after"] = after.DeepClone();
        else
        {
            body["aggs"] = new JsonObject { ["topics"] = Terms("topics.slug"), ["languages"] = Terms("language") };
            if (Spelling(search.Query) is { } spelling)
                body["suggest"] = spelling;
        }
        return body;
    }

    /// <summary>Drafts of one person. The owner is a filter of every such search.</summary>
    public static JsonObject Drafts(DraftSearch search, JsonArray? after)
    {
        var body = new JsonObject
        {
            ["query"] = Bool(search.Query.Parts, DraftWords, DraftPhrases, isSimilar: false, [Term("owner_id", search.OwnerId.ToString())], []),
            ["size"] = search.Size + 1,
            ["_source"] = Strings("id", "title", "description", "body", "update_time"),
            ["sort"] = new JsonArray(Order("_score", "desc"), Order("update_time", "desc"), Order("id", "asc")),
            ["highlight"] = Highlight(),
        };
        if (after is not null)
            body["search_after"] = after.DeepClone();
        return body;
    }

    /// <summary>People, publications or topics whose names have these words, the last of them perhaps not finished.</summary>
    public static JsonObject Names(DocumentKind kind, NameSearch search, JsonArray? after, bool isSimilar)
    {
        var words = new JsonObject { ["query"] = search.Text, ["fields"] = Strings("name^3", "name._2gram^3", "name._3gram^3", "handle^2"), ["operator"] = "and" };
        if (isSimilar)
            (words["fields"], words["fuzziness"], words["prefix_length"]) = (Strings("name^3", "handle^2"), "AUTO", 1);
        else
            words["type"] = "bool_prefix";
        var body = new JsonObject
        {
            ["query"] = new JsonObject
            {
                ["function_score"] = new JsonObject
                {
                    ["query"] = new JsonObject
                    {
                        ["bool"] = new JsonObject
                        {
                            ["must"] = new JsonArray(new JsonObject { ["multi_match"] = words }),
                            ["filter"] = new JsonArray(Term("kind", NameOf(kind))),
                            ["must_not"] = new JsonArray([.. Hidden("id", search.Hidden)]),
                        },
                    },
                    ["functions"] = new JsonArray(Magnitude("popularity", "log2p")),
                },
            },
            ["size"] = search.Size + 1,
            ["_source"] = Strings("id", "name", "article_count"),
            ["sort"] = new JsonArray(Order("_score", "desc"), Order("popularity", "desc"), Order("id", "asc")),
            ["highlight"] = new JsonObject { ["pre_tags"] = Strings($"{Open}"), ["post_tags"] = Strings($"{Close}"), ["number_of_fragments"] = 0, ["fields"] = new JsonObject { ["name"] = new JsonObject { ["matched_fields"] = Strings("name", "name._2gram", "name._3gram") } } },
        };
        if (after is not null)
            body["search_after"] = after.DeepClone();
        return body;
    }

    /// <summary>Articles whose title has what was typed so far.</summary>
    public static JsonObject Typed(string prefix, IReadOnlyCollection<Guid> hidden, int size) => new()
    {
        ["query"] = new JsonObject
        {
            ["function_score"] = new JsonObject
            {
                ["query"] = new JsonObject
                {
                    ["bool"] = new JsonObject
                    {
                        ["must"] = new JsonArray(new JsonObject
                        {
                            ["multi_match"] = new JsonObject { ["query"] = prefix, ["type"] = "bool_prefix", ["operator"] = "and", ["fields"] = Strings("title.typed", "title.typed._2gram", "title.typed._3gram") },
                        }),
                        ["must_not"] = new JsonArray([.. Hidden("author_id", hidden)]),
                    },
                },
                ["functions"] = new JsonArray(Magnitude("claps", "log2p")),
            },
        },
        ["size"] = size,
        ["_source"] = Strings("id", "author_id", "title"),
    };

    public static string NameOf(DocumentKind kind) => kind.ToString().ToLowerInvariant();

    static JsonObject ArticleQuery(ArticleSearch search, bool isSimilar)
    {
        var query = search.Query;
        var filters = new List<JsonObject>();
        if (query.Authors.Count > 0)
            filters.Add(TermsOf("author_handle", query.Authors));
        filters.AddRange(query.Topics.Select(topic => Term("topics.slug", topic)));
        if (query.Language.Length > 0)
            filters.Add(Term("language", query.Language));
        if (query.AuthorId is { } author)
            filters.Add(Term("author_ids", author.ToString()));
        if (query.After is not null || query.Before is not null)
        {
            var range = new JsonObject();
            if (query.After is { } after)
                range["gte"] = Time(after);
            if (query.Before is { } before)
                range["lt"] = Time(before);
            filters.Add(new() { ["range"] = new JsonObject { ["publish_time"] = range } });
        }
        var excluded = Hidden("author_id", search.Hidden).ToList();
        if (query.ExcludedAuthors.Count > 0)
            excluded.Add(TermsOf("author_handle", query.ExcludedAuthors));
        if (query.ExcludedTopics.Count > 0)
            excluded.Add(TermsOf("topics.slug", query.ExcludedTopics));
        return Bool(query.Parts, WordFields, PhraseFields, isSimilar, filters, excluded);
    }

    static JsonObject Bool(IReadOnlyList<QueryPart> parts, string[] wordFields, string[] phraseFields, bool isSimilar, IEnumerable<JsonObject> filters, IEnumerable<JsonObject> excluded)
    {
        var wanted = parts.Where(part => !part.Excluded).Select(part => Match(part, wordFields, phraseFields, isSimilar)).ToArray<JsonNode?>();
        var query = new JsonObject
        {
            ["filter"] = new JsonArray([.. filters]),
            ["must_not"] = new JsonArray([.. excluded.Concat(parts.Where(part => part.Excluded).Select(part => Match(part, wordFields, phraseFields, isSimilar: false)))]),
        };
        if (!isSimilar || wanted.Length == 0)
            query["must"] = wanted.Length == 0 ? new JsonArray(new JsonObject { ["match_all"] = new JsonObject() }) : new JsonArray(wanted);
        else
            (query["should"], query["minimum_should_match"]) = (new JsonArray(wanted), "2<75%");
        return new() { ["bool"] = query };
    }

    static JsonObject Match(QueryPart part, string[] wordFields, string[] phraseFields, bool isSimilar)
    {
        var match = new JsonObject { ["query"] = part.Text, ["fields"] = Strings(part.IsPhrase ? phraseFields : wordFields) };
        if (part.IsPhrase)
            match["type"] = "phrase";
        else
        {
            // All pieces of "well-known" or 東京都 have to be in one field.
            (match["type"], match["operator"], match["tie_breaker"]) = ("best_fields", "and", 0.2);
            if (isSimilar)
                (match["fields"], match["fuzziness"], match["prefix_length"], match["max_expansions"]) = (Strings(phraseFields), "AUTO", 1, 50);
        }
        return new() { ["multi_match"] = match };
    }

    /// <summary>How well it fits, and of what fits alike the newer and the more applauded: up to half as much again for each. The moment is the search's, so that pages agree.</summary>
    static JsonObject Ranked(JsonObject query, DateTimeOffset now) => new()
    {
        ["function_score"] = new JsonObject
        {
            ["query"] = query,
            ["functions"] = new JsonArray(
                new JsonObject { ["weight"] = 1 },
                new JsonObject { ["exp"] = new JsonObject { ["publish_time"] = new JsonObject { ["origin"] = Time(now), ["scale"] = "730d", ["decay"] = 0.5 } }, ["weight"] = 0.5 },
                Magnitude("claps", "log1p", 0.08),
                Magnitude("responses", "log1p", 0.08)),
            ["score_mode"] = "sum",
            ["boost_mode"] = "multiply",
        },
    };

    /// <summary>What was probably meant, by which words stand together in titles.</summary>
    static JsonObject? Spelling(ParsedQuery query)
    {
        var words = query.Parts.Where(part => part is { Excluded: false, IsPhrase: false }).Select(part => part.Text).ToArray();
        return words.Length == 0 ? null : new()
        {
            ["text"] = string.Join(' ', words),
            ["spelling"] = new JsonObject
            {
                ["phrase"] = new JsonObject
                {
                    ["field"] = "title.spelling", ["size"] = 1, ["gram_size"] = 3, ["max_errors"] = 2, ["confidence"] = 1,
                    ["direct_generator"] = new JsonArray(new JsonObject { ["field"] = "title.spelling", ["suggest_mode"] = "missing", ["min_word_length"] = 4, ["prefix_length"] = 1 }),
                },
            },
        };
    }

    /// <summary>Found words in the fields that may have found them; the first that has any is shown.</summary>
    static JsonObject Highlight()
    {
        var whole = new JsonObject { ["number_of_fragments"] = 0 };
        var passage = new JsonObject { ["number_of_fragments"] = 1, ["fragment_size"] = Passage };
        return new()
        {
            ["pre_tags"] = Strings($"{Open}"),
            ["post_tags"] = Strings($"{Close}"),
            ["order"] = "score",
            ["fields"] = new JsonObject { ["title"] = whole, ["words.*.title"] = whole.DeepClone(), ["body"] = passage, ["words.*.body"] = passage.DeepClone(), ["description"] = whole.DeepClone() },
        };
    }

    static IEnumerable<JsonObject> Hidden(string field, IReadOnlyCollection<Guid> hidden) => hidden.Count == 0 ? [] : [TermsOf(field, hidden.Select(id => id.ToString()))];

    static JsonObject Magnitude(string field, string modifier, double weight = 1) =>
        new() { ["field_value_factor"] = new JsonObject { ["field"] = field, ["modifier"] = modifier, ["missing"] = 0 }, ["weight"] = weight };

    static JsonObject Terms(string field) => new() { ["terms"] = new JsonObject { ["field"] = field, ["size"] = 10 } };
    static JsonObject Term(string field, string value) => new() { ["term"] = new JsonObject { [field] = new JsonObject { ["value"] = value } } };
    static JsonObject TermsOf(string field, IEnumerable<string> values) => new() { ["terms"] = new JsonObject { [field] = Strings([.. values]) } };
    static JsonObject Order(string field, string direction) => new() { [field] = new JsonObject { ["order"] = direction } };
    static JsonArray Strings(params string[] values) => new([.. values.Select(value => JsonValue.Create(value))]);
    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
