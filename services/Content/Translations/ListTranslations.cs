using Grpc.Core;

namespace Blog.Content.Translations;

partial class TranslationsService
{
    public override async Task<V1.ListTranslationsResponse> ListTranslations(V1.ListTranslationsRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var article = await articles.MineAsync(me, request.ArticleId, cancel);
        return article.TranslationGroup is { } group && await MembersAsync(group, cancel) is { Count: > 1 } members
            ? new V1.ListTranslationsResponse { GroupId = $"{group}", Members = { members.Select(member => member.ToMessage(me)) } }
            : new V1.ListTranslationsResponse();
    }
}
