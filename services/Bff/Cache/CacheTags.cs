namespace Blog.Bff.Cache;

/// <summary>
/// What an answer depends on. An endpoint says it before it can fail, so that "not found" is evicted too: the tags live beside the
/// response, which an error handler clears.
/// </summary>
static class CacheTags
{
    static readonly object Key = new();

    public static void AddCacheTags(this HttpContext http, params IEnumerable<string> tags)
    {
        if (http.Items.TryGetValue(Key, out var known)) ((HashSet<string>)known!).UnionWith(tags);
        else http.Items[Key] = new HashSet<string>(tags, StringComparer.Ordinal);
    }

    public static IReadOnlySet<string> GetCacheTags(this HttpContext http) =>
        http.Items.TryGetValue(Key, out var known) ? (HashSet<string>)known! : new HashSet<string>();
}
