using Blog.Search.Queries;
using Blog.Search.Words;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>A word of the query with everything that counts as it.</summary>
/// <param name="Form">Folded, as typed.</param>
/// <param name="Alternatives">Lexemes; the word itself is the first.</param>
/// <param name="Start">It is a beginning of words: a single sign of a script without spaces.</param>
/// <param name="Docs">Articles that have it, about.</param>
/// <param name="IsOptional">A language uses it so often that it says nothing.</param>
/// <param name="Titles">Articles that have it in the title, about.</param>
sealed record QueryWord(string Form, IReadOnlyList<string> Alternatives, bool Start, int Docs, bool IsOptional, double Rarity, int Titles)
{
    readonly HashSet<string> forms = new(Alternatives, StringComparer.Ordinal);

    /// <summary>Whether a word of a text, folded, is this word: the same, or with the same stem as far as that can be seen.</summary>
    public bool IsIn(string form)
    {
        if (forms.Contains(form))
            return true;
        if (Start)
            return form.StartsWith(Form, StringComparison.Ordinal);
        foreach (var lexeme in Alternatives)
        {
            // A stem is a beginning of its forms; "librari" is that of "library" too.
            var stem = lexeme.EndsWith('i') ? lexeme.AsSpan(0, lexeme.Length - 1) : lexeme.AsSpan();
            if (stem.Length >= 3 && form.Length - stem.Length is >= 0 and <= 4 && form.AsSpan().StartsWith(stem, StringComparison.Ordinal) && (Alternatives.Count > 1 || form.Length - stem.Length <= 2))
                return true;
        }
        return false;
    }
}

/// <summary>A part of the query as expressions of tsquery.</summary>
/// <param name="Words">Over the words of an article, where places are known.</param>
/// <param name="Key">Over its key, where they are not.</param>
/// <param name="IsOptional">All of its words are.</param>
/// <param name="AtMost">Articles that can have it, about.</param>
/// <param name="KeyIsExact">What the key fits, the words fit too.</param>
/// <param name="IsPhrase">It was put in quotation marks: nothing else will do.</param>
/// <param name="Pairs">What an article that fits has besides (<see cref="WordPairs"/>); empty: nothing that is known.</param>
sealed record QueryGroup(string Words, string Key, bool IsOptional, long AtMost, bool KeyIsExact, bool IsPhrase, string Pairs = "")
{
    /// <summary>Over the words of an article in the index, where pairs are known.</summary>
    public string InIndex => Pairs.Length > 0 ? $"{Pairs} & ({Words})" : Words;
}

/// <summary>A query in the words of the index.</summary>
sealed class QueryWords
{
    /// <summary>Beyond these, the most frequent words do not count for the order.</summary>
    public const int MostRanked = 8;

    const int ShortestPart = 5;

    public required IReadOnlyList<QueryWord> Words { get; init; }
    public required IReadOnlyList<QueryGroup> Groups { get; init; }
    public required IReadOnlyList<string> Filters { get; init; }
    public required IReadOnlyList<string> Excluded { get; init; }
    public required long Articles { get; init; }

    /// <summary>An upper bound of what is found, from the counts of the vocabulary.</summary>
    public long AtMost { get; private init; }

    /// <summary>What the key fits is found: there is nothing to be seen from the places of words alone, and nothing to be excluded that the key may lack.</summary>
    public bool KeyIsExact => Excluded.Count == 0 && Groups.All(group => group.KeyIsExact);

    readonly Dictionary<string, bool> looked = new(StringComparer.Ordinal);

    /// <summary>Whether a word of a text, folded, is one of those looked for. Texts repeat their words: each is looked at once.</summary>
    public bool IsFound(string form)
    {
        if (!looked.TryGetValue(form, out var found))
            looked[form] = found = Words.Any(word => word.IsIn(form));
        return found;
    }

