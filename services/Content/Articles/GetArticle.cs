using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetArticleResponse> GetArticle(V1.GetArticleRequest request, ServerCallContext context) =>
        new() { Article = ToMessage(await MineAsync(Author(context), request.Id, context.CancellationToken)) };
}
