using System.Diagnostics;
using Blog.Content.Text;
using Blog.Anchoring;
using Blog.SystemTesting;

namespace Blog.Bench;

/// <summary>Whether highlights find their place again after real posts were edited, and how long that takes.</summary>
static class HighlightAnchoring
{
    const int HighlightsPerArticle = 100;
    const int Seed = 20_261_122;

    public static Task Run(Figures figures, CancellationToken cancel)
    {
        var folder = Environment.GetEnvironmentVariable("BLOG_DATA") ?? Path.Combine(RunningBlog.RepositoryRoot, "..", "shared", "data", "rust-blog", "content");
        var texts = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => ArticleText.Of(MarkdownRenderer.Render(WithoutFrontMatter(File.ReadAllText(file)), new Dictionary<Guid, KnownPicture>(), new RenderBudget(RenderBudget.Limit, cancel)).Html))
            .Where(text => text.Length > 500).ToArray();
        var paragraphs = texts.SelectMany(text => text.Split('\n')).Where(paragraph => paragraph.Length > 80).ToArray();
        Figures.Say($"{texts.Length} posts, {texts.Sum(text => text.Length)} characters");

        var (surviving, exact, wrong, touched, kept, time) = (0, 0, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < texts.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var trial = new AnchoringTrial(texts[i], paragraphs, Seed + i);
            var highlights = Enumerable.Range(0, HighlightsPerArticle).Select(_ => trial.Highlight()).ToArray();
            var started = Stopwatch.GetTimestamp();
            var map = new TextMap(trial.OldText, trial.NewText);
            var placements = Array.ConvertAll(highlights, map.Find);
            time += Stopwatch.GetElapsedTime(started);
            foreach (var (highlight, placed) in highlights.Zip(placements))
            {
                if (trial.Expected(highlight) is { } expected)
                {
                    surviving++;
                    if (placed is { IsExact: true } && placed.Value.Passage == expected)
                        exact++;
                    else if (placed is { } elsewhere && !trial.IsReasonable(highlight, elsewhere.Passage))
                        wrong += Wrong(trial, highlight, elsewhere);
                }
                else
                {
                    touched++;
                    if (placed is { } near && !trial.IsReasonable(highlight, near.Passage))
                        wrong += Wrong(trial, highlight, near);
                    else if (placed is not null)
                        kept++;
                }
            }
        }
        figures.Add("highlight-anchoring-surviving", surviving, "highlights");
        figures.Add("highlight-anchoring-exact", 100.0 * exact / surviving, "%");
        figures.Add("highlight-anchoring-wrong", wrong, "highlights");
        figures.Add("highlight-anchoring-touched-kept", 100.0 * kept / touched, "%");
        figures.Add("highlight-anchoring-time", time.TotalMilliseconds / texts.Length, "ms/article");
        figures.AddMedian("highlight-anchoring-thousand", Thousand(texts, paragraphs), "ms");
        return Task.CompletedTask;
    }

    /// <summary>An article with a thousand highlights: the longest post.</summary>
    static IEnumerable<double> Thousand(string[] texts, string[] paragraphs)
    {
        var longest = texts.MaxBy(text => text.Length)!;
        Figures.Say($"the longest post: {longest.Length} characters");
        for (var round = 0; round < 9; round++)
        {
            var trial = new AnchoringTrial(longest, paragraphs, Seed + round);
            var highlights = Enumerable.Range(0, 1000).Select(_ => trial.Highlight()).ToArray();
            var started = Stopwatch.GetTimestamp();
            var map = new TextMap(trial.OldText, trial.NewText);
            foreach (var highlight in highlights)
                if (map.Find(highlight) is { } placed)
                    _ = TextSelector.Of(trial.NewText, placed.Passage);
            yield return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    static int Wrong(AnchoringTrial trial, Passage highlight, Placement placed)
    {
        Figures.Say($"wrong{(trial.Expected(highlight) is null ? "" : " although it survived")}: “{trial.OldText[highlight.Start..highlight.End]}” became “{trial.NewText[placed.Passage.Start..placed.Passage.End]}”");
        return 1;
    }

    static string WithoutFrontMatter(string file)
    {
        var fence = file.StartsWith("+++", StringComparison.Ordinal) ? "+++" : file.StartsWith("---", StringComparison.Ordinal) ? "---" : null;
        return fence is not null && file.IndexOf("\n" + fence, 3, StringComparison.Ordinal) is > 0 and var end ? file[(end + 1 + fence.Length)..] : file;
    }
}
