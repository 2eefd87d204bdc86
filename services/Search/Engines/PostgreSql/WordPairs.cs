using Blog.Search.Words;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>
/// Which words of a text are neighbours, as lexemes of an article's words. A phrase of frequent words would have to be looked for in every article that has them; few of those have the pairs.
/// Pairs are numbered by their hash, so that an index holds a limited number of them: an article that has the pairs of a phrase may lack the phrase, and is looked at.
/// </summary>
static class WordPairs
{
    /// <summary>In the vocabulary: how many articles have their pairs in the index. An index that was made before pairs were has too few.</summary>
    public const string Known = "~";

    // FNV-1a, 32 bits, folded to 16 as its authors recommend.
    const uint Basis = 2_166_136_261, Prime = 16_777_619;

    /// <summary>The pairs of a text, or of a phrase of a query: words that stand side by side, frequent ones too.</summary>
    public static IEnumerable<string> Of(IEnumerable<Token> tokens)
    {
        Token? before = null;
        foreach (var token in tokens)
        {
            if (token.Kind != TokenKind.Word)
                continue;
            if (before is { } former && token.Position - former.Position == 1)
                yield return Lexeme(former.Form, token.Form);
            before = token;
        }
    }

    static string Lexeme(string one, string next)
    {
        var hash = Add(Add(Add(Basis, one), " "), next);
        return $"{Known}{(hash >> 16) ^ (hash & 0xffff):x4}";
    }

    static uint Add(uint hash, string text)
    {
        foreach (var sign in text)
            hash = unchecked((hash ^ sign) * Prime);
        return hash;
    }
}
