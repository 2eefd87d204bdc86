namespace Blog.Bff.Live;

static class LiveServices
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<LiveOptions>(builder.Configuration.GetSection("Blog:Live"));
        builder.Services.AddScoped<NotificationItems>();
        builder.Services.AddSingleton<LiveBells>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveBells>());
    }
}
