using System.Text;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Text;

namespace Blog.Users.Relations;

/// <summary>What can be followed. The id is a profile's, a publication's, or the slug of a topic, in its one form.</summary>
readonly record struct Target(FollowTarget Kind, string Id)
{
    const string Field = "target";

    public static Target Person(Guid id) => new(FollowTarget.Person, id.ToString());

    /// <summary>The person; null for other kinds.</summary>
    public Guid? PersonId => Kind == FollowTarget.Person ? Guid.Parse(Id) : null;

    /// <summary>INVALID_ARGUMENT names the field below <paramref name="field"/>.</summary>
    public static Target Read(V1.Target? sent, string field = Field) => sent switch
    {
        { Kind: FollowTarget.Person or FollowTarget.Publication } => Guid.TryParseExact(sent.Id, "D", out var id)
            ? new(sent.Kind, id.ToString())
            : throw RpcErrors.InvalidArgument(($"{field}.id", "People and publications are named by a UUID.")),
        // Content knows the topics; here it matters that one topic has one name.
        { Kind: FollowTarget.Topic } => sent.Id.Length is > 0 and <= Slug.MaxLength && IsWhole(sent.Id) && Slug.From(sent.Id) == sent.Id
            ? new(sent.Kind, sent.Id)
            : throw RpcErrors.InvalidArgument(($"{field}.id", "A topic is named by its slug, as in the address of its page.")),
        _ => throw RpcErrors.InvalidArgument(($"{field}.kind", "A person, a publication or a topic can be followed.")),
    };

    /// <summary>As <see cref="Read"/>, and nobody follows themselves.</summary>
    public static Target ReadFor(Guid me, V1.Target? sent) => Read(sent) is var target && target.PersonId == me
        ? throw RpcErrors.InvalidArgument(($"{Field}.id", "You cannot follow yourself."))
        : target;

    public V1.Target ToMessage() => new() { Kind = Kind, Id = Id };

    // Half of a surrogate pair cannot be normalized.
    static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
                return false;
            i += rune.Utf16SequenceLength;
        }
        return true;
    }
}
