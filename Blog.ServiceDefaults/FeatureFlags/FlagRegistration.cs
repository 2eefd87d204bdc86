using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using FlagsClient = Blog.Flags.V1.Flags.FlagsClient;

namespace Blog.ServiceDefaults.FeatureFlags;

/// <summary>How a service comes to know flags.</summary>
public static class FlagRegistration
{
    /// <summary><c>IVariantFeatureManager</c> answers for every <see cref="Flag"/>, as operators set them (by the service recommendations, which keeps them).</summary>
    public static IHostApplicationBuilder AddFeatureFlags(this IHostApplicationBuilder builder)
    {
        builder.AddFlagStates();
        builder.Services.Configure<FlagOptions>(builder.Configuration.GetSection("Blog:Flags"));
        builder.Services.AddBlogGrpcClient<FlagsClient>("recommendations");
        builder.Services.AddHostedService<FlagFollower>();
        return builder;
    }

    /// <summary>The same for the service that keeps the flags, which calls <see cref="FlagStates.Set"/> itself.</summary>
    public static IHostApplicationBuilder AddFlagStates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddFeatureManagement().WithTargeting<Caller>();
        builder.Services.AddSingleton<FlagStates>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IFeatureDefinitionProvider>(services => services.GetRequiredService<FlagStates>()));
        return builder;
    }

    /// <summary>For whom a flag is asked: the signed-in person; of who is not signed in only the address is known, and it is not kept.</summary>
    sealed class Caller(IHttpContextAccessor http) : ITargetingContextAccessor
    {
        public ValueTask<TargetingContext> GetContextAsync() => new(new TargetingContext
        {
            UserId = http.HttpContext is { } call ? call.User.PersonId()?.ToString() ?? call.Connection.RemoteIpAddress?.ToString() ?? "" : "",
        });
    }
}
