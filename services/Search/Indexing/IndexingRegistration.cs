using Blog.Content.V1;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.V1;

namespace Blog.Search.Indexing;

/// <summary>How documents get into the index.</summary>
static class IndexingRegistration
{
    /// <summary>The events that tell of things to be found.</summary>
    public static EventSubscriptions HandleIndexing(this EventSubscriptions events) => events
        .Handle<ArticleChanged, ArticleChangedHandler>(Topics.Articles)
        .Handle<DraftChanged, DraftChangedHandler>(Topics.Drafts)
        .Handle<PublicationChanged, PublicationChangedHandler>(Topics.Publications)
        .Handle<ProfileChanged, ProfileChangedHandler>(Topics.Profiles)
        .Handle<FollowChanged, FollowChangedHandler>(Topics.Follows)
        .Handle<ClapsChanged, ClapsChangedHandler>(Topics.Claps)
        .Handle<ResponseChanged, ResponseChangedHandler>(Topics.Responses);

    /// <summary>The workers that fetch what changed and put it into the engine.</summary>
    public static IHostApplicationBuilder AddIndexing(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.Configure<IndexingOptions>(builder.Configuration.GetSection("Blog:Search:Indexing"));
        services.AddBlogGrpcClient<Texts.TextsClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Articles.ArticlesClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Publications.PublicationsClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Users.V1.Users.UsersClient>("users", CallAs.Service);
        services.AddBlogGrpcClient<Relations.RelationsClient>("users", CallAs.Service);
        services.AddSingleton<IndexingDatabase>();
        services.AddScoped<DocumentSource>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<Rebuilds>();
        services.AddSingleton<IndexingNotices>();
        services.AddHostedService(provider => provider.GetRequiredService<IndexingNotices>());
        services.AddSingleton<IndexingWorkers>();
        services.AddHostedService(provider => provider.GetRequiredService<IndexingWorkers>());
        return builder;
    }
}
