using Blog.Events.V1;
using Blog.Interactions.Articles;
using Blog.Interactions.Claps;
using Blog.Interactions.Data;
using Blog.Interactions.Gifts;
using Blog.Interactions.Highlights;
using Blog.Interactions.History;
using Blog.Interactions.Lists;
using Blog.Interactions.Portability;
using Blog.ServiceDefaults.ReadModels;
using Blog.Interactions.Responses;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<InteractionsDbContext>("interactions");
builder.AddStoredAnswers<InteractionsDbContext>();
builder.AddOutboxRelay("interactions");
builder.AddEventConsumer<InteractionsDbContext>("interactions", events => events
    .Handle<ArticleChanged, ArticleChangedHandler>(Topics.Articles)
    .Handle<RelationChanged, RelationHandler<InteractionsDbContext>>(Topics.Relations));
builder.Services.AddBlogGrpcClient<Blog.Content.V1.Articles.ArticlesClient>("content", CallAs.Service);
builder.Services.AddBlogGrpcClient<Blog.Users.V1.Users.UsersClient>("users", CallAs.Service);
builder.Services.AddScoped<PublishedArticles>();
builder.Services.AddScoped<ListsService>();
builder.Services.AddHostedService<ForgetDeletedLists>();
builder.Services.AddScoped<ArticleTexts>();
builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<AnchoringWorker>(services, builder.Configuration.DatabaseConnection("interactions").ConnectionString));

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<ClapsService>();
app.MapGrpcService<ListsService>();
app.MapGrpcService<HistoryService>();
app.MapGrpcService<ResponsesService>();
app.MapGrpcService<HighlightsService>();
app.MapGrpcService<GiftsService>();
app.MapGrpcService<PortabilityService>();
app.MapDefaultEndpoints();
app.Run();
