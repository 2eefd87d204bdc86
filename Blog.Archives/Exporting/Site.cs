using Blog.Archives.Writing;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.Users.V1;

namespace Blog.Archives.Exporting;

/// <summary>The site that is exported from, as the person whose token the clients carry, or as a service that names whom it means.</summary>
/// <param name="Exports">blog.content.v1.Exports.</param>
/// <param name="Articles">blog.content.v1.Articles; what everybody may read.</param>
/// <param name="Portability">blog.interactions.v1.Portability.</param>
/// <param name="Users">blog.users.v1.Users; what everybody may read.</param>
/// <param name="Picture">The bytes and the type of a stored picture; null when it is not there any more.</param>
/// <param name="Origin">Where readers find the site: stories of others are named by their whole address.</param>
public sealed record Site(Exports.ExportsClient Exports, Articles.ArticlesClient Articles, Portability.PortabilityClient Portability, Users.V1.Users.UsersClient Users, Func<Guid, CancellationToken, Task<(string ContentType, byte[] Bytes)?>> Picture, Uri Origin)
{
    const int MostAtOnce = 100;

    readonly Dictionary<string, Profile> people = new(StringComparer.Ordinal);

    /// <summary>Profiles by id; who is not here is missing.</summary>
    public async Task<IReadOnlyDictionary<string, Profile>> PeopleAsync(IEnumerable<string> ids, CancellationToken cancel)
    {
        foreach (var some in ids.Where(id => id.Length > 0 && !people.ContainsKey(id)).Distinct().Chunk(MostAtOnce))
            foreach (var profile in (await Users.BatchGetProfilesAsync(new() { Ids = { some } }, cancellationToken: cancel)).Profiles)
                people[profile.Id] = profile;
        return people;
    }

    /// <summary>Title and whole address of articles of others, by id; what readers do not have is missing.</summary>
    public async Task<Dictionary<string, (string Title, string Address)>> StoriesAsync(IEnumerable<string> ids, CancellationToken cancel)
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var some in ids.Distinct().Chunk(MostAtOnce))
        {
            var articles = (await Articles.BatchGetPublishedArticlesAsync(new() { Ids = { some } }, cancellationToken: cancel)).Articles;
            var authors = await PeopleAsync(articles.Select(article => article.AuthorId), cancel);
            foreach (var article in articles)
                if (authors.TryGetValue(article.AuthorId, out var author)) found[article.Id] = (article.Title, new Uri(Origin, $"/@{author.Handle}/{Uri.EscapeDataString(article.Slug)}").AbsoluteUri);
        }
        return found;
    }

    /// <summary>Where each story of an export lies.</summary>
    /// <param name="personId">Whose, or who asks.</param>
    /// <param name="publicationId">Empty: what the person wrote.</param>
    /// <param name="cancel">Stops.</param>
    internal async Task<ArchiveLayout> LayoutAsync(string personId, string publicationId, CancellationToken cancel)
    {
        var keys = await AllAsync<ExportedArticleKey>(async token =>
        {
            var page = await Exports.ListExportedArticlesAsync(new() { PersonId = personId, PublicationId = publicationId, PageSize = MostAtOnce, PageToken = token }, cancellationToken: cancel);
            return (page.Articles, page.NextPageToken);
        }).ToListAsync(cancel);
        var authors = await PeopleAsync(keys.Select(key => key.AuthorId), cancel);
        return new(keys, key => authors.TryGetValue(key.AuthorId, out var author) ? $"/@{author.Handle}/{key.Slug}" : null);
    }

    /// <summary>What these people are called, and who came with the article from elsewhere.</summary>
    internal async Task<IReadOnlyList<string>> NamesAsync(IReadOnlyCollection<string> ids, ExportedArticle article, CancellationToken cancel)
    {
        var known = await PeopleAsync(ids, cancel);
        return [.. ids.Select(id => known.GetValueOrDefault(id)?.Name).OfType<string>(), .. article.CoAuthorNames];
    }

    /// <summary>All pages of a list.</summary>
    /// <param name="page">The page that a token names, and the token of the next; the first and the last are empty.</param>
    public static async IAsyncEnumerable<T> AllAsync<T>(Func<string, Task<(IEnumerable<T> Items, string Next)>> page)
    {
        var token = "";
        do
        {
            var (items, next) = await page(token);
            foreach (var item in items) yield return item;
            token = next;
        }
        while (token.Length > 0);
    }
}
