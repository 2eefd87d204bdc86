using Blog.Search.Queries;
using Blog.Search.Words;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>What the columns of an article are made of.</summary>
sealed class ArticleWords
{
    /// <summary>Of the text, what is indexed and kept for passages, in UTF-16 code units; and its part that is kept apart.</summary>
    public const int MaxBody = 300_000, Lead = 1_800;

    /// <summary>Words of the text that say what it is about.</summary>
    const int MostKeyWords = 64, MostImportant = 16;

    const int FieldGap = 10, LongestWord = 40;

    /// <summary>In the vocabulary, how many articles there are.</summary>
    public const string EveryArticle = "*";

    // Languages that write compounds as one word.
    static readonly HashSet<string> Compounding = ["de", "nl", "sv", "da", "no", "nb", "nn", "fi", "hu", "is", "et"];

    /// <summary>Shorter words are no compounds worth looking into.</summary>
    public const int ShortestCompound = 9;

    readonly List<(Token Token, string Surface)> title, description, topics, author, body;

    public ArticleWords(ArticleDocument article)
    {
        Language = QueryParser.Primary(article.Language) ?? "";
        Text = article.Body.Length > MaxBody ? Unpaired(article.Body, MaxBody) : article.Body;
        title = Read(article.Title);
        description = Read(article.Description);
        topics = Read(string.Join(" . ", article.Topics.Select(topic => topic.Name)));
        author = Read(string.Join(" . ", article.CoAuthors.Select(other => other.Name).Prepend(article.AuthorName)));
        body = Read(Text);
        Filters =
        [
            .. article.Topics.Select(topic => Lexemes.Topic(topic.Slug)), Lexemes.AuthorId(article.AuthorId),
            .. article.CoAuthors.Select(other => Lexemes.AuthorId(other.Id)),
            .. article.CoAuthors.Select(other => other.Handle).Append(article.AuthorHandle).Where(handle => handle.Length > 0).Select(Lexemes.Author),
            .. Language.Length > 0 ? [Lexemes.Language(Language)] : Array.Empty<string>(),
        ];
        Vocabulary = [.. title.Concat(description).Concat(body).Where(w => w.Token.Kind != TokenKind.Last).Select(w => w.Token.Form).Where(form => form.Length <= LongestWord), .. Filters, .. title.Select(w => w.Token.Form).Where(form => form.Length <= LongestWord).Select(Lexemes.Title), EveryArticle, WordPairs.Known];
        Phrases = [.. TitlePhrases.Of(title.Select(word => word.Token))];
    }

    public string Language { get; }

    /// <summary>The body as it is kept.</summary>
    public string Text { get; }

    IReadOnlyList<string> Filters { get; }

    /// <summary>Each word of the text once, each of the title once more as such, and the filters. Names of topics and authors do not count: they change apart from the text.</summary>
    public HashSet<string> Vocabulary { get; }

    public HashSet<string> Phrases { get; }

    /// <summary>What the stemmer must know before the vectors are made.</summary>
    public IEnumerable<string> Surfaces => title.Concat(description).Concat(topics).Concat(author).Concat(body).Where(w => w.Token.Kind == TokenKind.Word).Select(w => w.Surface);

    /// <summary>Whether a language writes compounds as one word.</summary>
    public static bool Compounds(string language) => Compounding.Contains(language);

    public static bool IsCompound(string language, string word) => word.Length >= ShortestCompound && Compounding.Contains(language) && word.All(char.IsLetter);

    List<(Token, string)> Read(string text) =>
        [.. Tokenizer.Read(text).Select(token => (token, token.Kind == TokenKind.Word ? Folding.Lower(text.AsSpan(token.Start, Math.Min(token.Length, 64)), Language) : ""))];

    /// <param name="withPairs">Neighbouring words are found by the index: worth it where there are many texts.</param>
    public (string Key, string Words) ToVectors(Stems stems, bool withPairs)
    {
        var (key, words) = (new Lexemes(), new Lexemes());
        if (withPairs)
            foreach (var pair in ((List<(Token Token, string Surface)>[])[title, description, topics, author, body]).SelectMany(field => WordPairs.Of(field.Select(word => word.Token))))
                words.AddMark(pair);
        foreach (var filter in Filters)
        {
            key.Add(filter);
            words.Add(filter);
        }
        var start = 0;
        // A title is short and may consist of nothing but frequent words: all of them count.
        AddField(title, 'A', keepStopWords: true);
        AddField(description, 'B');
        AddField(topics, 'B', keepStopWords: true);
        AddField(author, 'C', keepStopWords: true);
        AddBody();
        return (key.ToString(), words.ToString());

        void AddField(List<(Token Token, string Surface)> field, char weight, bool keepStopWords = false)
        {
            foreach (var (token, surface) in field)
                foreach (var lexeme in LexemesOf(stems, token, surface, keepStopWords))
                {
                    key.Add(lexeme, start + token.Position, weight);
                    words.Add(lexeme, start + token.Position);
                    if (weight == 'A')
                        key.Add(Lexemes.Title(lexeme));
                }
            start += (field.Count > 0 ? field[^1].Token.Position : 0) + FieldGap;
        }

        void AddBody()
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (token, surface) in body)
                foreach (var lexeme in LexemesOf(stems, token, surface, keepStopWords: false))
                {
                    words.Add(lexeme, start + token.Position);
                    counts[lexeme] = counts.GetValueOrDefault(lexeme) + 1;
                }
            var frequent = counts.Where(count => count.Value > 1).OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Take(MostKeyWords);
            var rank = 0;
            foreach (var (lexeme, count) in frequent)
                key.Add(lexeme, 1, rank++ < MostImportant && count > 2 ? 'C' : 'D');
        }
    }

    /// <summary>The word itself and its stem; none when the language uses it too often to say anything.</summary>
    IEnumerable<string> LexemesOf(Stems stems, Token token, string surface, bool keepStopWords)
    {
        if (token.Kind != TokenKind.Word || stems.Of(Language, surface) is not { } stem)
            return [token.Form];
        return stem.IsStopWord ? keepStopWords ? [token.Form] : [] : stem.Form == token.Form ? [token.Form] : [token.Form, stem.Form];
    }

    /// <summary>The beginning of a text that does not cut a surrogate pair.</summary>
    public static string Unpaired(string text, int length) => text.Length <= length ? text : char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
}
