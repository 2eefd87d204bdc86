using Blog.Search.Engines;
using Blog.Search.Queries;

namespace Blog.Bench.Search;

/// <summary>
/// How well searches over the real posts are answered, by judged queries: per class the mean reciprocal rank of the first article that was judged (MRR), and the normalised discounted
/// cumulative gain of the first ten (nDCG@10, gain 2^grade − 1; Järvelin and Kekäläinen 2002, with the gain of Burges et al. 2005).
/// </summary>
static class SearchRelevance
{
    const int Depth = 10;

    public static Benchmark Benchmark(string[] arguments) =>
        new("nDCG@10 and MRR of judged queries over the real posts, per class (--queries FILE: others than tests/data/search/queries.txt; --misses: tell which were answered badly)",
            (figures, cancel) => RunAsync(figures, After(arguments, "--queries") ?? JudgedQueries.Committed, arguments.Contains("--misses"), cancel));

    static string? After(string[] arguments, string option) => Array.IndexOf(arguments, option) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;

    static async Task RunAsync(Figures figures, string file, bool tellMisses, CancellationToken cancel)
    {
        var queries = JudgedQueries.Read(file);
        var posts = RealPosts.Read(cancel);
        var byName = posts.SelectMany(post => post.Names.Select(name => (Name: name, post.Document.Id))).GroupBy(named => named.Name, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Select(named => named.Id).Distinct().Count() == 1).ToDictionary(same => same.Key, same => same.First().Id, StringComparer.OrdinalIgnoreCase);
        var unknown = queries.SelectMany(query => query.Grades.Keys).Where(name => !byName.ContainsKey(name)).Distinct().ToList();
        foreach (var name in unknown)
            Figures.Say($"no single post is called {name}");

        await using var store = await SearchStore.StartAsync(cancel);
        await store.Engine.PutAsync(ISearchEngine.Serving, [.. posts.Select(post => post.Document)], cancel);
        Figures.Say($"{posts.Count} posts, {queries.Count} queries of {file}");

        var scores = new List<(string Kind, double Rank, double Gain)>();
        foreach (var query in queries)
        {
            var grades = query.Grades.Where(grade => byName.ContainsKey(grade.Key)).ToDictionary(grade => byName[grade.Key], grade => grade.Value);
            var page = await store.Engine.SearchArticlesAsync(new(QueryParser.Parse(query.Text), ArticleSort.Relevance, Depth, null, [], DateTimeOffset.UtcNow), cancel);
            var found = page.Articles.Select(article => grades.GetValueOrDefault(article.Id.ToString())).ToList();
            var first = found.FindIndex(grade => grade > 0);
            var ideal = Gain(grades.Values.OrderDescending());
            scores.Add((query.Kind, first < 0 ? 0 : 1.0 / (first + 1), ideal == 0 ? 0 : Gain(found) / ideal));
            if (tellMisses && (first != 0 || scores[^1].Gain < 0.5))
                Figures.Say($"{query.Kind} | {query.Text} | first at {(first < 0 ? "-" : first + 1)}, nDCG {scores[^1].Gain:0.00}{(page.DidYouMean.Length > 0 ? $", did you mean {page.DidYouMean}" : "")}: "
                    + string.Join("; ", page.Articles.Take(3).Select(article => string.Concat(article.Title.Select(piece => piece.Text)))));
        }
        foreach (var kind in scores.GroupBy(score => score.Kind))
            Add(kind.Key, [.. kind]);
        Add("all", scores);

        void Add(string kind, IReadOnlyCollection<(string Kind, double Rank, double Gain)> of)
        {
            figures.Add($"search-relevance-{kind}-queries", of.Count, "queries");
            figures.Add($"search-relevance-{kind}-mrr", of.Average(score => score.Rank), "MRR");
            figures.Add($"search-relevance-{kind}-ndcg", of.Average(score => score.Gain), "nDCG@10");
        }
    }

    static double Gain(IEnumerable<int> grades) => grades.Take(Depth).Select((grade, i) => (Math.Pow(2, grade) - 1) / Math.Log2(i + 2)).Sum();
}