    /// <summary>
    /// How many articles have all of the words, in hundreds, where too many have them to be counted: as if words came together by chance, but somewhat more often.
    /// </summary>
    /// <param name="atLeast">As many are known.</param>
    public int About(int atLeast)
    {
        const double together = 0.75;
        var share = Required.Aggregate(1.0, (share, group) => share * Math.Pow(Math.Min(1, (double)group.AtMost / Math.Max(1, Articles)), together));
        return Math.Max(atLeast, (int)Math.Min(ArticlePage.MaxTotal, Math.Round(Math.Min(AtMost, Articles * share) / 100) * 100));
    }

    public bool HasWords => Groups.Count > 0;

    /// <summary>How words that count as those looked for begin, one for each.</summary>
    public IReadOnlyList<string> Beginnings => [.. Telling.Select(word => word.Alternatives.MinBy(lexeme => lexeme.Length)!).Select(stem => stem.EndsWith('i') ? stem[..^1] : stem)];

    /// <summary>Words that count for the order, rarest first.</summary>
    public IReadOnlyList<QueryWord> Ranked => [.. Words.OrderByDescending(word => word.Rarity).Take(MostRanked)];

    /// <summary>Every word that is not optional; null: there is nothing to look for, everything fits.</summary>
    public string? All(bool key) => Expression(key, Required.Select(group => key ? group.Key : group.InIndex));

    /// <summary>As <see cref="All(bool)"/> over the keys, of those whose title has one of the words at least (or none); null: there is nothing to look for.</summary>
    public string? AllInKey(bool titled) => All(key: true) is not { } all ? null : $"{all} & {(titled ? "" : "!")}({Any(Telling.SelectMany(TitleForms))})";

    /// <summary>An upper bound of the articles whose title has one of the words.</summary>
    public long MostTitled => Telling.Sum(word => (long)word.Titles);

    IEnumerable<QueryWord> Telling => Words.All(word => word.IsOptional) ? Words : Words.Where(word => !word.IsOptional);

    static IEnumerable<string> TitleForms(QueryWord word) => word.Start ? [$"{Lexemes.Quote(Lexemes.Title(word.Form))}:*"] : word.Alternatives.Select(lexeme => Lexemes.Quote(Lexemes.Title(lexeme)));

    /// <summary>As <see cref="All(bool)"/> over the words of drafts, which have no filters; null: there is nothing to look for.</summary>
    public string? AllInDrafts() => Groups.Count == 0 ? null : All(Required.Select(group => group.Words));

    IReadOnlyList<QueryGroup> Required => Groups.All(group => group.IsOptional) ? Groups : [.. Groups.Where(group => !group.IsOptional)];

    /// <summary>All but one of three words or more, over the words or the keys; null: there are not so many, or (of keys) one cannot be seen from a key.</summary>
    public string? AllButOne(bool key)
    {
        var (known, phrases) = Known();
        return Required.Count - phrases.Count < 3 || known.Count < 2 || key && !KeyIsExact ? null
            : Expression(key, [.. phrases, known.Count < Required.Count - phrases.Count
                ? All(known.Select(Of))
                : Any(known.Select(left => All(known.Where(group => group != left).Select(Of))))]);

        string Of(QueryGroup group) => key ? group.Key : group.InIndex;
    }

    /// <summary>Any of the two rarest words that there are; null: there is only one word.</summary>
    public string? AnyOfTwo()
    {
        var (known, phrases) = Known();
        return Required.Count - phrases.Count < 2 || known.Count == 0 ? null : Expression(false, [.. phrases, Any(known.Take(2).Select(group => group.Words))]);
    }

    // Words that some article has, rarest first; phrases are never left out.
    (List<QueryGroup> Known, List<string> Phrases) Known() =>
        ([.. Required.Where(group => group is { AtMost: > 0, IsPhrase: false }).OrderBy(group => group.AtMost).Take(6)], [.. Required.Where(group => group.IsPhrase).Select(group => group.InIndex)]);

    static string All(IEnumerable<string> expressions) => string.Join(" & ", expressions.Select(expression => $"({expression})"));

