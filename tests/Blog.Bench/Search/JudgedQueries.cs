using System.Globalization;
using Blog.SystemTesting;

namespace Blog.Bench.Search;

/// <param name="Kind">known, topic, typo, form, or any other class.</param>
/// <param name="Grades">Of articles by name; the rest are worth nothing.</param>
sealed record JudgedQuery(string Kind, string Text, IReadOnlyDictionary<string, int> Grades);

/// <summary>Reads the format that tests/data/search/queries.txt describes in its first lines.</summary>
static class JudgedQueries
{
    public static string Committed => Path.Combine(RunningBlog.RepositoryRoot, "tests", "data", "search", "queries.txt");

    /// <exception cref="FormatException">A line is not as described; the message names it.</exception>
    public static IReadOnlyList<JudgedQuery> Read(string file) =>
        [.. File.ReadLines(file).Select((line, i) => (Line: line.Trim(), Number: i + 1)).Where(line => line.Line.Length > 0 && line.Line[0] != '#').Select(line =>
            line.Line.Split('|', StringSplitOptions.TrimEntries) is [var kind, var query, var articles] && articles.Length > 0
                ? new JudgedQuery(kind, query, articles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Graded).ToDictionary(StringComparer.OrdinalIgnoreCase))
                : throw new FormatException($"{file}:{line.Number}: not `class | query | articles`."))];

    static KeyValuePair<string, int> Graded(string article)
    {
        var colon = article.LastIndexOf(':');
        return colon > 0 && int.TryParse(article.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var grade) ? new(article[..colon], grade) : new(article, 3);
    }
}
