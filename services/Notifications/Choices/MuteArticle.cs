using Blog.Notifications.Choices;
using Blog.Notifications.ReadModels;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications;

partial class NotificationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.MuteArticleResponse> MuteArticle(V1.MuteArticleRequest request, ServerCallContext context)
    {
        var (person, article, now) = (Caller(context), IdOf(request.ArticleId, "article_id"), time.GetUtcNow());
        if (!await db.Set<KnownArticle>().AnyAsync(a => a.ArticleId == article, context.CancellationToken))
            throw RpcErrors.NotFound("There is no such story.");
        await db.Database.ExecuteSqlAsync($"insert into muted_articles values ({person}, {article}, {now}) on conflict do nothing", context.CancellationToken);
        return new();
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UnmuteArticleResponse> UnmuteArticle(V1.UnmuteArticleRequest request, ServerCallContext context)
    {
        var (person, article) = (Caller(context), IdOf(request.ArticleId, "article_id"));
        await db.Set<MutedArticle>().Where(m => m.PersonId == person && m.ArticleId == article).ExecuteDeleteAsync(context.CancellationToken);
        return new();
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListMutedArticlesResponse> ListMutedArticles(V1.ListMutedArticlesRequest request, ServerCallContext context)
    {
        var (person, size, cancel) = (Caller(context), PageToken.Size(request.PageSize), context.CancellationToken);
        var list = db.Set<MutedArticle>().AsNoTracking().Where(m => m.PersonId == person);
        if (PageToken.Read(request.PageToken) is { } from)
            list = list.Where(m => EF.Functions.LessThan(ValueTuple.Create(m.Time, m.ArticleId), ValueTuple.Create(from.Time, from.Id)));
        var rows = await list.OrderByDescending(m => m.Time).ThenByDescending(m => m.ArticleId).Take(size + 1).ToListAsync(cancel);
        var articles = await ArticlesAsync(rows.Select(m => (Guid?)m.ArticleId), cancel);
        var response = new V1.ListMutedArticlesResponse { Articles = { rows.Take(size).Where(m => articles.ContainsKey(m.ArticleId)).Select(m => articles[m.ArticleId].ToMessage()) } };
        if (rows.Count > size)
            response.NextPageToken = new PageToken(rows[size - 1].Time, rows[size - 1].ArticleId).ToString();
        return response;
    }
}
