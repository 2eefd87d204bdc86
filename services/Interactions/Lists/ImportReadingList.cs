using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

/// <summary>An item of a list that comes from elsewhere.</summary>
/// <param name="ArticleId">Of the owner's article here; null: the story is not here.</param>
/// <param name="Moment">When it was put on the list, as the archive writes it; tells items apart that are not here.</param>
/// <param name="Title">Of a story that is not here; may be empty.</param>
/// <param name="Address">Absolute http(s), or empty.</param>
/// <param name="Note">The owner's words.</param>
/// <param name="AddTime">When it was put on the list.</param>
sealed record ArrivedItem(Guid? ArticleId, string? Moment, string Title, string Address, string Note, DateTimeOffset AddTime);

partial class ListsService
{
    /// <summary>Makes a list that comes from elsewhere, once, and puts what is new at its end. The Reading list is the one that is there; it takes over a name only while nobody has used it.</summary>
    /// <param name="owner">Whose it becomes.</param>
    /// <param name="id">The same whenever the same list comes.</param>
    /// <param name="sent">What it is called and who may see it.</param>
    /// <param name="items">In order.</param>
    /// <param name="cancel">Ends it.</param>
    internal Task<V1.ImportListResponse> ImportAsync(Guid owner, Guid id, V1.ExportedList sent, IReadOnlyList<ArrivedItem> items, CancellationToken cancel)
    {
        var (name, description, visibility) = (ListFields.Name(sent.Name), ListFields.Description(sent.Description), ListFields.Visibility(sent.Visibility));
        return TransactAsync(async () =>
        {
            var standard = await LockDefaultAsync(owner, cancel);
            var list = sent.IsDefault ? standard : await LockAsync(owner, id, cancel);
            var created = list is null || sent.IsDefault && list is { Revision: 1, ItemCount: 0 };
            if (list is null)
                list = await BeginAsync(owner, id, sent, name, cancel);
            else if (created)
                await RenameAsync(list, sent, name, cancel);
            // Its owner deleted it here: that stands.
            if (list.DeleteTime is not null)
                return new V1.ImportListResponse();
            if (created)
            {
                list.Description = description;
                list.Show(visibility);
            }
            var (added, refused) = await AppendAsync(list, items, cancel);
            if (list.IsPublic && (created || added > 0))
                Announce(list, list.Slug);
            return new V1.ImportListResponse { Created = created, Added = added, Refused = refused };
        }, cancel);
    }

    async Task<ReadingList> BeginAsync(Guid owner, Guid id, V1.ExportedList sent, string name, CancellationToken cancel)
    {
        await MustHaveRoomForAListAsync(owner, cancel);
        var now = Now();
        var list = new ReadingList
        {
            OwnerId = owner, Id = id, Slug = await FreeSlugAsync(owner, sent.Slug.Length > 0 ? sent.Slug : name, null, cancel), Name = name, Description = "",
            Visibility = ListVisibility.Private, IsDefault = false, CreateTime = now, UpdateTime = now,
        };
        db.Add(list);
        db.Add(new ReadingListSlug { OwnerId = owner, Slug = list.Slug, ListId = id });
        await KeepFormerAsync(list, sent.FormerSlugs, cancel);
        return list;
    }

    async Task RenameAsync(ReadingList list, V1.ExportedList sent, string name, CancellationToken cancel)
    {
        var slug = await FreeSlugAsync(list.OwnerId, sent.Slug.Length > 0 ? sent.Slug : name, list.Id, cancel);
        if (slug != list.Slug)
        {
            // Nobody has seen the name it was made with.
            await db.Set<ReadingListSlug>().Where(s => s.OwnerId == list.OwnerId && s.ListId == list.Id).ExecuteDeleteAsync(cancel);
            db.Add(new ReadingListSlug { OwnerId = list.OwnerId, Slug = slug, ListId = list.Id });
        }
        (list.Name, list.Slug) = (name, slug);
        list.Revision++;
        await KeepFormerAsync(list, sent.FormerSlugs, cancel);
    }

    async Task KeepFormerAsync(ReadingList list, IEnumerable<string> formerSlugs, CancellationToken cancel)
    {
        var wanted = formerSlugs.Select(ServiceDefaults.Text.Slug.Chosen).Where(slug => slug.Length > 0 && slug != list.Slug).Distinct().ToArray();
        var taken = await db.Set<ReadingListSlug>().Where(s => s.OwnerId == list.OwnerId && wanted.Contains(s.Slug)).Select(s => s.Slug).ToListAsync(cancel);
        foreach (var slug in wanted.Except(taken))
            db.Add(new ReadingListSlug { OwnerId = list.OwnerId, Slug = slug, ListId = list.Id });
    }

    async Task<(int Added, int Refused)> AppendAsync(ReadingList list, IReadOnlyList<ArrivedItem> items, CancellationToken cancel)
    {
        var present = await ItemsOf(list).Select(item => item.ArticleId).ToHashSetAsync(cancel);
        var position = await ItemsOf(list).MaxAsync(item => (long?)item.Position, cancel) + ItemOrder.Gap ?? 0;
        var (added, refused, names) = (0, 0, new HashSet<Guid>());
        foreach (var item in items)
        {
            if (ListFields.NoteOrNull(item.Note) is not { } note || list.ItemCount >= ReadingList.MaxItems)
            {
                refused++;
                continue;
            }
            var id = item.ArticleId ?? NamedId.Of(list.OwnerId.ToString(), list.Id.ToString(), item.Title, item.Address, item.Moment ?? "", note);
            if (!names.Add(id) || !present.Add(id))
                continue;
            db.Add(new ReadingListItem
            {
                OwnerId = list.OwnerId, ListId = list.Id, ArticleId = id, Elsewhere = item.ArticleId is null, Title = item.Title, Address = item.Address, Position = position, Note = note, AddTime = item.AddTime,
            });
            if (item.ArticleId is { } article)
                AnnounceSave(list.OwnerId, article, saved: true);
            position += ItemOrder.Gap;
            (list.ItemCount, added) = (list.ItemCount + 1, added + 1);
        }
        if (added > 0)
            list.UpdateTime = Now();
        return (added, refused);
    }
}
