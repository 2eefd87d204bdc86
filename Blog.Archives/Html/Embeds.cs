using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using AngleSharp.Dom;

namespace Blog.Archives.Html;

/// <summary>What a page shows from elsewhere, as the address that a person would open.</summary>
static partial class Embeds
{
    /// <summary>The address behind an embedding element or its wrapper; null when it is none.</summary>
    public static string? Address(IElement element) => element.LocalName switch
    {
        "iframe" or "embed" => Watched(element.GetAttribute("src") ?? element.GetAttribute("data-src")),
        "object" => Watched(element.GetAttribute("data")),
        "video" or "audio" => Web(element.GetAttribute("src") ?? element.QuerySelector("source[src]")?.GetAttribute("src")),
        "script" => Gist().Match(element.GetAttribute("src") ?? "") is { Success: true } gist ? gist.Groups[1].Value : null,
        "div" or "a" => Described(element),
        _ => null,
    };

    // Substack says what its widgets show in an attribute of JSON.
    static string? Described(IElement element)
    {
        if (element.GetAttribute("data-attrs") is not { Length: > 1 and < 100_000 } json || json[0] != '{') return null;
        if (!element.ClassList.Any(c => c is "tweet" or "youtube-wrap" or "vimeo-wrap" or "spotify-wrap" or "apple-podcast-container" or "soundcloud-wrap" or "instagram" or "tiktok-wrap" or "bluesky-wrap" or "github-gist"
            or "embedded-post-wrap" or "digest-post-embed" or "embedded-publication-wrap" or "comment" or "native-video-embed" or "native-audio-embed"
            or "twitter-embed" or "bandcamp-wrap" or "datawrapper-wrap" or "community-chat")) return null;
        try
        {
            using var attributes = JsonDocument.Parse(json);
            string? Value(string name) => attributes.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
            if (element.ClassList.Contains("youtube-wrap") && Value("videoId") is { } video) return $"https://www.youtube.com/watch?v={Uri.EscapeDataString(video)}";
            if (element.ClassList.Contains("vimeo-wrap") && Value("videoId") is { } film) return $"https://vimeo.com/{Uri.EscapeDataString(film)}";
            if (element.ClassList.Contains("instagram") && Value("instagram_id") is { } post) return $"https://www.instagram.com/p/{Uri.EscapeDataString(post)}/";
            if (element.ClassList.Contains("bluesky-wrap") && Value("authorDid") is { } author && Value("postId") is { } skeet) return $"https://bsky.app/profile/{author}/post/{Uri.EscapeDataString(skeet)}";
            if (element.ClassList.Contains("github-gist") && GistPage().Match(Value("innerHTML") ?? "") is { Success: true } gist) return gist.Value;
            return Web(Value("canonical_url") ?? Value("url") ?? Value("base_url") ?? Value("belowTheFoldUrl") ?? Value("src"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? Watched(string? source)
    {
        if (source is null) return null;
        if (YouTube().Match(source) is { Success: true } youtube) return $"https://www.youtube.com/watch?v={youtube.Groups[1].Value}";
        if (Vimeo().Match(source) is { Success: true } vimeo) return $"https://vimeo.com/{vimeo.Groups[1].Value}";
        if (MediumMedia().Match(source) is { Success: true } media) return $"{media.Value}/href";
        // Medium shows through Embedly what has an address of its own.
        if (Web(source) is { } web && new Uri(web) is { Host: "cdn.embedly.com" } embedly && HttpUtility.ParseQueryString(embedly.Query)["url"] is { } original) return Watched(original);
        return Web(source);
    }

    static string? Web(string? address)
    {
        if (address is null) return null;
        if (address.StartsWith("//", StringComparison.Ordinal)) address = "https:" + address;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : null;
    }

    [GeneratedRegex(@"\A(?:https?:)?//(?:www\.)?(?:youtube(?:-nocookie)?\.com/(?:embed|v)/|youtu\.be/)([A-Za-z0-9_-]{6,20})")]
    private static partial Regex YouTube();

    [GeneratedRegex(@"\A(?:https?:)?//player\.vimeo\.com/video/([0-9]+)")]
    private static partial Regex Vimeo();

    // Behind it Medium leads to what it embeds.
    [GeneratedRegex(@"\Ahttps://medium\.com/media/[0-9a-f]{16,40}")]
    private static partial Regex MediumMedia();

    [GeneratedRegex(@"https://gist\.github\.com/[A-Za-z0-9_-]+/[0-9a-f]{6,40}")]
    private static partial Regex GistPage();

    [GeneratedRegex(@"\A(https://gist\.github\.com/[A-Za-z0-9_./-]+?)\.js(?:\?|\z)")]
    private static partial Regex Gist();
}
