using Blog.Interactions.Lists;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Interactions.Portability;

partial class PortabilityService
{
    [Authorize(Policy = Policies.Service)]
    public override Task<V1.ImportListResponse> ImportList(V1.ImportListRequest request, ServerCallContext context)
    {
        var (owner, sent) = (Owner(request.OwnerId), request.List ?? new());
        if (request.Source.Length is 0 or > LongestSource)
            throw RpcErrors.InvalidArgument(("source", $"Name the list in its archive, in up to {LongestSource} characters."));
        if (request.Items.Count > MostAtOnce)
            throw RpcErrors.InvalidArgument(("items", $"At most {MostAtOnce} come at a time."));
        return lists.ImportAsync(owner, NamedId.Of(owner.ToString(), "list", request.Source), sent, [.. request.Items.Select(ItemOf)], context.CancellationToken);
    }

    ArrivedItem ItemOf(V1.ExportedListItem sent) => Id(sent.ArticleId) is var article && article != Guid.Empty
        ? new(article, null, "", "", sent.Note, Past(sent.AddTime))
        : new(null, sent.AddTime?.ToString() ?? "", Line(sent.Title, ReadingListItem.MaxTitle), WebAddress(sent.Address), sent.Note, Past(sent.AddTime));
}
