using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.UpdateReadingListResponse> UpdateReadingList(V1.UpdateReadingListRequest request, ServerCallContext context)
    {
        var sent = request.List ?? new();
        return ChangeAsync(context, Named(sent.Id), async list =>
        {
            if (list.Revision != request.ExpectedRevision)
                throw RpcErrors.StaleRevision(ToMessage(list));
            foreach (var field in request.UpdateMask?.Paths ?? [])
                switch (field)
                {
                    case "name":
                        await RenameAsync(list, ListFields.Name(sent.Name), context.CancellationToken);
                        break;
                    case "description":
                        list.Description = ListFields.Description(sent.Description);
                        break;
                    case "visibility":
                        list.Show(ListFields.Visibility(sent.Visibility));
                        break;
                    default:
                        throw RpcErrors.InvalidArgument(("update_mask", $"A list has no field “{field}” that can be changed."));
                }
            if (db.ChangeTracker.HasChanges())
                (list.Revision, list.UpdateTime) = (list.Revision + 1, Now());
            return new V1.UpdateReadingListResponse { List = ToMessage(list) };
        });
    }

    /// <summary>The address follows the name; the old one stays the list's own and leads to the new one.</summary>
    async Task RenameAsync(ReadingList list, string name, CancellationToken cancel)
    {
        if (list.Name == name)
            return;
        list.Name = name;
        list.Slug = await FreeSlugAsync(list.OwnerId, name, list.Id, cancel);
        if (!await db.Set<ReadingListSlug>().AnyAsync(slug => slug.OwnerId == list.OwnerId && slug.Slug == list.Slug, cancel))
            db.Add(new ReadingListSlug { OwnerId = list.OwnerId, Slug = list.Slug, ListId = list.Id });
    }

    /// <summary>An empty id means the Reading list only where the contract says so.</summary>
    static string Named(string listId) => listId.Length > 0 ? listId : throw Missing();
}
