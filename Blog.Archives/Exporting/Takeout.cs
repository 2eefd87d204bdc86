using Blog.Archives.Own;
using Blog.Archives.Writing;
using Blog.Content.V1;
using Blog.Interactions.V1;

namespace Blog.Archives.Exporting;

/// <summary>
/// Everything of one person, as files: stories and drafts, series, lists, what was said under the stories, what the person said elsewhere, and a page that lists it all. It is made while it is
/// written, a story at a time. Which facts are in it: docs/decisions/0033.
/// </summary>
/// <param name="site">Where it comes from.</param>
/// <param name="sink">Where it goes.</param>
/// <param name="personId">Whose it is.</param>
public sealed class Takeout(Site site, IArchiveSink sink, string personId)
{
    const int PageSize = 100;

    /// <summary>Writes all of it.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        var (layout, index) = (await site.LayoutAsync(personId, "", cancel), new IndexPage("What I wrote"));
        var stories = new StoryWriter(sink, layout, site.Picture);
        foreach (var key in layout.Keys)
        {
            var article = (await site.Exports.GetExportedArticleAsync(new() { PersonId = personId, Id = key.Id }, cancellationToken: cancel)).Article;
            await stories.WriteAsync(article, new(await site.NamesAsync([.. new[] { key.AuthorId }.Concat(article.CoAuthorIds).Where(id => id != personId)], article, cancel)), cancel);
            index.Add(article, layout.PathOf(key.Id)!, await ResponsesAsync(article, layout, cancel));
        }
        await new SeriesFiles(site, sink, layout, index).WriteAsync(personId, cancel);
        await new ListFiles(site, sink, layout, index).WriteAsync(personId, cancel);
        await OwnResponsesAsync(layout, index, cancel);
        await sink.AddAsync("index.html", index.ToBytes(), cancel);
    }

    async Task<string?> ResponsesAsync(ExportedArticle article, ArchiveLayout layout, CancellationToken cancel) =>
        await new ResponseFiles(site, sink, layout).WriteAsync(personId, isOwner: true, article.Key.Id, cancel);

    async Task OwnResponsesAsync(ArchiveLayout layout, IndexPage index, CancellationToken cancel)
    {
        var mine = await Site.AllAsync<OwnResponse>(async token =>
        {
            var page = await site.Portability.ListOwnResponsesAsync(new() { PersonId = personId, PageSize = PageSize, PageToken = token }, cancellationToken: cancel);
            // What was said under stories of the archive lies with them.
            return (page.Responses.Where(response => layout.PathOf(response.ArticleId) is null), page.NextPageToken);
        }).ToListAsync(cancel);
        if (mine.Count == 0) return;
        var known = await site.StoriesAsync(mine.Select(response => response.ArticleId).Where(id => id.Length > 0), cancel);
        var responses = mine.Select(response =>
        {
            var (title, address) = response.ArticleId.Length > 0 ? known.GetValueOrDefault(response.ArticleId) : (response.StoryTitle, response.StoryAddress);
            return new FactFiles.OwnResponse(title.OrNull(), address.OrNull(), response.CreateTime.ToDateTime(), response.EditTime?.ToDateTime(), response.Markdown);
        }).OrderBy(response => response.Date).ThenBy(response => response.Text, StringComparer.Ordinal).ThenBy(response => response.Address, StringComparer.Ordinal).ToArray();
        await sink.AddAsync("my-responses.json", FactFiles.Write(new FactFiles.OwnResponsesFile(FactFiles.OwnResponsesFormat, responses)), cancel);
        index.AddOwnResponses("my-responses.json", responses);
    }
}

static class Absent
{
    /// <summary>proto3 says "absent" with an empty string; JSON leaves it out.</summary>
    public static string? OrNull(this string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static T[]? OrNull<T>(this IEnumerable<T> items) => items.ToArray() is { Length: > 0 } some ? some : null;
}
