using System.Collections.Concurrent;
using Blog.Search.Engines;

namespace Blog.Search.Tests.Indexing;

/// <summary>The writing half of an engine, in memory, so that a test sees what was put where and how often. It keeps what the port promises of revisions and indexes.</summary>
sealed class MemoryEngine : ISearchEngine
{
    readonly Lock gate = new();
    readonly Dictionary<string, Dictionary<(DocumentKind, string), (long Revision, SearchDocument? Document)>> indexes = new() { [ISearchEngine.Serving] = [] };
    int formers;

    public bool IsAway { get; set; }

    /// <summary>Documents that the engine cannot take.</summary>
    public Func<SearchDocument, bool> Refuses { get; set; } = _ => false;

    /// <summary>Puts into the serving index, by id.</summary>
    public ConcurrentDictionary<string, int> Puts { get; } = new();

    public IReadOnlyList<string> Indexes
    {
        get
        {
            lock (gate)
                return [.. indexes.Keys];
        }
    }

    public SearchDocument? Find(DocumentKind kind, string id, string index = ISearchEngine.Serving)
    {
        lock (gate)
            return indexes.TryGetValue(index, out var documents) && documents.TryGetValue((kind, id), out var known) ? known.Document : null;
    }

    public T? Find<T>(string id) where T : SearchDocument
    {
        lock (gate)
            return indexes[ISearchEngine.Serving].Values.Select(known => known.Document).OfType<T>().SingleOrDefault(document => document.Id == id);
    }

    public Task PutAsync(string index, IReadOnlyList<SearchDocument> documents, CancellationToken cancel)
    {
        MustBeThere();
        if (documents.FirstOrDefault(Refuses) is { } refused)
            throw new InvalidOperationException($"The engine cannot take {refused.Id}.");
        lock (gate)
            foreach (var document in documents)
            {
                if (index == ISearchEngine.Serving)
                    Puts.AddOrUpdate(document.Id, 1, (_, count) => count + 1);
                var known = Of(index).GetValueOrDefault((document.Kind, document.Id), (-1, null));
                if (document.Revision > known.Revision || document.Revision == known.Revision && known.Document is not null)
                    Of(index)[(document.Kind, document.Id)] = (document.Revision, document);
            }
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string index, IReadOnlyList<Removal> removals, CancellationToken cancel)
    {
        MustBeThere();
        lock (gate)
            foreach (var removal in removals)
                if (removal.Revision >= Of(index).GetValueOrDefault((removal.Kind, removal.Id), (-1, null)).Revision)
                    Of(index)[(removal.Kind, removal.Id)] = (removal.Revision, null);
        return Task.CompletedTask;
    }

    public Task CreateIndexAsync(string index, CancellationToken cancel)
    {
        MustBeThere();
        lock (gate)
            indexes[index] = [];
        return Task.CompletedTask;
    }

    public Task<string> SwapAsync(string index, CancellationToken cancel)
    {
        MustBeThere();
        lock (gate)
        {
            var former = $"former_{++formers}";
            indexes[former] = indexes[ISearchEngine.Serving];
            indexes[ISearchEngine.Serving] = Of(index);
            indexes.Remove(index);
            return Task.FromResult(former);
        }
    }

    public Task DropAsync(string index, CancellationToken cancel)
    {
        lock (gate)
            indexes.Remove(index);
        return Task.CompletedTask;
    }

    public Task<long> CountAsync(string index, DocumentKind kind, CancellationToken cancel)
    {
        lock (gate)
            return Task.FromResult(Of(index).Values.LongCount(known => known.Document?.Kind == kind));
    }

    Dictionary<(DocumentKind, string), (long Revision, SearchDocument? Document)> Of(string index) => indexes.TryGetValue(index, out var documents) ? documents : throw new NoSuchIndexException(index);

    void MustBeThere()
    {
        if (IsAway)
            throw new EngineAwayException("away");
    }

    public Task<ArticlePage> SearchArticlesAsync(ArticleSearch search, CancellationToken cancel) => throw new NotSupportedException();
    public Task<NamePage> SearchNamesAsync(DocumentKind kind, NameSearch search, CancellationToken cancel) => throw new NotSupportedException();
    public Task<DraftPage> SearchDraftsAsync(DraftSearch search, CancellationToken cancel) => throw new NotSupportedException();
    public Task<Suggestions> SuggestAsync(string prefix, IReadOnlyCollection<Guid> hidden, CancellationToken cancel) => throw new NotSupportedException();
}
