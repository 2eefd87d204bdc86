namespace Blog.Bff.Api;

/// <param name="AuthorId">Under whose address it stands.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Current">It is the article that is asked of.</param>
/// <param name="CanonicalUrl">Where it first appeared, when that was elsewhere.</param>
public sealed record TranslationLink(string AuthorId, string Language, string Title, string Url, bool Current, string? CanonicalUrl);

/// <summary>A story as readers find it in several languages.</summary>
/// <param name="Items">All of them, the original first; one alone is possible.</param>
public sealed record Translations(string Id, IReadOnlyList<TranslationLink> Items)
{
    /// <param name="article">As Content has it.</param>
    /// <param name="authors">By id: those under whose addresses the translations stand.</param>
    public static Translations? From(Content.V1.PublishedArticle article, IReadOnlyDictionary<string, Author> authors) => article.TranslationGroupId.Length == 0 ? null : new(
        article.TranslationGroupId,
        [
            .. article.Translations.Where(each => authors.ContainsKey(each.AuthorId)).Select(each => new TranslationLink(
                each.AuthorId, each.Language, each.Title, Addresses.Article(authors[each.AuthorId].Handle, each.Slug), each.ArticleId == article.Summary.Id, each.CanonicalUrl.OrNull())),
        ]);
}
