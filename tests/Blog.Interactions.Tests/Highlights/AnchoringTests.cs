using System.Text.Json;
using Blog.Bench;
using Blog.Anchoring;

namespace Blog.Interactions.Tests.Highlights;

/// <summary>Where passages are, and where they went. The vectors are also run by the site (web/site/tests, Blog.Browser.Tests).</summary>
public sealed class AnchoringTests
{
    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    static string Repository { get; } = FindRepository();

    static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Blog.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    static T[] Vectors<T>(string name) => JsonSerializer.Deserialize<T[]>(File.ReadAllText(Path.Combine(Repository, "tests", "vectors", "highlights", name)), Web)!;

    sealed record TextVector(string Name, string Html, string Text);

    sealed record SelectorVector(string Name, string Text, TextSelector Selector, int? Found);

    [Fact]
    public void The_text_of_an_article_is_as_defined()
    {
        foreach (var vector in Vectors<TextVector>("text.json"))
            ArticleText.Of(vector.Html).ShouldBe(vector.Text, vector.Name);
    }

    [Fact]
    public void A_selector_finds_its_passage_or_nothing()
    {
        foreach (var vector in Vectors<SelectorVector>("selectors.json"))
            vector.Selector.Find(vector.Text)?.Start.ShouldBe(vector.Found ?? -1, vector.Name);
        foreach (var vector in Vectors<SelectorVector>("selectors.json").Where(v => v.Found is not null))
            vector.Selector.Find(vector.Text).ShouldNotBeNull(vector.Name);
    }

    [Fact]
    public void A_selector_of_any_passage_leads_back_to_it()
    {
        const string text = "go on. go on. 𝄞 go on. go on.\nThe 👩‍👩‍👧 tide turned.";
        for (var start = 0; start < text.Length; start++)
            for (var end = start + 1; end <= text.Length; end++)
                if (!char.IsLowSurrogate(text[start]) && (end == text.Length || !char.IsLowSurrogate(text[end])))
                    TextSelector.Of(text, new(start, end)).Find(text).ShouldBe(new Passage(start, end));
    }

    [Theory]
    [InlineData("nothing changed", "It rained until noon. Then the [tide turned] and the boats came in.", "It rained until noon. Then the [tide turned] and the boats came in.")]
    [InlineData("text before it", "It rained until noon. Then the [tide turned] and the boats came in.", "For three days nobody went out. It rained until noon. Then the [tide turned] and the boats came in.")]
    [InlineData("a word beside it", "It rained until noon. Then the [tide turned] and the boats came in.", "It rained until noon. Then the [tide turned] while the boats came in.")]
    [InlineData("paragraphs joined", "It rained until noon.\nThen the [tide turned] and the boats came in.", "It rained until noon. Then the [tide turned] and the boats came in.")]
    [InlineData("across paragraphs that were joined", "It rained [until noon.\nThen the tide] turned and the boats came in.", "It rained [until noon. Then the tide] turned and the boats came in.")]
    [InlineData("the paragraph moved", "First there is a paragraph about the harbour and its clock.\nIt rained until noon that day. Then the [tide turned] and the boats came in one by one.\nLast there is one about the museum.", "It rained until noon that day. Then the [tide turned] and the boats came in one by one.\nFirst there is a paragraph about the harbour and its clock.\nLast there is one about the museum.")]
    [InlineData("one of two equal sentences", "It is late. Nobody minds the longer way round. The boats came in.\nIt is dark. [Nobody minds the longer way round.] The birds are asleep.", "It is dark. [Nobody minds the longer way round.] The birds are asleep.")]
    [InlineData("the other of two equal sentences went", "It is late. [Nobody minds the longer way round.] The boats came in.\nIt is dark. Nobody minds the longer way round. The birds are asleep.", "It is dark. Nobody minds the longer way round. The birds are asleep.")]
    [InlineData("the sentence was replaced", "It rained until noon. [Then the tide turned.] The boats came in with what they had.", "It rained until noon. Somebody opened a window over the square. The boats came in with what they had.")]
    [InlineData("which of two equal lines went cannot be told", "begin here\n[the same line of text]\nthe same line of text\nand end here", "begin here\nthe same line of text\nand end here")]
    [InlineData("no spaces between words", "昨日は雨が降った。それから[潮が変わった]。船が帰ってきた。", "今朝のこと。昨日は雨が降った。それから[潮が変わった]。船が帰ってきた。")]
    public void A_passage_follows_its_words(string what, string before, string after)
    {
        var (old, marked) = Marked(before);
        var (edited, expected) = Marked(after);
        var found = new TextMap(old, edited).Find(marked!.Value);
        if (expected is null)
            found.ShouldBeNull(what);
        else
            found.ShouldBe(new Placement(expected.Value, true), what);
    }

    [Fact]
    public void A_passage_of_which_some_words_changed_is_where_most_of_them_are()
    {
        const string old = "It rained until noon. Then the tide turned and all of the boats came slowly back into the harbour. Nobody saw them.";
        const string edited = "It rained until noon. Then the tide turned and all of the ships came quickly back into the harbour. Nobody saw them.";
        var found = new TextMap(old, edited).Find(new(22, 97)).ShouldNotBeNull();
        found.IsExact.ShouldBeFalse();
        edited[found.Passage.Start..found.Passage.End].ShouldBe("Then the tide turned and all of the ships came quickly back into the harbour");
    }

    [Fact]
    public void After_random_edits_of_real_prose_highlights_are_where_they_were_or_nowhere()
    {
        var texts = Directory.EnumerateFiles(Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository, "README.md")).Order(StringComparer.Ordinal)
            .Select(file => string.Join('\n', File.ReadLines(file).Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Length > 0)))
            .Where(text => text.Length > 500).ToArray();
        var paragraphs = texts.SelectMany(text => text.Split('\n')).Where(paragraph => paragraph.Length > 80).ToArray();
        var (surviving, exact) = (0, 0);
        for (var round = 0; round < 60; round++)
        {
            var text = texts[round % texts.Length];
            // What is written in comes from other texts: a paragraph that was deleted and written anew elsewhere was moved.
            var trial = new AnchoringTrial(text, [.. paragraphs.Where(paragraph => !text.Contains(paragraph, StringComparison.Ordinal))], round);
            var map = new TextMap(trial.OldText, trial.NewText);
            for (var i = 0; i < 50; i++)
            {
                var highlight = trial.Highlight();
                var (expected, placed) = (trial.Expected(highlight), map.Find(highlight));
                var what = $"round {round}: “{trial.OldText[highlight.Start..highlight.End]}”";
                if (expected is not null)
                    surviving++;
                if (placed is { IsExact: true } && expected is not null)
                {
                    placed.Value.Passage.ShouldBe(expected.Value, what);
                    exact++;
                }
                else if (placed is { } near)
                {
                    trial.IsReasonable(highlight, near.Passage).ShouldBeTrue($"{what} became “{trial.NewText[near.Passage.Start..near.Passage.End]}”");
                }
            }
        }
        ((double)exact / surviving).ShouldBeGreaterThan(0.95);
    }

    static (string Text, Passage? Marked) Marked(string text)
    {
        var (start, end) = (text.IndexOf('[', StringComparison.Ordinal), text.IndexOf(']', StringComparison.Ordinal));
        return start < 0 ? (text, null) : (text.Remove(end, 1).Remove(start, 1), new Passage(start, end - 1));
    }
}
