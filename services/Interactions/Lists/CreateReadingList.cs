using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.CreateReadingListResponse> CreateReadingList(V1.CreateReadingListRequest request, ServerCallContext context) =>
        TransactAsync(context, async owner =>
        {
            var cancel = context.CancellationToken;
            if (await db.FindStoredAnswerAsync<V1.CreateReadingListResponse>(owner, request, context) is { } before)
                return before;
            var (name, description, visibility) = (ListFields.Name(request.Name), ListFields.Description(request.Description), ListFields.Visibility(request.Visibility));
            await LockDefaultAsync(owner, cancel);
            await MustHaveRoomForAListAsync(owner, cancel);

            var now = Now();
            var list = new ReadingList
            {
                OwnerId = owner, Id = Guid.CreateVersion7(now), Slug = await FreeSlugAsync(owner, name, null, cancel), Name = name, Description = description,
                Visibility = visibility, IsDefault = false, CreateTime = now, UpdateTime = now,
            };
            list.Show(visibility);
            db.Add(list);
            db.Add(new ReadingListSlug { OwnerId = owner, Slug = list.Slug, ListId = list.Id });
            if (list.IsPublic)
                Announce(list, list.Slug);
            var response = new V1.CreateReadingListResponse { List = ToMessage(list) };
            db.StoreAnswer(owner, request, response, context, time);
            return response;
        });

    /// <summary>A slug for the name that no other list of the owner has or had.</summary>
    async Task<string> FreeSlugAsync(Guid owner, string name, Guid? own, CancellationToken cancel) =>
        ReadingList.SlugFor(name, await db.Set<ReadingListSlug>().Where(slug => slug.OwnerId == owner && slug.ListId != own).Select(slug => slug.Slug).ToHashSetAsync(cancel));
}
