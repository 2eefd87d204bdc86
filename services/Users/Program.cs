using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Data;
using Blog.Users.Profiles;
using Blog.Users.Relations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<UsersDbContext>("users");
builder.AddOutboxRelay("users");
builder.Services.AddScoped<Follows>();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<ProfilesService>();
app.MapGrpcService<RelationsService>();
app.MapDefaultEndpoints();
app.Run();
