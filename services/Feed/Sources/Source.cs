using System.Security.Cryptography;
using System.Text;
using Blog.Events.V1;

namespace Blog.Feed.Sources;

/// <summary>What kind of thing is followed; the numbers are those of <c>FollowTarget</c> and of the column <c>kind</c>.</summary>
enum SourceKind : short
{
    Person = 1,
    Publication = 2,
    Topic = 3,
}

/// <summary>Something that can be followed and has articles.</summary>
/// <param name="Id">A person's or publication's own id; a topic has no id but its slug, so it gets one made of it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">A topic's slug; null for the others.</param>
readonly record struct Source(Guid Id, SourceKind Kind, string? Name)
{
    // Chosen once; any will do as long as it stays.
    static readonly Guid Topics = new("6f5b1c1e-3a5e-4f0a-9d5c-8e0f5a7c2b41");

    public static Source Person(Guid id) => new(id, SourceKind.Person, null);

    public static Source Publication(Guid id) => new(id, SourceKind.Publication, null);

    /// <summary>Id: UUIDv5 of the slug (RFC 9562 section 5.5).</summary>
    public static Source Topic(string slug)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // A name, not a secret: UUIDv5 is defined over SHA-1.
        SHA1.HashData([.. Topics.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(slug)], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(new Guid(hash[..16], bigEndian: true), SourceKind.Topic, slug);
    }

    /// <summary>What somebody follows.</summary>
    /// <exception cref="ArgumentException">An unknown kind, or an id that is none.</exception>
    public static Source Of(FollowTarget target, string id) => target switch
    {
        FollowTarget.Person => Person(Guid.Parse(id)),
        FollowTarget.Publication => Publication(Guid.Parse(id)),
        FollowTarget.Topic => Topic(id),
        _ => throw new ArgumentException($"Nobody can follow a {target}.", nameof(target)),
    };

    /// <summary>Where an article can be found: with its authors, its publication, its topics.</summary>
    public static Source[] Of(ArticleChanged article) =>
    [
        .. article.AuthorIds.Append(article.AuthorId).Distinct().Select(id => Person(Guid.Parse(id))),
        .. article.PublicationId.Length > 0 ? [Publication(Guid.Parse(article.PublicationId))] : Array.Empty<Source>(),
        .. article.PresentTopicSlugs.Distinct().Select(Topic),
    ];
}

/// <summary>How the articles of a source reach its followers; the numbers are those of the column <c>mode</c>.</summary>
enum SourceMode : short
{
    Small = 0,
    Growing = 1,
    Big = 2,
    Shrinking = 3,
}
