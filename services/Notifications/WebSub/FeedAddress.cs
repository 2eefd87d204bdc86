using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Blog.Notifications.WebSub;

/// <summary>What a feed is of. Its formats, and whole texts or summaries, change at the same time.</summary>
enum FeedKind : short
{
    Site = 1,
    Person = 2,
    Topic = 3,
}

/// <param name="Name">A person's handle or a topic's slug; empty for the site.</param>
/// <param name="PathAndQuery">Where it is below the site's origin.</param>
sealed partial record FeedAddress(FeedKind Kind, string Name, string PathAndQuery)
{
    const int MaxLength = 1000;

    /// <summary>The feed an address names; null: it is none of this site's newest pages of a feed.</summary>
    public static FeedAddress? Read(string address, string origin)
    {
        if (address.Length > MaxLength || address.Any(char.IsControl) || !address.StartsWith(origin + "/", StringComparison.Ordinal) || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        if (Form().Match(uri.PathAndQuery) is not { Success: true } match || uri.Fragment.Length > 0) return null;
        return match.Groups["handle"] is { Success: true } handle ? new(FeedKind.Person, Uri.UnescapeDataString(handle.Value), uri.PathAndQuery)
            : match.Groups["topic"] is { Success: true } topic ? new(FeedKind.Topic, Uri.UnescapeDataString(topic.Value), uri.PathAndQuery)
            : new(FeedKind.Site, "", uri.PathAndQuery);
    }

    /// <summary>By which a subscription is known: section 5.1, "the combination of topic URL and callback URL".</summary>
    public static byte[] KeyOf(string topic, string callback) => SHA256.HashData(Encoding.UTF8.GetBytes($"{topic}\n{callback}"));

    [GeneratedRegex(@"^/(@(?<handle>[^/?#]+)/|topics/(?<topic>[^/?#]+)/)?feed\.(xml|atom|json)(\?content=(full|summary))?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
