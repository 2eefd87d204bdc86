using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.Content.Links;

/// <summary>Where those are asked whose pages say less than their oEmbed endpoints do, as each documents its own.</summary>
static partial class Providers
{
    /// <summary>The oEmbed request for an address; null: its page is asked.</summary>
    public static Uri? OEmbedRequest(Uri address) => (address.IdnHost.ToLowerInvariant(), address.AbsolutePath) switch
    {
        ("youtube.com" or "www.youtube.com" or "m.youtube.com" or "music.youtube.com", var path) when path == "/watch" || YouTubePath.IsMatch(path) => Request("https://www.youtube.com/oembed", address),
        ("youtu.be", { Length: > 1 }) => Request("https://www.youtube.com/oembed", address),
        ("vimeo.com" or "www.vimeo.com" or "player.vimeo.com", var path) when VimeoPath.IsMatch(path) => Request("https://vimeo.com/api/oembed.json", address),
        ("open.spotify.com", { Length: > 1 }) => Request("https://open.spotify.com/oembed", address),
        ("soundcloud.com" or "www.soundcloud.com" or "on.soundcloud.com", { Length: > 1 }) => Request("https://soundcloud.com/oembed", address),
        ("codepen.io", var path) when path.Contains("/pen/", StringComparison.Ordinal) => Request("https://codepen.io/api/oembed", address),
        ("twitter.com" or "www.twitter.com" or "mobile.twitter.com" or "x.com" or "www.x.com", var path) when path.Contains("/status/", StringComparison.Ordinal) => Request("https://publish.twitter.com/oembed", address, "&omit_script=true&dnt=true"),
        ("bsky.app", var path) when path.Contains("/post/", StringComparison.Ordinal) => Request("https://embed.bsky.app/oembed", address),
        _ => null,
    };

    /// <summary>Where the files of a gist are had; null: it is no gist.</summary>
    public static Uri? GistRequest(Uri address) =>
        address.IdnHost.Equals("gist.github.com", StringComparison.OrdinalIgnoreCase) && GistPath.Match(address.AbsolutePath) is { Success: true } gist
            ? new Uri($"https://api.github.com/gists/{gist.Groups[1].Value}")
            : null;

    /// <summary>The seconds at which a video is to begin, as addresses of YouTube and Vimeo say it ("t=90", "t=1m30s"); 0: at its beginning.</summary>
    public static int Start(Uri address)
    {
        var said = StartTime.Match(address.Query + address.Fragment);
        if (!said.Success)
            return 0;
        int Part(string name) => int.TryParse(said.Groups[name].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return Part("h") * 3600 + Part("m") * 60 + Part("s");
    }

    static Uri Request(string endpoint, Uri address, string more = "") => new($"{endpoint}?format=json&maxwidth=1232&url={Uri.EscapeDataString(address.AbsoluteUri)}{more}");

    [GeneratedRegex("^/(shorts|live|embed)/[^/]+")]
    private static partial Regex YouTubePath { get; }

    [GeneratedRegex("^/(.*/)?[0-9]+")]
    private static partial Regex VimeoPath { get; }

    [GeneratedRegex("^/(?:[^/]+/)?([0-9a-f]{20,40})/?$")]
    private static partial Regex GistPath { get; }

    [GeneratedRegex(@"[?&#](?:t|start)=(?:(?<h>[0-9]{1,2})h)?(?:(?<m>[0-9]{1,3})m)?(?:(?<s>[0-9]{1,6})s?)?(?:&|$)")]
    private static partial Regex StartTime { get; }
}
