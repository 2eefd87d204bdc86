using System.Globalization;
using Blog.Archives.Own;
using Blog.Archives.Writing;
using Blog.Interactions.V1;

namespace Blog.Archives.Exporting;

/// <summary>A file for each reading list of the person, numbered as they are in the library.</summary>
sealed class ListFiles(Site site, IArchiveSink sink, ArchiveLayout layout, IndexPage index)
{
    const int PageSize = 100;

    public async Task WriteAsync(string personId, CancellationToken cancel)
    {
        var lists = (await site.Portability.ListExportedListsAsync(new() { PersonId = personId }, cancellationToken: cancel)).Lists;
        for (var at = 0; at < lists.Count; at++)
        {
            var list = lists[at];
            var path = layout.Free("lists", string.Create(CultureInfo.InvariantCulture, $"{at + 1:000}-{list.Slug}"), "json");
            var items = await ItemsAsync(personId, list.Id, cancel);
            await sink.AddAsync(path, FactFiles.Write(new FactFiles.ListFile(FactFiles.ListFormat, list.Name, list.Slug, list.FormerSlugs.OrNull(), list.Description.OrNull(),
                list.Visibility switch { ListVisibility.Public => "public", ListVisibility.Link => "link", _ => "private" }, list.IsDefault, items.OrNull())), cancel);
            index.AddList(list.Name, path, items);
        }
    }

    async Task<List<FactFiles.ListItem>> ItemsAsync(string personId, string list, CancellationToken cancel)
    {
        var all = await Site.AllAsync<ExportedListItem>(async token =>
        {
            var page = await site.Portability.ListExportedListItemsAsync(new() { PersonId = personId, ListId = list, PageSize = PageSize, PageToken = token }, cancellationToken: cancel);
            return (page.Items, page.NextPageToken);
        }).ToListAsync(cancel);
        var known = await site.StoriesAsync(all.Select(item => item.ArticleId).Where(id => id.Length > 0 && layout.PathOf(id) is null), cancel);
        return [.. all.Select(item =>
        {
            var added = item.AddTime?.ToDateTime();
            if (layout.PathOf(item.ArticleId) is { } story) return new FactFiles.ListItem($"../{ArchiveLayout.Linked(story)}", null, null, item.Note.OrNull(), added);
            var (title, address) = item.ArticleId.Length > 0 ? known.GetValueOrDefault(item.ArticleId) : (item.Title, item.Address);
            return new FactFiles.ListItem(null, title.OrNull(), address.OrNull(), item.Note.OrNull(), added);
        })];
    }
}
