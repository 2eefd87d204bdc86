using System.Text;

namespace Blog.Testing;

/// <summary>Text like that of a writer, and the small edits that are made to it; the same for the same seed.</summary>
public sealed class Prose(int seed)
{
    const int Vocabulary = 4000;

    readonly Random random = new(seed);
    readonly string[] words = [.. Enumerable.Range(0, Vocabulary).Select(i => Word(new Random(unchecked(seed * 31 + i))))];

    static string Word(Random random)
    {
        const string Consonants = "bcdfghklmnprstvw", Vowels = "aeiou";
        var word = new StringBuilder();
        for (var syllable = random.Next(1, 4); syllable > 0; syllable--)
            word.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]).Append(random.Next(3) == 0 ? "n" : "");
        return word.ToString();
    }

    /// <summary>A word; a few are used often and most seldom (Zipf's law).</summary>
    public string NextWord() => words[(int)Math.Exp(random.NextDouble() * Math.Log(Vocabulary)) - 1];

    /// <summary>A sentence of 5 to 20 words.</summary>
    public string NextSentence() => string.Join(' ', Enumerable.Range(0, random.Next(5, 21)).Select(_ => NextWord())) + ".";

    /// <summary>Paragraphs of at least this many characters.</summary>
    public string Text(int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.AppendJoin(' ', Enumerable.Range(0, random.Next(2, 7)).Select(_ => NextSentence())).Append("\n\n");
        return text.ToString();
    }

    /// <summary>The text after a few seconds of work on it, of about the same length: a sentence added here, a sentence gone there, a word changed.</summary>
    public string Edited(string text)
    {
        var paragraphs = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var at = random.Next(paragraphs.Length);
        var sentences = paragraphs[at].Split(". ").ToList();
        sentences.Insert(random.Next(sentences.Count), NextSentence().TrimEnd('.'));
        if (sentences.Count > 3)
            sentences.RemoveAt(random.Next(sentences.Count));
        var place = random.Next(sentences.Count);
        var changed = sentences[place].Split(' ');
        changed[random.Next(changed.Length)] = NextWord();
        sentences[place] = string.Join(' ', changed);
        paragraphs[at] = string.Join(". ", sentences);
        return string.Join("\n\n", paragraphs) + "\n\n";
    }
}
