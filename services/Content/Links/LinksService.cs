using System.Collections.Concurrent;
using Blog.Content.Articles;
using Blog.Content.Text;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Links;

/// <summary>blog.content.v1.Links.</summary>
[Authorize(Policy = Policies.Person)]
sealed class LinksService(LinkCards cards, LinkClient client, ArticleRendering rendering) : V1.Links.LinksBase
{
    const int MostChecked = 100, MostCheckedAtOnce = 6;

    static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(20);

    public override async Task<V1.ResolveLinkResponse> ResolveLink(V1.ResolveLinkRequest request, ServerCallContext context)
    {
        var address = LinkAddress.Of(request.Address) ?? throw RpcErrors.InvalidArgument(("address", "This is no address of a web page: it begins with https:// or http:// and has at most 2,000 characters."));
        var (card, problem) = await cards.ResolveAsync(address, request.Refresh, context.CancellationToken);
        return card is null
            ? new V1.ResolveLinkResponse { Problem = problem }
            : new V1.ResolveLinkResponse { Html = (await rendering.RenderAsync($"<{address}>", context.CancellationToken)).Html };
    }

    public override async Task<V1.CheckLinksResponse> CheckLinks(V1.CheckLinksRequest request, ServerCallContext context)
    {
        if (request.Addresses.Count > MostChecked)
            throw RpcErrors.InvalidArgument(("addresses", $"At most {MostChecked} addresses are checked at once."));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        end.CancelAfter(LongestCheck);
        var checkedLinks = new ConcurrentDictionary<string, V1.CheckedLink>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(request.Addresses.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = MostCheckedAtOnce, CancellationToken = context.CancellationToken },
            async (address, _) => checkedLinks[address] = await CheckAsync(address, end.Token, context.CancellationToken));
        return new V1.CheckLinksResponse { Links = { request.Addresses.Distinct().Select(address => checkedLinks[address]) } };
    }

    async Task<V1.CheckedLink> CheckAsync(string given, CancellationToken end, CancellationToken cancel)
    {
        if (LinkAddress.Of(given) is not { } address)
            return new() { Address = given, State = V1.LinkState.Unknown, Problem = "This is no address of a web page." };
        try
        {
            // That it answers is enough; nothing is read.
            await client.GetAsync(new Uri(address), "*/*", 0, end);
            return new() { Address = given, State = V1.LinkState.Works };
        }
        catch (LinkRefusedException refused)
        {
            return new() { Address = given, State = refused.IsBroken ? V1.LinkState.Broken : V1.LinkState.Unknown, Problem = refused.Message };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new() { Address = given, State = V1.LinkState.Unknown, Problem = "There was no time to ask." };
        }
    }
}
