using Blog.Archives.Own;
using Blog.Archives.Writing;
using Blog.Content.V1;

namespace Blog.Archives.Exporting;

/// <summary>
/// A publication, as files: what it says of itself and its people, the stories that appeared in it as readers have them, what was said under these, and a page that lists it all. Drafts are their
/// authors' and not in it. Which facts are in it: docs/decisions/0034.
/// </summary>
/// <param name="site">Where it comes from.</param>
/// <param name="sink">Where it goes.</param>
/// <param name="personId">One of its owners or editors.</param>
/// <param name="publicationId">Which.</param>
/// <param name="publication">The same, as <see cref="Exports.ExportsClient"/> gives it.</param>
public sealed class PublicationTakeout(Site site, IArchiveSink sink, string personId, string publicationId, ExportedPublication publication)
{
    const string File = "publication.json";

    /// <summary>Writes all of it.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        var (layout, index) = (await site.LayoutAsync(personId, publicationId, cancel), new IndexPage(publication.Name, publication.Description));
        var stories = new StoryWriter(sink, layout, site.Picture);
        foreach (var key in layout.Keys)
        {
            var article = (await site.Exports.GetExportedArticleAsync(new() { PersonId = personId, PublicationId = publicationId, Id = key.Id }, cancellationToken: cancel)).Article;
            await stories.WriteAsync(article, new(await site.NamesAsync([key.AuthorId, .. article.CoAuthorIds], article, cancel), publication.Name), cancel);
            index.Add(article, layout.PathOf(key.Id)!, await new ResponseFiles(site, sink, layout).WriteAsync(personId, isOwner: false, key.Id, cancel));
        }
        await AboutAsync(layout, stories, index, cancel);
        await sink.AddAsync("index.html", index.ToBytes(), cancel);
    }

    async Task AboutAsync(ArchiveLayout layout, StoryWriter stories, IndexPage index, CancellationToken cancel)
    {
        var picture = Guid.TryParse(publication.PictureMediaId, out var id) ? await stories.PictureAsync(id, cancel) : null;
        var people = await site.PeopleAsync(publication.Members.Select(member => member.PersonId), cancel);
        var members = publication.Members.Where(member => people.ContainsKey(member.PersonId)).OrderBy(member => member.Role).ThenBy(member => member.JoinTime?.ToDateTime())
            .Select(member => new FactFiles.Member(people[member.PersonId].Name, RoleOf(member), member.JoinTime?.ToDateTime())).ToArray();
        await sink.AddAsync(File, FactFiles.Write(new FactFiles.PublicationFile(FactFiles.PublicationFormat, publication.Name, publication.Slug, publication.FormerSlugs.OrNull(), publication.Description.OrNull(), picture,
            publication.CreateTime?.ToDateTime(), members.OrNull(), layout.Keys.Select(key => ArchiveLayout.Linked(layout.PathOf(key.Id)!)).OrNull())), cancel);
        index.AddPeople(File, members);
    }

    static string? RoleOf(Member member) => member.Role switch { PublicationRole.Owner => "owner", PublicationRole.Editor => "editor", _ => null };
}
