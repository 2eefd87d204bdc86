using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Data;
using Blog.Users.Profiles;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<UsersDbContext>("users");
builder.AddOutboxRelay("users");

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<ProfilesService>();
app.MapDefaultEndpoints();
app.Run();
