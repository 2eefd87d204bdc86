using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Data;
using Blog.Users.Profiles;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.Services.AddDbContextPool<UsersDbContext>(options => options.UseNpgsql(builder.Configuration.GetConnectionString("users"), npgsql => npgsql.EnableRetryOnFailure(3)));
builder.AddSqlMigrations<UsersDbContext>("users");
builder.AddOutboxRelay("users");

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<ProfilesService>();
app.MapDefaultEndpoints();
app.Run();
