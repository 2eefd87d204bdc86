using Blog.Search.Words;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>The rows of words in a title that somebody may type: one to four words that begin and end with more than a letter.</summary>
static class TitlePhrases
{
    const int MostWords = 4, Longest = 60;

    public static IEnumerable<string> Of(IEnumerable<Token> title)
    {
        // Of a script without spaces there are no words to complete; of a name with dots the whole counts.
        var words = new List<string>();
        var end = 0;
        foreach (var token in title.OrderBy(token => token.Start).ThenByDescending(token => token.Length))
            if (token.Kind is TokenKind.Word or TokenKind.Whole && token.Start >= end)
            {
                words.Add(token.Form);
                end = token.End;
            }
        for (var from = 0; from < words.Count; from++)
        {
            if (words[from].Length < 2)
                continue;
            var phrase = words[from];
            yield return phrase;
            for (var to = from + 1; to < Math.Min(from + MostWords, words.Count); to++)
            {
                phrase += " " + words[to];
                if (phrase.Length > Longest)
                    break;
                if (words[to].Length > 1)
                    yield return phrase;
            }
        }
    }
}
