namespace Blog.ServiceDefaults.Net;

/// <summary>
/// Whose players may stand in frames of our pages, once a reader pressed them: articles name no other, and the content policy of pages allows no other.
/// </summary>
public static class FrameHosts
{
    /// <summary>Host names.</summary>
    public static readonly IReadOnlyList<string> All = ["www.youtube-nocookie.com", "player.vimeo.com", "open.spotify.com", "w.soundcloud.com", "codepen.io"];

    /// <summary>Whether this is an https address of one of them.</summary>
    public static bool Has(Uri address) => address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && address.UserInfo.Length == 0 && All.Contains(address.Host, StringComparer.OrdinalIgnoreCase);
}
