using Blog.Content.Articles;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Texts;

partial class TextsService
{
    const int MaxKeys = 1000;

    public override async Task<V1.ListArticleKeysResponse> ListArticleKeys(V1.ListArticleKeysRequest request, ServerCallContext context)
    {
        var size = request.PageSize <= 0 ? MaxKeys : Math.Min(request.PageSize, MaxKeys);
        var articles = db.Articles.AsNoTracking();
        if (Position(request.PageToken) is var (author, id))
            articles = articles.Where(a => EF.Functions.GreaterThan(ValueTuple.Create(a.AuthorId, a.Id), ValueTuple.Create(author, id)));
        var rows = await articles.OrderBy(a => a.AuthorId).ThenBy(a => a.Id).Take(size + 1)
            .Select(a => new { a.AuthorId, a.Id, Published = a.Status == ArticleStatus.Published, AsPublished = a.PublishedHash == a.ContentHash }).ToListAsync(context.CancellationToken);
        return new V1.ListArticleKeysResponse
        {
            Keys = { rows.Take(size).Select(row => new V1.ArticleKey { ArticleId = row.Id.ToString(), AuthorId = row.AuthorId.ToString(), Published = row.Published, Draft = !(row.Published && row.AsPublished) }) },
            NextPageToken = rows.Count > size ? $"{rows[size - 1].AuthorId:N}{rows[size - 1].Id:N}" : "",
        };
    }

    // Two ids of 32 digits: the last author and article of the page.
    static (Guid Author, Guid Id)? Position(string token) =>
        token.Length == 0 ? null
        : token.Length == 64 && Guid.TryParseExact(token[..32], "N", out var author) && Guid.TryParseExact(token[32..], "N", out var id) ? (author, id)
        : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
}
