namespace Blog.Search.Indexing;

/// <summary>Configuration <c>Blog:Search:Indexing</c>. Why these: docs/decisions/0015.</summary>
sealed class IndexingOptions
{
    /// <summary>Documents fetched and written in one turn.</summary>
    public int Batch { get; set; } = 100;

    /// <summary>Workers of this instance for what nobody waits for: rebuilds, renames.</summary>
    public int BulkWorkers { get; set; } = 2;

    /// <summary>A thing is put into the index twice at once, then once in this time, however often it changes.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A working copy is saved every few seconds while somebody writes: it is looked at so long after the first change.</summary>
    public TimeSpan DraftDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A turn that takes longer is given up, and its jobs go to another worker.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A thing that cannot be put into the index is tried so often; then it waits for its next change.</summary>
    public int Attempts { get; set; } = 8;

    /// <summary>How long the former index stays after a rebuild, for searches and turns that began with it.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>An index that has never been filled is filled when the service starts.</summary>
    public bool FillWhenNew { get; set; } = true;
}
