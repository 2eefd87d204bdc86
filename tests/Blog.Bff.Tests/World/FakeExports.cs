using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>What there is to export, as Content and Interactions say it of the caller; nothing of anybody else.</summary>
sealed class FakeExports : Exports.ExportsBase
{
    public List<ExportedArticle> Articles { get; } = [];

    /// <summary>A publication that the caller may export, with all of their articles.</summary>
    public (Guid Id, ExportedPublication About)? Publication { get; set; }
    public List<ExportedResponse> Responses { get; } = [];
    public List<(ExportedList List, ExportedListItem[] Items)> Lists { get; } = [];
    public List<OwnResponse> Own { get; } = [];

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public override Task<ListExportedArticlesResponse> ListExportedArticles(ListExportedArticlesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListExportedArticlesResponse { Articles = { Articles.Where(article => article.Key.AuthorId == Caller(context)).Select(article => article.Key) } });

    public override Task<GetExportedArticleResponse> GetExportedArticle(GetExportedArticleRequest request, ServerCallContext context) =>
        Task.FromResult(new GetExportedArticleResponse { Article = Articles.Find(article => article.Key.Id == request.Id && article.Key.AuthorId == Caller(context)) ?? throw RpcErrors.NotFound("none") });

    public override Task<GetExportedPublicationResponse> GetExportedPublication(GetExportedPublicationRequest request, ServerCallContext context) => Publication is var (id, about) && request.PublicationId == id.ToString()
        ? Task.FromResult(new GetExportedPublicationResponse { Publication = about })
        : throw RpcErrors.NotFound("There is no such publication that you can export.");

    public override Task<ListExportedSeriesResponse> ListExportedSeries(ListExportedSeriesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListExportedSeriesResponse { Series = { new ExportedSeries { Title = "All", Slug = "all", ArticleIds = { Articles.Select(article => article.Key.Id) } } } });

    public sealed class Portability(FakeExports exports) : Interactions.V1.Portability.PortabilityBase
    {
        public override Task<ListExportedResponsesResponse> ListExportedResponses(ListExportedResponsesRequest request, ServerCallContext context) =>
            Task.FromResult(new ListExportedResponsesResponse { Responses = { exports.Articles[0].Key.Id == request.ArticleId ? exports.Responses : [] } });

        public override Task<ListOwnResponsesResponse> ListOwnResponses(ListOwnResponsesRequest request, ServerCallContext context) => Task.FromResult(new ListOwnResponsesResponse { Responses = { exports.Own } });

        public override Task<ListExportedListsResponse> ListExportedLists(ListExportedListsRequest request, ServerCallContext context) => Task.FromResult(new ListExportedListsResponse { Lists = { exports.Lists.Select(one => one.List) } });

        public override Task<ListExportedListItemsResponse> ListExportedListItems(ListExportedListItemsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListExportedListItemsResponse { Items = { exports.Lists.Single(one => one.List.Id == request.ListId).Items } });
    }
}
