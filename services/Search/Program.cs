using Blog.Events.V1;
using Blog.Search;
using Blog.Search.Data;
using Blog.Search.Engines;
using Blog.Search.Finding;
using Blog.Search.Indexing;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.ReadModels;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<SearchDbContext>("search");
builder.AddEventConsumer<SearchDbContext>("search", events => events
    .HandleIndexing()
    .Handle<RelationChanged, RelationHandler<SearchDbContext>>(Topics.Relations));
builder.AddIndexing();
builder.Services.Configure<SearchOptions>(builder.Configuration.GetSection("Blog:Search"));
builder.AddSearchEngine();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<FinderService>();
app.MapGrpcService<IndexingService>();
app.MapDefaultEndpoints();
app.Run();
