using System.Text;

namespace Blog.Bff.Cache;

/// <summary>Which addresses give the same bytes to everyone, and which of their query parameters matter.</summary>
/// <param name="Query">Parameters that are part of the key and handed on; all others are dropped, so that they cannot fill the cache.</param>
/// <param name="IsPage">Made by the site, rather than by an endpoint here.</param>
/// <param name="IsAsset">A file whose own Cache-Control says how long it is good.</param>
/// <param name="Good">For answers that any change may make wrong: good for so long, and not served any longer while a new one can be had.</param>
/// <param name="IsDated">Programs ask for it again and again, some of them by date alone: it says since when it is as it is.</param>
sealed record CacheRule(IReadOnlyList<string> Query, bool IsPage = false, bool IsAsset = false, bool IsDated = false, TimeSpan? Good = null)
{
    const int MaxKeyLength = 1024;

    static readonly CacheRule Page = new(["page"], IsPage: true);
    static readonly CacheRule Feed = new(["content", "page"], IsPage: true, IsDated: true);
    static readonly CacheRule Sitemap = new([], IsPage: true, IsDated: true);
    static readonly CacheRule Embedding = new(["url", "format", "maxwidth", "maxheight"], IsPage: true);
    static readonly CacheRule Asset = new([], IsPage: true, IsAsset: true);
    static readonly CacheRule Lists = new(["author", "topic", "pageToken", "pageSize"]);
    static readonly CacheRule Paged = new(["pageToken", "pageSize"]);
    static readonly CacheRule Responses = new(["sort", "parent", "pageToken", "pageSize"]);
    static readonly CacheRule Talk = new(["sort", "page"], IsPage: true);
    static readonly CacheRule Trending = new(["topic", "pageToken", "pageSize"]);
    static readonly CacheRule Single = new([]);
    // What was just published is to be found, so a search is kept only for those who ask the same at the same time; while somebody types that matters less.
    static readonly CacheRule Search = new(["q", "sort", "topic", "author", "lang", "after", "before", "pageToken", "pageSize"], Good: TimeSpan.FromSeconds(1));
    static readonly CacheRule SearchPage = new(["q", "in", "sort", "topic", "lang", "time", "page"], IsPage: true, Good: TimeSpan.FromSeconds(1));
    static readonly CacheRule SearchFeed = new(["q", "page"], IsPage: true, IsDated: true, Good: TimeSpan.FromMinutes(1));
    static readonly CacheRule Typing = new(["q"], Good: TimeSpan.FromSeconds(20));

    /// <summary>The rule for a decoded path; null: it is not for the cache.</summary>
    public static CacheRule? For(string path)
    {
        if (path == "/") return Page;
        if (path.StartsWith("/_next/static/", StringComparison.Ordinal) || path.StartsWith("/assets/", StringComparison.Ordinal)) return Asset;
        if (path.Length > 1 && path[^1] == '/') return null;

        var parts = path.Split('/')[1..];
        return parts switch
        {
            ["feed.xml" or "feed.atom" or "feed.json"] => Feed,
            [['@', _, ..], "feed.xml" or "feed.atom" or "feed.json"] or ["topics" or "p", _, "feed.xml" or "feed.atom" or "feed.json"] => Feed,
            ["sitemap.xml"] or ["sitemaps", _] or ["robots.txt"] => Sitemap,
            ["oembed"] => Embedding,
            ["cards", ['@', _, ..], _, _] => Asset,
            ["embed", ['@', _, ..], _] => Page,
            ["topics"] or ["topics" or "p", _] or ["offline" or "diagram"] => Page,
            [['@', _, ..]] or [['@', _, ..], _] or [['@', _, ..], "lists" or "series", _] => Page,
            ["search"] => SearchPage,
            ["search", "feed.xml" or "feed.atom" or "feed.json"] => SearchFeed,
            ["opensearch.xml"] => Page,
            ["api", "v1", "search"] or ["api", "v1", "search", "people" or "publications" or "topics"] => Search,
            ["api", "v1", "search", "suggest" or "completions"] => Typing,
            ["favicon.ico"] or ["icon.svg"] or ["manifest.webmanifest"] or ["icons", _] => Asset,
            ["api", "v1", "articles"] => Lists,
            ["api", "v1", "topics"] or ["api", "v1", "popular", "people" or "topics"] => Paged,
            ["api", "v1", "trending"] => Trending,
            ["api", "v1", "articles", _, "related"] => Paged,
            [['@', _, ..], _, "responses"] => Talk,
            [['@', _, ..], _, "responses", _] => Page,
            ["api", "v1", "articles", _, "responses"] => Responses,
            ["api", "v1", "articles", _, "counts" or "highlights"] or ["api", "v1", "articles", _, "responses", _] => Single,
            ["api", "v1", "claps", _] => Paged,
            ["api", "v1", "people" or "publications", _] => Single,
            ["api", "v1", "publications", _, "articles"] => Paged,
            ["api", "v1", "people", _, "articles" or "followers" or "following" or "lists"] or ["api", "v1", "people", _, "lists", _] => Paged,
            ["api", "v1", "people", _, "articles" or "series", _] => Single,
            _ => null,
        };
    }

    /// <summary>
    /// The one form of the address: escaped path, then the parameters that matter in the order of the rule. Null when it is
    /// unreasonably long or names a parameter twice.
    /// </summary>
    public string? Key(HttpRequest request)
    {
        var key = new StringBuilder(request.Path.ToUriComponent());
        if (request.QueryString.HasValue)
        {
            var separator = '?';
            foreach (var name in Query)
            {
                var values = request.Query[name];
                if (values.Count > 1) return null;
                if (values.Count == 0 || string.IsNullOrEmpty(values[0])) continue;
                key.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(values[0]!));
                separator = '&';
            }
        }

        return key.Length <= MaxKeyLength ? key.ToString() : null;
    }
}
