using Blog.Content.V1;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Translations as far as the entrance needs them: two stories are linked, one is taken out.</summary>
sealed class FakeTranslations : Translations.TranslationsBase
{
    public override Task<LinkTranslationResponse> LinkTranslation(LinkTranslationRequest request, ServerCallContext context) => Task.FromResult(new LinkTranslationResponse
    {
        GroupId = request.ArticleId,
        Members = { new TranslationMember { ArticleId = request.ArticleId, Title = "One", Language = "en", Mine = true }, new TranslationMember { ArticleId = request.OtherId, Language = "de" } },
    });

    public override Task<UnlinkTranslationResponse> UnlinkTranslation(UnlinkTranslationRequest request, ServerCallContext context) =>
        Task.FromResult(new UnlinkTranslationResponse { GroupId = request.ArticleId, ArticleIds = { request.ArticleId, request.OtherId } });
}
