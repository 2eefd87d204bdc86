using System.Text.Json.Nodes;

namespace Blog.Search.Elasticsearch;

/// <summary>
/// Settings and mappings of the three indexes: articles, names (people, publications, topics) and drafts. Everything is built into Elasticsearch, no plugin is needed.
/// <list type="bullet">
/// <item>Each text is indexed twice: as it is written (<c>plain</c>: no stems, no accents, Chinese, Japanese and Korean by overlapping pairs), and, where its language is known, by the analyzer of that
/// language in fields of that language's own (<c>words.de.body</c>), so that the statistics of one language do not disturb another's.</item>
/// <item>Parts of German compounds are found by runs of five letters: a part has all of its runs in the whole.</item>
/// </list>
/// </summary>
static class IndexBodies
{
    /// <summary>Languages that Elasticsearch has an analyzer for, by primary subtag.</summary>
    public static readonly IReadOnlyDictionary<string, string> Analyzers = new Dictionary<string, string>
    {
        ["ar"] = "arabic", ["hy"] = "armenian", ["eu"] = "basque", ["bn"] = "bengali", ["bg"] = "bulgarian", ["ca"] = "catalan", ["cs"] = "czech", ["da"] = "danish", ["nl"] = "dutch",
        ["en"] = "english", ["et"] = "estonian", ["fi"] = "finnish", ["fr"] = "french", ["gl"] = "galician", ["de"] = "german", ["el"] = "greek", ["hi"] = "hindi", ["hu"] = "hungarian",
        ["id"] = "indonesian", ["ga"] = "irish", ["it"] = "italian", ["lv"] = "latvian", ["lt"] = "lithuanian", ["nb"] = "norwegian", ["no"] = "norwegian", ["fa"] = "persian", ["pt"] = "portuguese",
        ["ro"] = "romanian", ["ru"] = "russian", ["ckb"] = "sorani", ["es"] = "spanish", ["sv"] = "swedish", ["th"] = "thai", ["tr"] = "turkish",
    };

    /// <summary>The three indexes of one name, by the end of theirs.</summary>
    public const string Articles = "articles", Names = "names", Drafts = "drafts";

    /// <summary>The body of <c>PUT /{index}</c>. It is not searched while it is being filled, so nothing is made ready for that.</summary>
    public static JsonObject Create(string which, int shards) => new()
    {
        ["settings"] = new JsonObject
        {
            ["index"] = new JsonObject
            {
                ["number_of_shards"] = shards,
                ["number_of_replicas"] = 0,
                ["refresh_interval"] = "-1",
                // How long it is remembered that something was removed, so that an older version does not come back.
                ["gc_deletes"] = "1h",
                ["analysis"] = Analysis(),
            },
        },
        ["mappings"] = new JsonObject
        {
            ["dynamic"] = "strict",
            ["properties"] = which switch { Articles => ArticleFields(), Names => NameFields(), _ => DraftFields() },
        },
    };

    /// <summary>The body of <c>PUT /{index}/_settings</c> before it serves.</summary>
    public static JsonObject Serving(int replicas) => new() { ["index"] = new JsonObject { ["number_of_replicas"] = replicas, ["refresh_interval"] = "1s" } };

    static JsonObject Analysis() => new()
    {
        ["filter"] = new JsonObject
        {
            // One sign alone is looked for as it is, so it has to be there; a query of several is looked for by pairs alone.
            ["pairs_and_signs"] = new JsonObject { ["type"] = "cjk_bigram", ["output_unigrams"] = true },
            ["shingles"] = new JsonObject { ["type"] = "shingle", ["min_shingle_size"] = 2, ["max_shingle_size"] = 3 },
            ["runs_of_five"] = new JsonObject { ["type"] = "ngram", ["min_gram"] = 5, ["max_gram"] = 5 },
        },
        ["analyzer"] = new JsonObject
        {
            ["plain"] = Custom("cjk_width", "lowercase", "arabic_normalization", "decimal_digit", "pairs_and_signs", "asciifolding"),
            ["plain_query"] = Custom("cjk_width", "lowercase", "arabic_normalization", "decimal_digit", "cjk_bigram", "asciifolding"),
            ["spelling"] = Custom("lowercase", "shingles"),
            ["parts"] = Custom("lowercase", "german_normalization", "runs_of_five"),
        },
    };

    static JsonObject Custom(params string[] filters) => new() { ["type"] = "custom", ["tokenizer"] = "standard", ["filter"] = new JsonArray([.. filters.Select(filter => JsonValue.Create(filter))]) };

    static JsonObject ArticleFields() => new()
    {
        ["id"] = Keyword(), ["author_id"] = Keyword(), ["author_ids"] = Keyword(), ["author_handle"] = Keyword(), ["author_name"] = Plain(), ["publication_id"] = Keyword(), ["slug"] = Stored(),
        ["topics"] = new JsonObject { ["properties"] = new JsonObject { ["slug"] = Keyword(), ["name"] = Plain() } },
        ["language"] = Keyword(), ["publish_time"] = Typed("date"), ["claps"] = Typed("long"), ["responses"] = Typed("integer"), ["members_only"] = Typed("boolean"),
        ["title"] = Title(), ["description"] = Plain(), ["body"] = Plain(offsets: true), ["words"] = Words(),
    };

    static JsonObject NameFields() => new()
    {
        ["id"] = Keyword(), ["kind"] = Keyword(), ["name"] = Completed(), ["handle"] = Completed(), ["about"] = Plain(), ["popularity"] = Typed("long"), ["article_count"] = Typed("integer"),
    };

    static JsonObject DraftFields() => new()
    {
        ["id"] = Keyword(), ["owner_id"] = Keyword(), ["update_time"] = Typed("date"), ["title"] = Plain(), ["description"] = Plain(), ["body"] = Plain(offsets: true), ["words"] = Words(),
    };

    static JsonObject Words() => new()
    {
        ["properties"] = new JsonObject(Analyzers.Select(language => new KeyValuePair<string, JsonNode?>(language.Key, new JsonObject
        {
            ["properties"] = new JsonObject(new[] { "title", "description", "body" }.Select(part => new KeyValuePair<string, JsonNode?>(part, InLanguage(language.Key, language.Value, part)))),
        }))),
    };

    static JsonObject InLanguage(string language, string analyzer, string part)
    {
        var field = new JsonObject { ["type"] = "text", ["analyzer"] = analyzer };
        if (part == "body")
            field["index_options"] = "offsets";
        if (language == "de")
            field["fields"] = new JsonObject { ["parts"] = new JsonObject { ["type"] = "text", ["analyzer"] = "parts", ["norms"] = false } };
        return field;
    }

    static JsonObject Title()
    {
        var title = Plain();
        title["fields"] = new JsonObject { ["typed"] = Completed(), ["spelling"] = new JsonObject { ["type"] = "text", ["analyzer"] = "spelling" } };
        return title;
    }

    static JsonObject Plain(bool offsets = false)
    {
        var field = new JsonObject { ["type"] = "text", ["analyzer"] = "plain", ["search_analyzer"] = "plain_query" };
        if (offsets)
            field["index_options"] = "offsets";
        return field;
    }

    static JsonObject Completed() => new() { ["type"] = "search_as_you_type", ["analyzer"] = "plain", ["search_analyzer"] = "plain_query" };
    static JsonObject Keyword() => Typed("keyword");
    static JsonObject Stored() => new() { ["type"] = "keyword", ["index"] = false, ["doc_values"] = false };
    static JsonObject Typed(string type) => new() { ["type"] = type };
}
