using Blog.Identity.Accounts;
using Blog.Identity.Data;
using Blog.Identity.OpenId;
using Blog.Identity.Pages;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Microsoft.AspNetCore.DataProtection;

// Pages and fonts lie beside the assembly, whatever the working directory is.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
// Its own tokens it fetches from itself.
builder.Configuration["services:identity:http:0"] ??= builder.Configuration["Kestrel:Endpoints:http:Url"];

builder.AddServiceDefaults();
builder.AddServiceDatabase<AccountsDbContext>("identity");
builder.Services.AddDataProtection().SetApplicationName("Blog.Identity").PersistKeysToDatabase();
builder.Services.AddBlogGrpcClient<Blog.Users.V1.Users.UsersClient>("users", CallAs.Service);
builder.AddAccounts();
builder.AddOpenId();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddAccountPages();

var app = builder.Build();
app.UsePublicOrigin();
app.UsePageHeaders();
app.UseExceptionHandler("/account/error");
app.UseStatusCodePagesWithReExecute("/account/error", "?status={0}");
app.UseAccountFiles();
app.UseRouting();
app.UseIdentityServer();
app.UseAuthorization();
app.MapRazorPages();
app.MapGrpcService<ContactsService>();
app.MapDefaultEndpoints();
app.Run();
