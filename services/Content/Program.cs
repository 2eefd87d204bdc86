using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Content.Media;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<ContentDbContext>("content");
builder.AddOutboxRelay("content");
builder.AddObjectStorage();
builder.Services.AddScoped<ArticleRendering>();
builder.Services.AddSingleton<RenderSlots>();
builder.Services.AddSingleton<UploadSlots>();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<ArticlesService>();
app.MapGrpcService<MediaService>();
app.MapMedia();
app.MapDefaultEndpoints();
app.Run();
