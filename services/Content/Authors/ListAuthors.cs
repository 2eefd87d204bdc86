using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Authors;

partial class AuthorsService
{
    public override async Task<V1.ListAuthorsResponse> ListAuthors(V1.ListAuthorsRequest request, ServerCallContext context)
    {
        var article = await articles.MineAsync(Me(context), request.ArticleId, context.CancellationToken);
        var asked = await db.Invitations.AsNoTracking().Where(i => i.ArticleId == article.Id && !i.Declined).OrderBy(i => i.CreateTime).ToListAsync(context.CancellationToken);
        return new V1.ListAuthorsResponse
        {
            AuthorIds = { article.AuthorIds.Select(id => id.ToString()) },
            Invitations = { asked.Select(invitation => invitation.ToMessage(article.Content.Title)) },
        };
    }
}
