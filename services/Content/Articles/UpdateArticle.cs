using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    /// <summary>An editor asks again within moments, or when its window opens anew; autosaving makes so many that their answers cannot stay for long.</summary>
    internal static readonly TimeSpan SavesKnownFor = TimeSpan.FromDays(2);

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.UpdateArticleResponse> UpdateArticle(V1.UpdateArticleRequest request, ServerCallContext context) =>
        OnceAsync(request, context, async (author, cancel) =>
        {
            var content = Checked(request.Content);
            var article = await MineAsync(author, request.Id, cancel);
            MustBeCurrent(article, request.ExpectedRevision);
            if (await revisions.ChangeAsync(article, content, author, Now(), cancel))
                PublishDraftChange(article);
            return new V1.UpdateArticleResponse { Article = ToMessage(article) };
        }, SavesKnownFor);
}
