using Blog.Archives.Importing;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Net;

namespace Blog.Content.Imports;

static class ImportRegistration
{
    /// <summary>Imports through the web. <c>Blog:Import:AllowLoopback</c> is for tests: pictures may come from this machine.</summary>
    public static IHostApplicationBuilder AddImports(this IHostApplicationBuilder builder)
    {
        var loopback = builder.Configuration.GetValue<bool>("Blog:Import:AllowLoopback");
        builder.Services.AddSingleton<ImportBell>();
        builder.Services.AddScoped<ArchiveStore>();
        builder.Services.AddKeyedSingleton("imports", (_, _) => new PublicInternet(loopback).CreateClient());
        builder.Services.AddTransient(services => new WebPictures(services.GetRequiredKeyedService<HttpClient>("imports"), anyPort: loopback));
        builder.Services.AddBlogGrpcClient<Portability.PortabilityClient>("interactions", CallAs.Service);
        builder.Services.AddBlogGrpcClient<Users.V1.Users.UsersClient>("users", CallAs.Service);
        builder.Services.AddHostedService<ImportWorker>();
        return builder;
    }
}
