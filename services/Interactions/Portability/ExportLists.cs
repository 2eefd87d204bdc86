using System.Globalization;
using Blog.Interactions.Lists;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Portability;

partial class PortabilityService
{
    public override async Task<V1.ListExportedListsResponse> ListExportedLists(V1.ListExportedListsRequest request, ServerCallContext context)
    {
        var (owner, cancel) = (Whose(request.PersonId, context), context.CancellationToken);
        var lists = await db.Set<ReadingList>().AsNoTracking().Where(l => l.OwnerId == owner && l.DeleteTime == null)
            .OrderByDescending(l => l.IsDefault).ThenBy(l => l.CreateTime).ThenBy(l => l.Id).ToListAsync(cancel);
        var slugs = (await db.Set<ReadingListSlug>().AsNoTracking().Where(s => s.OwnerId == owner).ToListAsync(cancel)).ToLookup(s => s.ListId, s => s.Slug);
        return new V1.ListExportedListsResponse
        {
            Lists =
            {
                lists.Select(list => new V1.ExportedList
                {
                    Id = list.Id.ToString(), Slug = list.Slug, Name = list.Name, Description = list.Description, Visibility = (V1.ListVisibility)list.Visibility, IsDefault = list.IsDefault,
                    FormerSlugs = { slugs[list.Id].Where(slug => slug != list.Slug).Order(StringComparer.Ordinal) },
                }),
            },
        };
    }

    public override async Task<V1.ListExportedListItemsResponse> ListExportedListItems(V1.ListExportedListItemsRequest request, ServerCallContext context)
    {
        var (owner, list, size, cancel) = (Whose(request.PersonId, context), Id(request.ListId), PageToken.Size(request.PageSize), context.CancellationToken);
        if (!await db.Set<ReadingList>().AnyAsync(l => l.OwnerId == owner && l.Id == list && l.DeleteTime == null, cancel))
            throw RpcErrors.NotFound("There is no such list of yours.");
        var from = request.PageToken.Length == 0 ? long.MinValue : long.TryParse(request.PageToken, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position)
            ? position : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var page = await db.Set<ReadingListItem>().AsNoTracking().Where(i => i.OwnerId == owner && i.ListId == list && i.Position > from).OrderBy(i => i.Position).Take(size + 1).ToListAsync(cancel);
        return new V1.ListExportedListItemsResponse
        {
            Items =
            {
                page.Take(size).Select(item => new V1.ExportedListItem
                {
                    ArticleId = item.Elsewhere ? "" : item.ArticleId.ToString(), Title = item.Title, Address = item.Address, Note = item.Note, AddTime = Timestamp.FromDateTimeOffset(item.AddTime),
                }),
            },
            NextPageToken = page.Count > size ? page[size - 1].Position.ToString(CultureInfo.InvariantCulture) : "",
        };
    }
}
