using Blog.Content.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Content.Translations;

partial class TranslationsService
{
    public override Task<V1.UnlinkTranslationResponse> UnlinkTranslation(V1.UnlinkTranslationRequest request, ServerCallContext context)
    {
        var (me, cancel, leaver) = (Me(context), context.CancellationToken, Id(request.OtherId));
        return db.InTransactionAsync(async () =>
        {
            await LockAsync([Id(request.ArticleId)], cancel);
            var article = await articles.MineAsync(me, request.ArticleId, cancel);
            Guid[] all = article.TranslationGroup is { } known ? [.. (await MembersAsync(known, cancel)).Select(member => member.Id)] : [];
            if (article.TranslationGroup is not { } group || !all.Contains(leaver))
                throw RpcErrors.NotFound("These stories do not belong together any more.");

            await PutAsync([leaver], null, cancel);
            Guid[] rest = [.. all.Where(id => id != leaver)];
            // One alone has no translations; and a group does not go on under the name of a story that may begin another one.
            if (rest.Length == 1)
                await PutAsync(rest, null, cancel);
            else if (group == leaver)
                await PutAsync(rest, rest[0], cancel);
            Tell(group, all);
            return new V1.UnlinkTranslationResponse { GroupId = $"{group}", ArticleIds = { all.Select(id => id.ToString()) } };
        }, cancel);
    }
}
