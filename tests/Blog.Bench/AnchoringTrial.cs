using Blog.Anchoring;

namespace Blog.Bench;

/// <summary>
/// Highlights on a text, an edit of a fifth of its paragraphs, and where the highlights should be now. Every character knows where it came from, so
/// what is right is known and not guessed: a highlight survives when its characters stand together as before (white space aside).
/// </summary>
sealed class AnchoringTrial
{
    const double EditedShare = 0.2;
    static readonly char[] SentenceEnds = ['.', '!', '?'];

    readonly Random random;
    readonly string old;
    readonly string[] words;
    readonly IReadOnlyList<string> strangers;
    readonly HashSet<int> edited = [];

    /// <param name="text">Paragraphs separated by line feeds.</param>
    /// <param name="strangers">Paragraphs of other texts, to be inserted.</param>
    /// <param name="seed">The same seed gives the same trial.</param>
    public AnchoringTrial(string text, IReadOnlyList<string> strangers, int seed)
    {
        (random, old, this.strangers) = (new Random(seed), text, strangers);
        words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        (NewText, NewOf) = Edit();
    }

    public string OldText => old;
    public string NewText { get; }

    /// <summary>Where each character of the old text is in the new one; -1: gone.</summary>
    public int[] NewOf { get; }

    /// <summary>A passage as a person marks one: some words, a sentence, several, or across paragraphs.</summary>
    public Passage Highlight()
    {
        while (true)
        {
            var start = random.Next(old.Length);
            while (start > 0 && !char.IsWhiteSpace(old[start - 1]))
                start--;
            var kind = random.Next(10);
            var end = kind switch
            {
                < 2 => AfterWords(start, random.Next(1, 4)),
                < 7 => AfterSentences(SentenceStart(ref start), 1),
                < 9 => AfterSentences(SentenceStart(ref start), random.Next(2, 4)),
                _ => AfterWords(start, random.Next(20, 90)),
            };
            while (end > start && char.IsWhiteSpace(old[end - 1]))
                end--;
            while (start < end && char.IsWhiteSpace(old[start]))
                start++;
            if (end > start && end - start <= 2000)
                return new Passage(start, end);
        }
    }

    /// <summary>Where the passage must be found; null when its text was touched.</summary>
    public Passage? Expected(Passage passage)
    {
        var (first, last) = (NewOf[passage.Start], NewOf[passage.End - 1]);
        if (first < 0 || last < first)
            return null;
        var at = passage.Start;
        for (var i = first; i <= last; i++)
        {
            if (char.IsWhiteSpace(NewText[i]))
                continue;
            while (char.IsWhiteSpace(old[at]))
                at++;
            if (NewOf[at] != i)
                return null;
            at++;
        }
        return at == passage.End ? new Passage(first, last + 1) : null;
    }

    /// <summary>Whether a passage whose text was touched may be shown there: at least half of what is shown is what was marked.</summary>
    public bool IsReasonable(Passage passage, Passage placed)
    {
        var marked = Enumerable.Range(passage.Start, passage.Length).Where(i => !char.IsWhiteSpace(old[i])).Select(i => NewOf[i]).Where(i => i >= 0).ToHashSet();
        var shown = Enumerable.Range(placed.Start, placed.Length).Where(i => !char.IsWhiteSpace(NewText[i])).ToArray();
        return shown.Count(marked.Contains) * 2 >= shown.Length;
    }

    int AfterWords(int start, int count)
    {
        var end = start;
        for (; count > 0 && end < old.Length; count--)
        {
            while (end < old.Length && char.IsWhiteSpace(old[end]))
                end++;
            while (end < old.Length && !char.IsWhiteSpace(old[end]))
                end++;
        }
        return end;
    }

    int SentenceStart(ref int start)
    {
        while (start > 0 && old[start - 1] != '\n' && !(old[start - 1] == ' ' && start > 1 && SentenceEnds.Contains(old[start - 2])))
            start--;
        return start;
    }

    int AfterSentences(int start, int count)
    {
        var end = start;
        for (; count > 0 && end < old.Length; count--)
        {
            do end++;
            while (end < old.Length && old[end] != '\n' && !(old[end] == ' ' && SentenceEnds.Contains(old[end - 1])));
        }
        return end;
    }

