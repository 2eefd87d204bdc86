namespace Blog.Search.Engines.PostgreSql;

/// <summary>Words near a word: what differs by one slip of the finger or two.</summary>
static class Spelling
{
    static readonly string[] Alphabets =
    [
        "abcdefghijklmnopqrstuvwxyz0123456789", "абвгдежзиклмнопрстуфхцчшщъыьэюяіє", "αβγδεζηθικλμνξοπρστυφχψω", "אבגדהוזחטיךכלםמןנסעףפץצקרשת", "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    ];

    /// <summary>Every word that one slip makes: a letter left out, put in, exchanged, or in another place. Empty for scripts without an alphabet.</summary>
    public static IEnumerable<string> Near(string word)
    {
        if (Alphabets.FirstOrDefault(alphabet => word.Any(alphabet.Contains)) is not { } letters)
            yield break;
        for (var i = 0; i <= word.Length; i++)
        {
            if (i < word.Length)
                yield return word.Remove(i, 1);
            if (i + 1 < word.Length)
                yield return $"{word[..i]}{word[i + 1]}{word[i]}{word[(i + 2)..]}";
            // One letter in another place.
            for (var to = 0; i < word.Length && to < word.Length; to++)
                if (Math.Abs(to - i) > 1)
                    yield return word.Remove(i, 1).Insert(to, word[i].ToString());
            foreach (var letter in letters)
            {
                yield return $"{word[..i]}{letter}{word[i..]}";
                if (i < word.Length)
                    yield return $"{word[..i]}{letter}{word[(i + 1)..]}";
            }
        }
    }

    /// <summary>Ways to write a word as two.</summary>
    public static IEnumerable<(string First, string Second)> Splits(string word) =>
        Enumerable.Range(2, Math.Max(0, word.Length - 3)).Select(at => (word[..at], word[at..]));

    /// <summary>Whether letters of an alphabet are all there is to it: numbers and names with signs are not corrected.</summary>
    public static bool CanBeWrong(string word) => word.Length >= 3 && word.All(char.IsLetter);

    /// <summary>How many letters must be left out, put in, exchanged, or swapped with their neighbour (Damerau–Levenshtein, optimal string alignment); more than <paramref name="most"/> is not counted out.</summary>
    public static int Distance(string one, string other, int most)
    {
        if (Math.Abs(one.Length - other.Length) > most)
            return most + 1;
        var (before, last, row) = (new int[other.Length + 1], new int[other.Length + 1], new int[other.Length + 1]);
        for (var j = 0; j <= other.Length; j++)
            last[j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[other.Length];
    }

    /// <summary>How likely somebody who typed <paramref name="typed"/> meant a word that is in so many articles: near words before frequent ones, the first letter is seldom wrong.</summary>
    public static double Likelihood(string typed, string word, int docs, int distance) =>
        Math.Log10(1 + docs) - 2.5 * (SameLetters(typed, word) ? 0 : distance - 1) - (typed[0] == word[0] ? 0 : 1) + (IsSlip(typed, word) ? 0.6 : 0);

    // Letters swapped, doubled or not doubled: the most frequent slips.
    static bool IsSlip(string typed, string word) => Undoubled(typed) == Undoubled(word) || SameLetters(typed, word);

    static bool SameLetters(string one, string other) => one.Length == other.Length && one.Order().SequenceEqual(other.Order());

    static string Undoubled(string word) => string.Concat(word.Where((letter, i) => i == 0 || word[i - 1] != letter));
}
