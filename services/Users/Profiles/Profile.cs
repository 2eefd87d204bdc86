using System.Globalization;
using System.Text;
using Blog.ServiceDefaults.Text;

namespace Blog.Users.Profiles;

/// <summary>Who somebody is to readers. The id is the id of the account.</summary>
sealed class Profile
{
    public const int MaxName = 80, MaxBio = 300, MaxLinks = 8, MaxLabel = 40, MaxUrl = 2000;

    public required Guid Id { get; init; }
    public required string Handle { get; set; }
    public required string Name { get; set; }
    public string Bio { get; set; } = "";
    public Guid? AvatarMediaId { get; set; }
    public List<Link> Links { get; set; } = [];
    public required DateTimeOffset CreateTime { get; init; }
    public long Revision { get; set; } = 1;
    public bool Unclaimed { get; init; }
}

sealed record Link(string Label, string Url);

/// <summary>A handle that is, or was, somebody's.</summary>
sealed class TakenHandle
{
    public required string Handle { get; init; }
    public required Guid ProfileId { get; init; }
    public required DateTimeOffset TakenTime { get; init; }
}

/// <summary>The rules for what people write about themselves. Each answers what is wrong, in words for the person; null when nothing is.</summary>
static class ProfileText
{
    /// <summary>How text is kept: composed (NFC), without surrounding space, lines ended by a line feed.</summary>
    public static string Normalize(string written) => Normalizable.Characters(written).ReplaceLineEndings("\n").Trim().Normalize(NormalizationForm.FormC);

    public static string? NameProblem(string name) => name switch
    {
        "" => "Enter your name, as readers should see it.",
        _ when Length(name) > Profile.MaxName => $"A name has at most {Profile.MaxName} characters; this one has {Length(name)}.",
        _ when !name.EnumerateRunes().Any(Rune.IsLetterOrDigit) => "A name needs at least one letter or digit.",
        _ when HasHidden(name, allowLines: false) => "A name cannot contain line breaks or invisible control characters.",
        _ => null,
    };

    public static string? BioProblem(string bio) => bio switch
    {
        _ when Length(bio) > Profile.MaxBio => $"A bio has at most {Profile.MaxBio} characters; this one has {Length(bio)}.",
        _ when HasHidden(bio, allowLines: true) => "A bio cannot contain invisible control characters.",
        _ => null,
    };

    public static string? LinkProblem(Link link) => link switch
    {
        { Label: "" } => "Give the link a label.",
        _ when Length(link.Label) > Profile.MaxLabel => $"A label has at most {Profile.MaxLabel} characters.",
        _ when HasHidden(link.Label, allowLines: false) => "A label cannot contain line breaks or invisible control characters.",
        _ when link.Url.Length > Profile.MaxUrl => $"An address has at most {Profile.MaxUrl} characters.",
        _ when !IsWebAddress(link.Url) => "Enter a full address that begins with https:// or http://.",
        _ => null,
    };

    // User information in an address serves only to disguise where it leads.
    static bool IsWebAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.UserInfo == "" && address.Host != "" && !url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\');

    // As a person counts: an emoji of several code points is one character; but no pile of combining marks passes as one.
    static int Length(string text) => Math.Max(new StringInfo(text).LengthInTextElements, text.Length / 12);

    // Control characters, and the marks that reverse the direction of text (bidi overrides, UAX 9), which serve to pose as someone else.
    static bool HasHidden(string text, bool allowLines) => text.EnumerateRunes().Any(rune =>
        (Rune.IsControl(rune) && !(allowLines && rune.Value == '\n')) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x2028 or 0x2029);
}
