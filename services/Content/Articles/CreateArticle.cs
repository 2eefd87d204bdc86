using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.CreateArticleResponse> CreateArticle(V1.CreateArticleRequest request, ServerCallContext context) =>
        OnceAsync(request, context, (author, _) =>
        {
            var article = Article.Draft(author, Checked(request.Content), Now());
            db.Add(article);
            PublishDraftChange(article);
            return Task.FromResult(new V1.CreateArticleResponse { Article = ToMessage(article) });
        });
}
