using Blog.Interactions.Data;
using Blog.Interactions.Lists;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Interactions.Portability;

/// <summary>blog.interactions.v1.Portability. Each use case is a file of this folder; here is what several of them need.</summary>
[Authorize(Policy = Policies.PersonOrService)]
sealed partial class PortabilityService(InteractionsDbContext db, ListsService lists, Content.V1.Articles.ArticlesClient content, TimeProvider time) : V1.Portability.PortabilityBase
{
    const int MostAtOnce = 200, LongestSource = 500, LongestName = 80;

    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty;

    /// <summary>The caller, or whom a service names.</summary>
    static Guid Whose(string personId, ServerCallContext context) => context.GetHttpContext().User.AskingFor(personId)
        ?? throw RpcErrors.InvalidArgument(("person_id", "Say whose it is."));

    static Guid Owner(string id) => Id(id) is var owner && owner != Guid.Empty ? owner : throw RpcErrors.InvalidArgument(("owner_id", "Say whose it becomes."));

    /// <summary>Nothing comes from the future; times are kept to the microsecond.</summary>
    DateTimeOffset Past(Google.Protobuf.WellKnownTypes.Timestamp? sent)
    {
        var now = time.GetUtcNow();
        var moment = sent?.ToDateTimeOffset() is { } then && then < now ? then : now;
        return moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>One line, as long as it may be.</summary>
    static string Line(string text, int most)
    {
        var line = string.Join(' ', string.Concat(text.Where(c => !char.IsControl(c) || char.IsWhiteSpace(c))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)].TrimEnd();
    }

    /// <summary>Where something stands on the web; empty for what leads nowhere, or elsewhere than to a page.</summary>
    static string WebAddress(string address) =>
        address.Length <= ReadingListItem.MaxAddress && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? address : "";
}
