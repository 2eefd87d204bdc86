using System.Text.Json.Serialization;
using Blog.Archives.Exporting;
using Blog.Bff.Pages;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;

namespace Blog.Bff.Api;

/// <summary>The JSON API under /api/v1: what it needs, and all of its endpoints.</summary>
static class JsonApi
{
    public static WebApplicationBuilder AddJsonApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddTransient<IdempotencyKeyHandler>();
        builder.Services.AddBlogGrpcClient<Articles.ArticlesClient>("content").AddHttpMessageHandler<IdempotencyKeyHandler>();
        builder.Services.AddBlogGrpcClient<Authors.AuthorsClient>("content");
        builder.Services.AddBlogGrpcClient<Invitations.InvitationsClient>("content");
        builder.Services.AddBlogGrpcClient<ArticleSeries.ArticleSeriesClient>("content");
        builder.Services.AddBlogGrpcClient<Content.V1.Translations.TranslationsClient>("content");
        builder.Services.AddBlogGrpcClient<Reviews.ReviewsClient>("content");
        builder.Services.AddBlogGrpcClient<Revisions.RevisionsClient>("content").AddHttpMessageHandler<IdempotencyKeyHandler>();
        builder.Services.AddBlogGrpcClient<Publications.PublicationsClient>("content").AddHttpMessageHandler<IdempotencyKeyHandler>();
        builder.Services.AddBlogGrpcClient<Media.MediaClient>("content");
        builder.Services.AddBlogGrpcClient<Imports.ImportsClient>("content");
        builder.Services.AddBlogGrpcClient<Exports.ExportsClient>("content");
        builder.Services.AddBlogGrpcClient<Links.LinksClient>("content");
        builder.Services.AddBlogGrpcClient<Users.V1.Users.UsersClient>("users");
        builder.Services.AddBlogGrpcClient<Claps.ClapsClient>("interactions");
        builder.Services.AddBlogGrpcClient<Responses.ResponsesClient>("interactions").AddHttpMessageHandler<IdempotencyKeyHandler>();
        builder.Services.AddBlogGrpcClient<Lists.ListsClient>("interactions").AddHttpMessageHandler<IdempotencyKeyHandler>();
        builder.Services.AddBlogGrpcClient<Portability.PortabilityClient>("interactions");
        builder.Services.AddBlogGrpcClient<History.HistoryClient>("interactions");
        builder.Services.AddBlogGrpcClient<Highlights.HighlightsClient>("interactions").AddHttpMessageHandler<IdempotencyKeyHandler>();
        builder.Services.AddBlogGrpcClient<Gifts.GiftsClient>("interactions");
        builder.Services.AddBlogGrpcClient<Feed.V1.HomeFeed.HomeFeedClient>("feed");
        builder.Services.AddBlogGrpcClient<Recommendations.V1.ForYou.ForYouClient>("recommendations");
        builder.Services.AddBlogGrpcClient<Recommendations.V1.Discovery.DiscoveryClient>("recommendations");
        builder.Services.AddBlogGrpcClient<Search.V1.Finder.FinderClient>("search");
        builder.Services.AddBlogGrpcClient<Users.V1.Relations.RelationsClient>("users");
        builder.Services.AddBlogGrpcClient<Notifications.V1.Notifications.NotificationsClient>("notifications");
        builder.Services.AddBlogGrpcClient<Notifications.V1.Newsletters.NewslettersClient>("notifications");
        builder.Services.AddBlogGrpcClient<Notifications.V1.Push.PushClient>("notifications");
        builder.Services.AddBlogGrpcClient<Notifications.V1.Hub.HubClient>("notifications");

        builder.Services.AddExportedSite();

        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemMapping.Complete);
        builder.Services.AddExceptionHandler<ProblemMapping>();
        builder.Services.AddBlogOpenApi();
        return builder;
    }

    public static WebApplication MapJsonApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1")
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapArticles();
        api.MapPeople();
        api.MapPublications();
        api.MapOpenWeb();
        api.MapClaps();
        api.MapResponses();
        api.MapRelations();
        api.MapLists();
        api.MapHighlights();
        api.MapGifts();
        api.MapDrafts();
        api.MapSeries();
        api.MapNewsletters();
        api.MapPush();
        api.MapSearch();
        api.MapRecommendations();
        app.MapNewsletterForms();
        app.MapWebSub();
        app.MapWellKnown();

        var me = api.MapGroup("/me").RequireAuthorization().AddEndpointFilter(NeverStored)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        me.MapMe();
        me.MapMyArticles();
        me.MapMyAuthors();
        me.MapMyLinks();
        me.MapInvitations();
        me.MapRevisions();
        me.MapMyReviews();
        me.MapMySeries();
        me.MapMyTranslations();
        me.MapMyPublications();
        me.MapSubmissions();
        me.MapMyMedia();
        me.MapMyImports();
        me.MapMyExport();
        me.MapReader();
        me.MapMyClaps();
        me.MapMyResponses();
        me.MapMyLists();
        me.MapHistory();
        me.MapMyHighlights();
        me.MapMyGifts();
        me.MapFeed();
        me.MapMyRelations();
        me.MapNotifications();
        me.MapMyNewsletter();
        me.MapMyPush();
        me.MapMySearch();
        me.MapForYou();
        return app;
    }

    static ValueTask<object?> NeverStored(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        call.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(call);
    }

    /// <summary>A repetition of a command is recognised by the service that carries it out; the key is handed on to it.</summary>
    sealed class IdempotencyKeyHandler(IHttpContextAccessor http) : DelegatingHandler
    {
        const int MaxLength = 200;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var key = http.HttpContext?.Request.Headers["Idempotency-Key"].ToString();
            if (key is { Length: > 0 and <= MaxLength }) request.Headers.TryAddWithoutValidation("idempotency-key", key);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
