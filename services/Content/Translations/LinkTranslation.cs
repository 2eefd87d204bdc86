using Blog.Content.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Content.Translations;

partial class TranslationsService
{
    public override Task<V1.LinkTranslationResponse> LinkTranslation(V1.LinkTranslationRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        if (Id(request.ArticleId) == Id(request.OtherId))
            throw RpcErrors.InvalidArgument(("other_id", "A story is no translation of itself."));
        return db.InTransactionAsync(async () =>
        {
            await LockAsync([Id(request.ArticleId), Id(request.OtherId)], cancel);
            var (article, other) = (await articles.MineAsync(me, request.ArticleId, cancel), await articles.MineAsync(me, request.OtherId, cancel));
            if (article.TranslationGroup is { } one && other.TranslationGroup is { } another)
                return one == another
                    ? new V1.LinkTranslationResponse { GroupId = $"{one}", Members = { (await MembersAsync(one, cancel)).Select(member => member.ToMessage(me)) } }
                    : throw RpcErrors.Create(StatusCode.FailedPrecondition, $"“{other.Content.Title}” belongs to the translations of another story. Take it out there first.", "ALREADY_LINKED");

            await SayLanguageAsync(article, request.Language, "language", me, cancel);
            await SayLanguageAsync(other, request.OtherLanguage, "other_language", me, cancel);
            var (group, newcomer, resident) = article.TranslationGroup is null && other.TranslationGroup is { } theirs ? (theirs, article, other) : (article.TranslationGroup ?? article.Id, other, article);
            var members = await MembersAsync(group, cancel);
            if (LanguageTag.Same(article.Content.Language, other.Content.Language) || members.Exists(member => member.Has(newcomer.Content.Language)))
                throw RpcErrors.InvalidArgument(("other_id", $"“{newcomer.Content.Title}” is in a language that is there already; each is there once."));
            MustHaveRoom(members);

            await PutAsync([newcomer.Id, resident.Id], group, cancel);
            Tell(group, members.Select(member => member.Id).Concat([resident.Id, newcomer.Id]).Distinct());
            await db.SaveChangesAsync(cancel);
            return new V1.LinkTranslationResponse { GroupId = $"{group}", Members = { (await MembersAsync(group, cancel)).Select(member => member.ToMessage(me)) } };
        }, cancel);
    }
}
