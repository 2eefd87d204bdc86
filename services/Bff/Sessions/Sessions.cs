using Blog.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Authentication;
using StackExchange.Redis;

namespace Blog.Bff.Sessions;

static class SessionServices
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        // Redis away means slower and alone, not unready: there is no health check on it.
        builder.AddRedisClient("cache", settings => settings.DisableHealthChecks = true, redis =>
        {
            redis.AbortOnConnectFail = false;
            redis.ConnectTimeout = 1000;
            redis.AsyncTimeout = 1000;
            redis.SyncTimeout = 1000;
            redis.BacklogPolicy = BacklogPolicy.FailFast;
            redis.ReconnectRetryPolicy = new LinearRetry(500);
        });
        builder.Services.AddSingleton<RedisLink>();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SessionStore>());
        builder.Services.AddSingleton<SessionTokens>();
        builder.Services.AddSingleton<OpenIdClient>();
        builder.Services.AddSingleton<SeenLogoutTokens>();
        builder.Services.AddSingleton<KnownProfiles>();
        builder.Services.AddScoped<ProfileLookup>();
        builder.Services.AddScoped<CurrentPerson>();
        builder.Services.AddSingleton<ICallerToken, TokenOfSession>();
        builder.Services.AddHttpClient(nameof(OpenIdClient), client => client.Timeout = TimeSpan.FromSeconds(10));
        builder.Services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        builder.Services.AddAuthorization();
    }

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        app.MapSignIn();
        app.MapSignOut();
        app.MapUser();
    }
}
