using Blog.Bff.Api;
using Blog.Bff.Cache;
using Blog.Bff.Sessions;
using Blog.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddJsonApi();
builder.Services.AddSingleton<PageCache>();
builder.Services.AddSingleton<ProfileLookup>();
builder.Services.AddScoped<CurrentPerson>();

var app = builder.Build();
app.UseExceptionHandler();
app.MapJsonApi();
app.MapUser();
app.MapDefaultEndpoints();

if (await app.WriteIfAskedAsync(args)) return;
await app.RunAsync();
