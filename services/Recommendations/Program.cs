using Blog.Events.V1;
using Blog.Recommendations;
using Blog.Recommendations.Articles;
using Blog.Recommendations.Data;
using Blog.Recommendations.Experiments;
using Blog.Recommendations.People;
using Blog.Recommendations.Ranking;
using Blog.Recommendations.Serving;
using Blog.Recommendations.Shelves;
using Blog.Recommendations.Signals;
using Blog.Recommendations.Similarity;
using Blog.Recommendations.Switches;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.FeatureFlags;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.ReadModels;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<RecommendationsDbContext>("recommendations");
builder.AddOutboxRelay("recommendations");
builder.AddFlagStates();
builder.AddEventConsumer<RecommendationsDbContext>("recommendations", events => events
    .Handle<ArticleChanged, ArticleChangedHandler>(Topics.Articles)
    .Handle<FollowChanged, FollowChangedHandler>(Topics.Follows)
    .Handle<RelationChanged, RelationHandler<RecommendationsDbContext>>(Topics.Relations)
    .Handle<ReadingChanged, ReadingHandler>(Topics.Reads)
    .Handle<SaveChanged, SaveHandler>(Topics.Saves)
    .Handle<ClapsChanged, ClapsHandler>(Topics.Claps)
    .Handle<ResponseChanged, ResponseHandler>(Topics.Responses)
    .Handle<HighlightChanged, HighlightHandler>(Topics.Highlights));
builder.Services.AddBlogGrpcClient<Blog.Content.V1.Articles.ArticlesClient>("content", CallAs.Service);
builder.Services.Configure<RecommendationsOptions>(builder.Configuration.GetSection("Blog:Recommendations"));
builder.Services.AddSingleton<RecommendationsDatabase>();
builder.Services.AddScoped<SignalWriter>();
builder.Services.AddSingleton<Formulas>();
builder.Services.AddSingleton<Switchboard>();
builder.Services.AddHostedService(services => services.GetRequiredService<Switchboard>());
builder.Services.AddSingleton<Assignments>();
builder.Services.AddSingleton<Exposures>();
builder.Services.AddHostedService(services => services.GetRequiredService<Exposures>());
builder.Services.AddScoped<Outcomes>();
builder.Services.AddScoped<FlagsService>();
builder.Services.AddScoped<ExperimentsService>();
builder.Services.AddSingleton<Profiles>();
builder.Services.AddSingleton<Catalogue>();
builder.Services.AddHostedService(services => services.GetRequiredService<Catalogue>());
builder.Services.AddSingleton<Impressions>();
builder.Services.AddHostedService(services => services.GetRequiredService<Impressions>());
builder.Services.AddSingleton<TextWorker>();
builder.Services.AddHostedService(services => services.GetRequiredService<TextWorker>());
builder.Services.AddSingleton<AudienceWorker>();
builder.Services.AddHostedService(services => services.GetRequiredService<AudienceWorker>());

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<ForYouService>();
app.MapGrpcService<DiscoveryService>();
app.MapGrpcService<FlagsService>();
app.MapGrpcService<ExperimentsService>();
app.MapExperimentsPage();
app.MapDefaultEndpoints();
app.Run();
