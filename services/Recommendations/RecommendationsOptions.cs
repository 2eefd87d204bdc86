namespace Blog.Recommendations;

/// <summary>Configuration <c>Blog:Recommendations</c>. Why these: docs/recommendations.md.</summary>
sealed class RecommendationsOptions
{
    /// <summary>How often workers look for work, and memory is brought up to date.</summary>
    public TimeSpan Look { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a change of an article's audience waits for further ones before they are measured together.</summary>
    public TimeSpan Gather { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>An article is new for so long, and gets a first audience meanwhile.</summary>
    public TimeSpan New { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How often a new article is shown before it must stand on its own.</summary>
    public int FirstAudience { get; set; } = 150;

    /// <summary>Every so many places of a page are kept for what is new or different.</summary>
    public int ExploreEvery { get; set; } = 7;

    /// <summary>The formula that is used, by name; what is not known is <c>default</c>.</summary>
    public string Formula { get; set; } = Ranking.Formula.DefaultName;

    /// <summary>Further formulas: name, then weights that differ from the default, by the names in Ranking/Formula.cs.</summary>
    public Dictionary<string, Dictionary<string, double>> Formulas { get; set; } = [];
}
