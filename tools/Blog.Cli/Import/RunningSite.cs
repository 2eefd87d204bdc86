using Blog.Archives;
using Blog.Archives.Importing;
using Blog.Content.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Blog.Cli.Import;

/// <summary>
/// The running system as an import sees it: authors become unclaimed profiles unless <paramref name="only"/> names who all of it belongs to.
/// </summary>
sealed class RunningSite(Authors authors, Articles.ArticlesClient articles, Media.MediaClient media, SiteFacts facts, ArticleAuthor? only, string archive) : IImportTarget
{
    public string Importer => $"{only?.Id}";

    public async Task<ArticleAuthor> AuthorAsync(ArchiveArticle article, CancellationToken cancel) => only ?? await authors.ByName(article.Authors.Count > 0 ? article.Authors[0] : archive, cancel);

    public async Task<string> UploadAsync(Guid owner, string fileName, Stream picture, CancellationToken cancel)
    {
        using var call = media.UploadMedia(cancellationToken: cancel);
        try
        {
            await call.RequestStream.WriteAsync(new() { Info = new() { FileName = fileName, OwnerId = owner.ToString() } }, cancel);
            var buffer = new byte[64 * 1024];
            while (await picture.ReadAsync(buffer, cancel) is > 0 and var read)
                await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(buffer, 0, read) }, cancel);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception broken) when (broken is RpcException or InvalidOperationException)
        {
            // The service answered before the end (too large, say): the answer below says why.
        }
        try
        {
            return (await call).Media.Id;
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted)
        {
            throw new ImportRefusedException(refused.Status.Detail, refused);
        }
    }

    public Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle article, CancellationToken cancel) =>
        SiteRequests.SaveAsync(Own(article), async request => await articles.ImportArticleAsync(request, cancellationToken: cancel));

    // Of a publication's story everybody is named; whoever comes first has become its author.
    ReadyArticle Own(ReadyArticle ready) => only is null && ready.Article.Authors is [var first, ..] && ready.Article.CoAuthors is [var named, ..] && named == first
        ? ready with { Article = ready.Article with { CoAuthors = [.. ready.Article.CoAuthors.Skip(1)] } }
        : ready;

    public async Task<ArticleAuthor?> OwnerAsync(CancellationToken cancel) => only ?? await authors.ByName(archive, cancel);

    public async Task<ArticleAuthor?> MemberAsync(string name, CancellationToken cancel) => only is null ? await authors.ByName(name, cancel) : null;

    public Task<(ImportOutcome Outcome, IReadOnlyList<string> Notes)> SaveAsync(ReadyFact fact, CancellationToken cancel) => facts.SaveAsync(fact, cancel);
}