    static string Any(IEnumerable<string> expressions) => string.Join(" | ", expressions.Select(expression => $"({expression})"));

    string? Expression(bool key, IEnumerable<string> required)
    {
        var positive = All(required.Concat(Filters));
        var negative = string.Join(" & ", Excluded.Select(expression => $"!({expression})"));
        return positive.Length == 0 ? null : negative.Length == 0 ? positive : $"{positive} & {negative}";
    }

    public static async Task<QueryWords> AnalyseAsync(ParsedQuery query, Stems stems, Vocabulary vocabulary, CancellationToken cancel)
    {
        var languages = await vocabulary.LanguagesAsync(cancel);
        var parts = query.Parts.Select(part => (Part: part, Tokens: Tokenizer.Read(part.Text))).ToList();

        // Everything that is asked of the vocabulary, in one round trip.
        var surfaces = parts.SelectMany(part => part.Tokens.Where(token => token.Kind == TokenKind.Word).Select(token => (token, part.Part.Text))).ToList();
        foreach (var language in languages)
            await stems.LearnAsync(language, surfaces.Select(word => Surface(word.Text, word.token, language)), cancel);
        var joined = Joined(parts);
        HashSet<string> asked = [ArticleWords.EveryArticle, WordPairs.Known, .. parts.SelectMany(part => part.Tokens.SelectMany(token => (string[])[token.Form, Lexemes.Title(token.Form)])), .. joined.Values, .. FilterLexemes(query)];
        var docs = await vocabulary.DocsAsync(asked, cancel);
        var articles = docs[ArticleWords.EveryArticle];
        var pairsAreKnown = docs[WordPairs.Known] >= articles;

        var words = new List<QueryWord>();
        var groups = new List<QueryGroup>();
        var excluded = new List<string>();
        for (var p = 0; p < parts.Count; p++)
        {
            var (part, tokens) = parts[p];
            var own = new Dictionary<int, QueryWord>();
            for (var t = 0; t < tokens.Count; t++)
                if (await WordAsync(part, tokens, t, p) is { } word)
                    own[t] = word;
            if (own.Count == 0)
                continue;
            var group = part.IsPhrase ? Phrase(tokens, own, pairsAreKnown) : Row(tokens, own);
            if (part.Excluded)
                excluded.Add(group.Words);
            else
            {
                groups.Add(group);
                words.AddRange(own.Values);
            }
        }
        var filters = FilterExpressions(query).ToList();
        excluded.AddRange(query.ExcludedAuthors.Select(author => Lexemes.Quote(Lexemes.Author(author))));
        excluded.AddRange(query.ExcludedTopics.Select(topic => Lexemes.Quote(Lexemes.Topic(topic))));
        return new QueryWords
        {
            Words = words, Groups = groups, Filters = filters, Excluded = excluded, Articles = articles,
            AtMost = groups.Where(group => !group.IsOptional).Select(group => group.AtMost)
                .Concat(query.Topics.Select(topic => (long)docs.GetValueOrDefault(Lexemes.Topic(topic))))
                .Concat(query.Authors.Count > 0 ? [query.Authors.Sum(author => (long)docs.GetValueOrDefault(Lexemes.Author(author)))] : [])
                .Concat(query.AuthorId is { } by ? [docs.GetValueOrDefault(Lexemes.AuthorId(by))] : [])
                .Concat(query.Language.Length > 0 ? [docs.GetValueOrDefault(Lexemes.Language(query.Language))] : [])
                .Append(articles).Min(),
        };

        async Task<QueryWord?> WordAsync(QueryPart part, List<Token> tokens, int index, int at)
        {
            var token = tokens[index];
            // The last sign of a row is in the pair before it; of a whole that is known by its sign ("C++") the letter alone says nothing.
            if (token.Kind == TokenKind.Last && index > 0 && tokens[index - 1].Kind == TokenKind.Pair)
                return null;
            if (token.Kind == TokenKind.Last)
                return new(token.Form, [token.Form], Start: true, articles, false, Scoring.Rarity(articles / 20, articles), articles);
            if (IsSigned(token))
                return new(token.Form, [token.Form], false, docs.GetValueOrDefault(token.Form), false, Scoring.Rarity(docs.GetValueOrDefault(token.Form), articles), docs.GetValueOrDefault(Lexemes.Title(token.Form)));
            if (index > 0 && IsSigned(tokens[index - 1]) && tokens[index - 1].Start == token.Start)
                return null;
            // Of a version ("1.88.0") the number itself counts, not what begins alike.
            if (token.Kind == TokenKind.Whole && index > 0 && tokens[index - 1].Start == token.Start)
                return null;

            List<string> alternatives = [token.Form];
            var optional = false;
            if (token.Kind == TokenKind.Word)
                foreach (var language in languages)
                    if (stems.Of(language, Surface(part.Text, token, language)) is { } stem)
                    {
                        if (stem.IsStopWord)
                            optional = true;
                        else if (!alternatives.Contains(stem.Form))
                            alternatives.Add(stem.Form);
                    }
            if (!part.IsPhrase && joined.TryGetValue(at, out var withNext) && docs.GetValueOrDefault(withNext) > 0)
                alternatives.Add(withNext);
            if (!part.IsPhrase && joined.TryGetValue(at - 1, out var withFormer) && docs.GetValueOrDefault(withFormer) > 0)
                alternatives.Add(withFormer);
            if (token.Kind == TokenKind.Word && !part.IsPhrase && token.Form.Length >= ShortestPart && languages.Any(ArticleWords.Compounds))
                foreach (var form in alternatives.Where(form => form.Length >= ShortestPart).ToList())
                    alternatives.AddRange((await vocabulary.CompoundsAsync(form, cancel)).Where(compound => !alternatives.Contains(compound)));
            var count = docs.GetValueOrDefault(token.Form);
            var rarity = Scoring.Rarity(count, articles);
            return new(token.Form, alternatives, false, count, optional, optional ? rarity / 4 : rarity, docs.GetValueOrDefault(Lexemes.Title(token.Form)));
        }

        static bool IsSigned(Token token) => token.Kind == TokenKind.Whole && token.Form[^1] is '+' or '#';
    }

