using System.Globalization;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Imports;

partial class ImportsService
{
    public override async Task<V1.ListImportItemsResponse> ListImportItems(V1.ListImportItemsRequest request, ServerCallContext context)
    {
        var run = await MineAsync(request.Id, context);
        var size = PageToken.Size(request.PageSize);
        // Items are numbered, so the number of the next one is where a page begins.
        if (!int.TryParse(request.PageToken.Length == 0 ? "0" : request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var from))
            throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var items = db.ImportItems.AsNoTracking().Where(i => i.OwnerId == run.OwnerId && i.ImportId == run.Id && i.Number >= from);
        if (request.Remarkable)
            items = items.Where(i => i.Reason != "" || i.Notes.Length > 0);
        var rows = await items.OrderBy(i => i.Number).Take(size + 1).ToListAsync(context.CancellationToken);
        var response = new V1.ListImportItemsResponse { Items = { rows.Take(size).Select(ToMessage) } };
        if (rows.Count > size)
            response.NextPageToken = rows[size].Number.ToString(CultureInfo.InvariantCulture);
        return response;
    }

    static V1.ImportItem ToMessage(ImportItem item) => new()
    {
        Number = item.Number, Path = item.Path, Title = item.Title, Draft = item.Draft, PublishTime = item.PublishTime is { } date ? Timestamp.FromDateTimeOffset(date) : null,
        Kind = (V1.ImportItemKind)item.Kind, Entries = item.Entries, Outcome = (V1.ImportItemOutcome)item.Outcome, Reason = item.Reason, Notes = { item.Notes }, ArticleId = item.ArticleId?.ToString() ?? "",
    };
}
