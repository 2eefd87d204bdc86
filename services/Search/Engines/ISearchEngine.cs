using Blog.Search.Queries;

namespace Blog.Search.Engines;

/// <summary>
/// What finds documents. The service speaks to this port alone; every engine passes the same tests (tests/Blog.Search.Tests/EngineContract.cs).
/// All methods throw <see cref="EngineAwayException"/> when the engine cannot be reached or does not answer in time; writes can then be repeated.
/// </summary>
public interface ISearchEngine
{
    /// <summary>The index that is searched. Others are built beside it and then take its place.</summary>
    public const string Serving = "serving";

    /// <summary>
    /// Puts documents of any kind into an index; when it returns they are found. A document older than what is there, or than its removal, is passed over.
    /// Does nothing more than that when it is repeated.
    /// </summary>
    /// <exception cref="NoSuchIndexException">There is no such index (any more).</exception>
    Task PutAsync(string index, IReadOnlyList<SearchDocument> documents, CancellationToken cancel);

    /// <summary>Takes documents out; what was never there may be named.</summary>
    /// <exception cref="NoSuchIndexException">There is no such index (any more).</exception>
    Task DeleteAsync(string index, IReadOnlyList<Removal> removals, CancellationToken cancel);

    /// <summary>Makes an empty index that nobody searches yet. One of that name that was left by an earlier attempt is emptied.</summary>
    /// <param name="index">Lower case letters, digits and underscores, beginning with a letter; not <see cref="Serving"/>.</param>
    Task CreateIndexAsync(string index, CancellationToken cancel);

    /// <summary>
    /// From now on this index is the one that is searched, under the name <see cref="Serving"/>; searches that run finish on the other one, none fails.
    /// The one that served before is kept under the name that is returned, until it is dropped.
    /// </summary>
    /// <exception cref="NoSuchIndexException">There is no such index.</exception>
    Task<string> SwapAsync(string index, CancellationToken cancel);

    /// <summary>Removes an index that does not serve; does nothing when there is none.</summary>
    Task DropAsync(string index, CancellationToken cancel);

    /// <summary>How many documents of a kind an index holds.</summary>
    Task<long> CountAsync(string index, DocumentKind kind, CancellationToken cancel);

    Task<ArticlePage> SearchArticlesAsync(ArticleSearch search, CancellationToken cancel);

    /// <summary>People, publications or topics by their names.</summary>
    Task<NamePage> SearchNamesAsync(DocumentKind kind, NameSearch search, CancellationToken cancel);

    /// <summary>Drafts of one person.</summary>
    Task<DraftPage> SearchDraftsAsync(DraftSearch search, CancellationToken cancel);

    /// <summary>The few best of each kind for what somebody has typed so far.</summary>
    Task<Suggestions> SuggestAsync(string prefix, IReadOnlyCollection<Guid> hidden, CancellationToken cancel);
}

public enum ArticleSort
{
    /// <summary>How well it fits, freshness and quality counted in.</summary>
    Relevance = 1,
    Newest = 2,
    Oldest = 3,
}

/// <param name="Query">Words and filters.</param>
/// <param name="Sort">The order.</param>
/// <param name="Size">Articles of a page.</param>
/// <param name="Cursor">Where the page begins: what an earlier page of the same search gave as <see cref="ArticlePage.Next"/>; null: the first.</param>
/// <param name="Hidden">Authors whose articles are left out.</param>
/// <param name="Now">The moment for which freshness is counted; pages of one search keep that of the first.</param>
public sealed record ArticleSearch(ParsedQuery Query, ArticleSort Sort, int Size, string? Cursor, IReadOnlyCollection<Guid> Hidden, DateTimeOffset Now);

/// <param name="Articles">In order.</param>
/// <param name="Next">The cursor of the next page; null: this is the last.</param>
/// <param name="Total">Exact up to about a thousand, above that an estimate. At most <see cref="MaxTotal"/>: then there are at least as many.</param>
/// <param name="DidYouMean">A query that was probably meant; empty: nothing better is known.</param>
/// <param name="Similar">Nothing fitted as it was typed; these fit <paramref name="DidYouMean"/>, or most of the words.</param>
/// <param name="Topics">Slugs, most frequent first.</param>
/// <param name="Languages">Primary subtags, most frequent first.</param>
public sealed record ArticlePage(
    IReadOnlyList<FoundArticle> Articles, string? Next, int Total, string DidYouMean, bool Similar, IReadOnlyList<FacetCount> Topics, IReadOnlyList<FacetCount> Languages)
{
    public const int MaxTotal = 10_000;
}

public sealed record FacetCount(string Id, int Count);

/// <summary>A part of a text; <paramref name="Found"/>: it is one of the words looked for.</summary>
public sealed record TextPiece(string Text, bool Found);

public sealed record FoundArticle(Guid Id, Guid AuthorId, IReadOnlyList<TextPiece> Title, IReadOnlyList<TextPiece> Passage);

/// <param name="Text">Words of the name or the handle; the last may be a beginning of one.</param>
/// <param name="Hidden">People who are left out.</param>
public sealed record NameSearch(string Text, int Size, string? Cursor, IReadOnlyCollection<Guid> Hidden);

public sealed record NamePage(IReadOnlyList<FoundName> Names, string? Next);

/// <param name="Id">A UUID, or the slug of a topic.</param>
/// <param name="ArticleCount">Of a topic; else 0.</param>
public sealed record FoundName(string Id, IReadOnlyList<TextPiece> Name, int ArticleCount);

public sealed record DraftSearch(Guid OwnerId, ParsedQuery Query, int Size, string? Cursor);

public sealed record DraftPage(IReadOnlyList<FoundDraft> Drafts, string? Next);

public sealed record FoundDraft(Guid Id, IReadOnlyList<TextPiece> Title, IReadOnlyList<TextPiece> Passage, DateTimeOffset UpdateTime);

/// <param name="Queries">Completed searches.</param>
public sealed record Suggestions(
    IReadOnlyList<string> Queries, IReadOnlyList<FoundArticle> Articles, IReadOnlyList<FoundName> People, IReadOnlyList<FoundName> Topics, IReadOnlyList<FoundName> Publications);

/// <summary>The engine cannot be reached, or did not answer in time.</summary>
public sealed class EngineAwayException(string message, Exception? inner = null) : Exception(message, inner);

public sealed class NoSuchIndexException(string index) : Exception($"There is no index '{index}'.");

/// <summary>A cursor that this engine did not make.</summary>
public sealed class BadCursorException() : Exception("This cursor was not made by this search.");