    static string Surface(string text, Token token, string language) => Folding.Lower(text.AsSpan(token.Start, Math.Min(token.Length, 64)), language);

    static string[] FilterLexemes(ParsedQuery query) =>
    [
        .. query.Topics.Select(Lexemes.Topic), .. query.Authors.Select(Lexemes.Author),
        .. query.AuthorId is { } id ? [Lexemes.AuthorId(id)] : Array.Empty<string>(),
        .. query.Language.Length > 0 ? [Lexemes.Language(query.Language)] : Array.Empty<string>(),
    ];

    static IEnumerable<string> FilterExpressions(ParsedQuery query)
    {
        foreach (var topic in query.Topics)
            yield return Lexemes.Quote(Lexemes.Topic(topic));
        if (query.Authors.Count > 0)
            yield return Any(query.Authors.Select(author => Lexemes.Quote(Lexemes.Author(author))));
        if (query.AuthorId is { } id)
            yield return Lexemes.Quote(Lexemes.AuthorId(id));
        if (query.Language.Length > 0)
            yield return Lexemes.Quote(Lexemes.Language(query.Language));
    }

    // "type script" may be written in one word.
    static Dictionary<int, string> Joined(List<(QueryPart Part, List<Token> Tokens)> parts)
    {
        var joined = new Dictionary<int, string>();
        for (var p = 0; p + 1 < parts.Count; p++)
            if (Single(parts[p]) is { } one && Single(parts[p + 1]) is { } next)
                joined[p] = one + next;
        return joined;

        static string? Single((QueryPart Part, List<Token> Tokens) part) =>
            part.Tokens is [{ Kind: TokenKind.Word } word] && !part.Part.Excluded && !part.Part.IsPhrase && word.Form.Length > 1 ? word.Form : null;
    }

