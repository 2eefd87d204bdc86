using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Content.Translations;

partial class TranslationsService
{
    public override Task<V1.TranslateArticleResponse> TranslateArticle(V1.TranslateArticleRequest request, ServerCallContext context)
    {
        var (me, cancel, language) = (Me(context), context.CancellationToken, LanguageTag.Canonical(request.Language.Trim()));
        if (language.Length == 0)
            throw RpcErrors.InvalidArgument(("language", request.Language.Length == 0 ? "Choose the language of the translation." : NoLanguage(request.Language)));
        return db.InTransactionAsync(async () =>
        {
            await LockAsync([Id(request.ArticleId)], cancel);
            var article = await articles.MineAsync(me, request.ArticleId, cancel);
            await SayLanguageAsync(article, request.SourceLanguage, "source_language", me, cancel);
            var group = article.TranslationGroup ?? article.Id;
            var members = await MembersAsync(group, cancel);
            if (LanguageTag.Same(article.Content.Language, language))
                throw RpcErrors.InvalidArgument(("language", "The story is in this language already."));
            if (members.Find(member => member.Has(language)) is { } taken)
                throw RpcErrors.InvalidArgument(("language", taken.ToMessage(me).Title is { Length: > 0 } title ? $"There is a translation into this language: “{title}”." : "There is a translation into this language."));
            MustHaveRoom(members);

            // The address is made of the new title, and this text never appeared elsewhere.
            var draft = Article.Draft(me, article.Content with { Language = language, Slug = "", CanonicalUrl = "" }, articles.Now());
            db.Add(draft);
            articles.PublishDraftChange(draft);
            Tell(group, [.. members.Select(member => member.Id).Append(article.Id).Distinct(), draft.Id]);
            await db.SaveChangesAsync(cancel);
            await PutAsync([article.Id, draft.Id], group, cancel);
            var answer = new V1.TranslateArticleResponse { Article = ArticlesService.ToMessage(draft) };
            answer.Article.TranslationGroupId = $"{group}";
            return answer;
        }, cancel);
    }
}
