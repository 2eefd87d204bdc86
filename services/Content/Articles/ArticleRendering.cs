using Blog.Content.Data;
using Blog.Content.Links;
using Blog.Content.Text;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

/// <summary>Renders Markdown with the pictures it shows and what its links lead to, a bounded number of texts at a time.</summary>
sealed class ArticleRendering(ContentDbContext db, RenderSlots slots)
{
    /// <summary>The article, or the status that tells its author what to change.</summary>
    public async Task<RenderedArticle> RenderAsync(string markdown, CancellationToken cancel)
    {
        var pictures = await PicturesAsync(MarkdownRenderer.PicturesIn(markdown), cancel);
        var cards = await LinkCards.KnownAsync(db, LinkAddress.CandidatesIn(markdown), cancel);
        await slots.WaitAsync(cancel);
        try
        {
            return MarkdownRenderer.Render(markdown, pictures, cards, new RenderBudget(RenderBudget.Limit, cancel));
        }
        catch (MarkdownRefusedException refused)
        {
            throw refused.Problem == RenderProblem.TooLarge ? TooLarge() : RpcErrors.InvalidArgument(("content.markdown", refused.Message));
        }
        finally
        {
            slots.Release();
        }
    }

    public async Task<KnownPicture?> PictureAsync(Guid? id, CancellationToken cancel) =>
        id is { } wanted && (await PicturesAsync(new HashSet<Guid> { wanted }, cancel)).TryGetValue(wanted, out var picture) ? picture : null;

    public static RpcException TooLarge() =>
        RpcErrors.Create(StatusCode.ResourceExhausted, "The text is larger than 5 MB (5,242,880 bytes). Shorten it or split it into several articles.", "MARKDOWN_TOO_LARGE");

    async Task<IReadOnlyDictionary<Guid, KnownPicture>> PicturesAsync(IReadOnlySet<Guid> ids, CancellationToken cancel) => ids.Count == 0
        ? new Dictionary<Guid, KnownPicture>()
        : await db.Media.AsNoTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => new KnownPicture(m.Id, m.Width, m.Height, m.IsAnimated), cancel);
}

/// <summary>As many renderings at once as there are cores: a burst of large texts waits instead of starving everybody.</summary>
sealed class RenderSlots() : SemaphoreSlim(Environment.ProcessorCount);