    /// <summary>What stands between two spaces: a word, a name with dots in it, a row of signs.</summary>
    static QueryGroup Row(List<Token> tokens, Dictionary<int, QueryWord> own)
    {
        var (words, key, atMost) = (new List<string>(), new List<string>(), long.MaxValue);
        for (var t = 0; t < tokens.Count; t++)
        {
            if (!own.TryGetValue(t, out var word))
                continue;
            var alternatives = Alternatives(word);
            if (tokens[t].Kind == TokenKind.Whole)
            {
                // The whole, or all of its parts.
                var end = tokens[t].End;
                var parts = new List<string>();
                while (t + 1 < tokens.Count && tokens[t + 1].End <= end)
                    if (own.TryGetValue(++t, out var part))
                        parts.Add(Alternatives(part));
                var either = parts.Count == 0 ? alternatives : $"({alternatives}) | ({string.Join(" & ", parts)})";
                words.Add($"({either})");
                key.Add($"({either})");
                continue;
            }
            if (tokens[t].Kind == TokenKind.Pair)
            {
                List<string> pairs = [alternatives];
                atMost = Math.Min(atMost, word.Docs);
                while (t + 1 < tokens.Count && tokens[t + 1].Kind == TokenKind.Pair && tokens[t + 1].Start < tokens[t].End)
                {
                    pairs.Add(Alternatives(own[++t]));
                    atMost = Math.Min(atMost, own[t].Docs);
                }
                words.Add($"({string.Join(" <-> ", pairs)})");
                key.AddRange(pairs);
                continue;
            }
            words.Add(alternatives);
            key.Add(alternatives);
            // Stems and compounds come to more than the word itself.
            atMost = Math.Min(atMost, word.Start ? word.Docs : word.Alternatives.Count > 1 ? 4L * word.Docs + 50 : word.Docs);
        }
        return new(string.Join(" & ", words), string.Join(" & ", key), own.Values.All(word => word.IsOptional), atMost == long.MaxValue ? own.Values.Sum(word => (long)word.Docs) : atMost, own.Count == 1 || tokens.All(token => token.Kind is TokenKind.Word or TokenKind.Whole), IsPhrase: false);
    }

    /// <summary>The words as they are, at their distances; what every text has may be missing where it is not indexed.</summary>
    static QueryGroup Phrase(List<Token> tokens, Dictionary<int, QueryWord> own, bool pairsAreKnown)
    {
        var row = Enumerable.Range(0, tokens.Count).Where(t => tokens[t].Kind is TokenKind.Word or TokenKind.Pair || tokens[t].Kind == TokenKind.Last && own.ContainsKey(t)).ToList();
        var telling = row.FindAll(t => own.TryGetValue(t, out var word) && !word.IsOptional);
        if (telling.Count == 0)
            telling = row;
        var words = "";
        for (var i = 0; i < telling.Count; i++)
            words += (i == 0 ? "" : $" <{tokens[telling[i]].Position - tokens[telling[i - 1]].Position}> ") + Lexemes.Quote(tokens[telling[i]].Form);
        return new(words, string.Join(" & ", telling.Select(t => Lexemes.Quote(tokens[t].Form))), IsOptional: false, telling.Min(t => own.TryGetValue(t, out var word) ? word.Docs : long.MaxValue), KeyIsExact: false, IsPhrase: true,
            pairsAreKnown ? string.Join(" & ", WordPairs.Of(tokens).Distinct().Select(Lexemes.Quote)) : "");
    }

    static string Alternatives(QueryWord word) => word.Start ? $"{Lexemes.Quote(word.Form)}:*"
        : word.Alternatives.Count == 1 ? Lexemes.Quote(word.Form) : $"({string.Join(" | ", word.Alternatives.Select(Lexemes.Quote))})";

    /// <summary>Any of the forms of a word, for ranking.</summary>
    public static string AnyForm(QueryWord word) => Alternatives(word);
}