    (string Text, int[] NewOf) Edit()
    {
        var paragraphs = new List<List<Letter>>();
        var at = 0;
        foreach (var line in old.Split('\n'))
        {
            paragraphs.Add([.. line.Select((c, i) => new Letter(c, at + i))]);
            at += line.Length + 1;
        }
        var edits = Math.Max(1, (int)Math.Round(paragraphs.Count * EditedShare));
        var chosen = paragraphs.OrderBy(_ => random.Next()).Take(edits).ToArray();
        edited.UnionWith(chosen.SelectMany(paragraph => paragraph).Select(letter => letter.From));
        foreach (var paragraph in chosen)
            Edit(paragraphs, paragraph);

        var letters = paragraphs.Where(p => p.Count > 0).SelectMany((p, i) => i == 0 ? p : p.Prepend(new Letter('\n', -1))).ToArray();
        var newOf = new int[old.Length];
        Array.Fill(newOf, -1);
        for (var i = 0; i < letters.Length; i++)
            if (letters[i].From >= 0)
                newOf[letters[i].From] = i;
        return (new string([.. letters.Select(letter => letter.C)]), newOf);
    }

    void Edit(List<List<Letter>> paragraphs, List<Letter> paragraph)
    {
        var index = paragraphs.IndexOf(paragraph);
        if (index < 0)
            return; // merged into another meanwhile
        switch (random.Next(8))
        {
            case 3:
                paragraphs.RemoveAt(index);
                break;
            case 4:
                paragraphs.Insert(index, [.. Inserted().Select(c => new Letter(c, -1))]);
                break;
            case 5:
                paragraphs.RemoveAt(index);
                paragraphs.Insert(random.Next(paragraphs.Count + 1), paragraph);
                break;
            case 6:
                var spaces = Enumerable.Range(1, Math.Max(0, paragraph.Count - 1)).Where(i => paragraph[i].C == ' ' && SentenceEnds.Contains(paragraph[i - 1].C)).ToArray();
                if (spaces.Length == 0)
                    goto default;
                var space = spaces[random.Next(spaces.Length)];
                paragraphs[index] = paragraph[..space];
                paragraphs.Insert(index + 1, paragraph[(space + 1)..]);
                break;
            case 7 when index + 1 < paragraphs.Count:
                paragraphs[index] = [.. paragraph, new Letter(' ', -1), .. paragraphs[index + 1]];
                paragraphs.RemoveAt(index + 1);
                break;
            default:
                paragraphs[index] = Reworded(paragraph);
                break;
        }
    }

    /// <summary>A paragraph of another text, or one that says again what this one says somewhere.</summary>
    string Inserted()
    {
        var stranger = strangers[random.Next(strangers.Count)];
        if (random.Next(3) > 0)
            return stranger;
        // A sentence that is copied here and taken away there would be one that moved.
        var copy = Highlight();
        if (Enumerable.Range(copy.Start, copy.Length).Any(edited.Contains))
            return stranger;
        return $"{stranger} {old[copy.Start..copy.End].Replace('\n', ' ')} {words[random.Next(words.Length)]}";
    }

    /// <summary>One to three of ten words are replaced, dropped or joined by another.</summary>
    List<Letter> Reworded(List<Letter> paragraph)
    {
        var share = 0.1 + random.NextDouble() * 0.2;
        var result = new List<Letter>();
        for (var at = 0; at < paragraph.Count;)
        {
            var end = at;
            while (end < paragraph.Count && paragraph[end].C != ' ')
                end++;
            var word = paragraph[at..end];
            if (random.NextDouble() >= share)
                result.AddRange(word);
            else if (random.Next(3) is var how && how < 2)
            {
                var other = words[random.Next(words.Length)];
                if (how == 1)
                    result.AddRange([.. word, new Letter(' ', -1)]);
                else if (other == new string([.. word.Select(letter => letter.C)]))
                    other += "s";
                result.AddRange(other.Select(c => new Letter(c, -1)));
            }
            if (end < paragraph.Count)
                result.Add(paragraph[end]);
            at = end + 1;
        }
        return result;
    }

    readonly record struct Letter(char C, int From);
}
