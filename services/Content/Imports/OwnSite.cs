using Blog.Archives;
using Blog.Archives.Importing;
using Blog.Content.Articles;
using Blog.Content.Media;
using Blog.Content.Publications;
using Blog.Content.SeriesOfArticles;
using Blog.Interactions.V1;
using Grpc.Core;

namespace Blog.Content.Imports;

/// <summary>This site as an import into one person's account sees it: by the same use cases as everybody else, without a call over the network.</summary>
sealed class OwnSite(IServiceScopeFactory scopes, Guid owner, string handle) : IImportTarget
{
    readonly ArticleAuthor author = new(owner, handle);
    string? ownName;

    public string Importer => $"{owner}";

    public Task<ArticleAuthor> AuthorAsync(ArchiveArticle article, CancellationToken cancel) => Task.FromResult(author);

    public async Task<string> UploadAsync(Guid picturesOwner, string fileName, Stream picture, CancellationToken cancel)
    {
        using var file = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await picture.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (file.Length + read > MediaService.LargestFile) throw new ImportRefusedException("it is larger than 20 MB");
            file.Write(buffer, 0, read);
        }
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return (await ActivatorUtilities.CreateInstance<MediaService>(scope.ServiceProvider).StoreAsync(picturesOwner, file.ToArray(), cancel)).Id.ToString();
        }
        catch (RpcException refused) when (SiteRequests.IsRefusal(refused))
        {
            throw new ImportRefusedException(refused.Status.Detail, refused);
        }
    }

    public async Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle article, CancellationToken cancel)
    {
        var named = await NamedOnceAsync(article, cancel);
        return await SiteRequests.SaveAsync(named, async request =>
        {
            // Each attempt knows nothing of the one before.
            await using var scope = scopes.CreateAsyncScope();
            return await ActivatorUtilities.CreateInstance<ArticlesService>(scope.ServiceProvider).ImportAsync(request, cancel);
        });
    }

    // A publication's story names everybody, and its owner here is named as its author already.
    async Task<ReadyArticle> NamedOnceAsync(ReadyArticle ready, CancellationToken cancel)
    {
        var names = ready.Article.CoAuthors;
        if (names.Count == 0 || !names.SequenceEqual(ready.Article.Authors)) return ready;
        await using var scope = scopes.CreateAsyncScope();
        ownName ??= (await scope.ServiceProvider.GetRequiredService<Users.V1.Users.UsersClient>().GetProfileAsync(new() { Id = owner.ToString() }, cancellationToken: cancel)).Profile.Name;
        return ready with { Article = ready.Article with { CoAuthors = [.. names.Where(name => !name.Equals(ownName, StringComparison.OrdinalIgnoreCase))] } };
    }

    public Task<ArticleAuthor?> OwnerAsync(CancellationToken cancel) => Task.FromResult<ArticleAuthor?>(author);

    public Task<ArticleAuthor?> MemberAsync(string name, CancellationToken cancel) => Task.FromResult<ArticleAuthor?>(null);

    public async Task<(ImportOutcome Outcome, IReadOnlyList<string> Notes)> SaveAsync(ReadyFact fact, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var facts = new SiteFacts(scope.ServiceProvider.GetRequiredService<Portability.PortabilityClient>(),
            request => ActivatorUtilities.CreateInstance<ArticleSeriesService>(scope.ServiceProvider).ImportAsync(request, cancel),
            request => ActivatorUtilities.CreateInstance<PublicationsService>(scope.ServiceProvider).ImportAsync(request, cancel));
        return await facts.SaveAsync(fact, cancel);
    }
}
