namespace Blog.Search.Elasticsearch;

/// <summary>Configuration <c>Blog:Search:Elasticsearch</c>; used when <c>Blog:Search:Engine</c> is <c>elasticsearch</c>.</summary>
sealed class ElasticsearchOptions
{
    /// <summary>Of any node, or of what balances over them.</summary>
    public string Address { get; set; } = "http://localhost:9200";

    /// <summary>Sent as <c>Authorization: ApiKey …</c>; empty: none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Indexes and aliases begin with it, so that several systems can share a cluster.</summary>
    public string Prefix { get; set; } = "blog";

    public int Shards { get; set; } = 1;

    /// <summary>Copies of each shard of an index that serves; one that is being built has none.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>Bytes of one bulk request at most; the next ones are smaller while the cluster is busy.</summary>
    public int BulkBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>The first pause after the cluster said that it is busy (429); each further one is twice as long.</summary>
    public TimeSpan Busy { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A write that takes longer is given up.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
