namespace Blog.Search;

/// <summary>Configuration <c>Blog:Search</c>.</summary>
sealed class SearchOptions
{
    /// <summary>What finds: <c>postgresql</c>, or <c>elasticsearch</c> to scale on.</summary>
    public string Engine { get; set; } = "postgresql";

    /// <summary>A search that takes longer is given up, and the caller is told that the engine is away.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);
}
