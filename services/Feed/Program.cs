using Blog.Events.V1;
using Blog.Feed;
using Blog.Feed.Articles;
using Blog.Feed.Data;
using Blog.Feed.People;
using Blog.Feed.Reading;
using Blog.Feed.Sources;
using Blog.Feed.Spreading;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<FeedDbContext>("feed");
builder.AddEventConsumer<FeedDbContext>("feed", events => events
    .Handle<ArticleChanged, ArticleChangedHandler>(Topics.Articles)
    .Handle<FollowChanged, FollowChangedHandler>(Topics.Follows)
    .Handle<RelationChanged, RelationChangedHandler>(Topics.Relations));
builder.Services.Configure<FeedOptions>(builder.Configuration.GetSection("Blog:Feed"));
builder.Services.AddSingleton<FeedDatabase>();
builder.Services.AddSingleton<BigSources>();
builder.Services.AddSingleton<FeedReader>();
builder.Services.AddSingleton<FeedNotices>();
builder.Services.AddHostedService(services => services.GetRequiredService<FeedNotices>());
builder.Services.AddSingleton<Workers>();
builder.Services.AddHostedService(services => services.GetRequiredService<Workers>());

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<HomeFeedService>();
app.MapDefaultEndpoints();
app.Run();
