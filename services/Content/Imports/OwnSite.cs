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

    public Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle article, CancellationToken cancel) => SiteRequests.SaveAsync(article, async request =>
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ActivatorUtilities.CreateInstance<ArticlesService>(scope.ServiceProvider).ImportAsync(request, cancel);
    });

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
