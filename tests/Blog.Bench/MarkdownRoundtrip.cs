using System.Diagnostics;
using System.Text.Json;
using Blog.Archives.Files;
using Blog.Archives.Markdown;
using Blog.Content.Text;
using Blog.SystemTesting;

namespace Blog.Bench;

/// <summary>
/// Whether the rich editor loses anything: Markdown → editor → Markdown, rendered by the server's own renderer before and after. Once as it is saved when nobody touched it (it must be the
/// same bytes), once with every block written anew as if each had been touched. The editor's part runs in Node (web/site/scripts/roundtrip.ts), which adds the examples of the specifications.
/// </summary>
static class MarkdownRoundtrip
{
    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <param name="Kind">example, edge or post.</param>
    /// <param name="Blocks">How many blocks the text has.</param>
    /// <param name="Raw">How many of them the editor keeps as raw Markdown.</param>
    sealed record Trip(string Kind, string Name, string Markdown, string Untouched, string Rewritten, int Blocks, int Raw);

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        var tellMisses = Environment.GetCommandLineArgs().Contains("--misses");
        var trips = await TripsAsync(cancel);
        foreach (var kind in trips.GroupBy(trip => trip.Kind).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var (bytes, rendered) = (0, 0);
            foreach (var trip in kind)
            {
                if (trip.Untouched == trip.Markdown)
                    bytes++;
                if (Html(trip.Rewritten, cancel) == Html(trip.Markdown, cancel))
                    rendered++;
                else if (tellMisses)
                    Figures.Say($"{trip.Name} reads differently when written anew:\n{trip.Markdown}\n-----\n{trip.Rewritten}\n-----\n{Html(trip.Markdown, cancel)}\n-----\n{Html(trip.Rewritten, cancel)}\n=====");
            }
            var count = kind.Count();
            figures.Add($"markdown-roundtrip-{kind.Key}s", count, "texts");
            figures.Add($"markdown-roundtrip-{kind.Key}s-untouched", 100.0 * bytes / count, "% the same bytes");
            figures.Add($"markdown-roundtrip-{kind.Key}s-rewritten", 100.0 * rendered / count, "% the same HTML");
            figures.Add($"markdown-roundtrip-{kind.Key}s-raw", 100.0 * kind.Count(trip => trip.Raw > 0) / count, "% with a raw block");
            figures.Add($"markdown-roundtrip-{kind.Key}s-raw-blocks", 100.0 * kind.Sum(trip => trip.Raw) / kind.Sum(trip => trip.Blocks), "% of the blocks");
        }
    }

    static string Html(string markdown, CancellationToken cancel) =>
        MarkdownRenderer.Render(markdown, MarkdownRenderer.PicturesIn(markdown).ToDictionary(id => id, id => new KnownPicture(id, 1200, 800, false)), new RenderBudget(RenderBudget.Limit, cancel)).Html;

    static async Task<List<Trip>> TripsAsync(CancellationToken cancel)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["--import", "tsx", "scripts/roundtrip.ts"])
        {
            WorkingDirectory = Path.Combine(RunningBlog.RepositoryRoot, "web", "site"), RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var sending = SendPostsAsync(node.StandardInput, cancel);
        var trips = new List<Trip>();
        while (await node.StandardOutput.ReadLineAsync(cancel) is { } line)
            trips.Add(JsonSerializer.Deserialize<Trip>(line, Web)!);
        await sending;
        await node.WaitForExitAsync(cancel);
        return node.ExitCode == 0 ? trips : throw new InvalidOperationException($"scripts/roundtrip.ts ended with {node.ExitCode}.");
    }

    static async Task SendPostsAsync(StreamWriter input, CancellationToken cancel)
    {
        await using var _ = input;
        if (!Directory.Exists(Search.RealPosts.Folder))
        {
            Figures.Say($"without real posts: there is no {Search.RealPosts.Folder}");
            return;
        }
        foreach (var path in new FolderFiles(Search.RealPosts.Folder).Paths.Where(MarkdownReader.IsMarkdown))
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Search.RealPosts.Folder, path), cancel);
            if (!Path.GetFileName(path).StartsWith('_'))
                await input.WriteLineAsync(JsonSerializer.Serialize(new { name = path, markdown = MarkdownFile.Read(path, text).Body }, Web).AsMemory(), cancel);
        }
    }
}
