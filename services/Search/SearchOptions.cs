namespace Blog.Search;

/// <summary>Configuration <c>Blog:Search</c>.</summary>
sealed class SearchOptions
{
    /// <summary>A search that takes longer is given up, and the caller is told that the engine is away.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);
}
