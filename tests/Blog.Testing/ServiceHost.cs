using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.Testing;

/// <summary>
/// A service of the platform as it runs in production, in this process: on Kestrel, with its two endpoints on free ports. The
/// settings go before every other configuration.
/// </summary>
/// <param name="settings">Configuration, such as connection strings.</param>
/// <param name="configure">Replaces services, such as the clock.</param>
public sealed class ServiceHost<TProgram>(IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? configure = null) : WebApplicationFactory<TProgram>
    where TProgram : class
{
    readonly List<GrpcChannel> channels = [];

    /// <summary>Starts it; returns when it listens.</summary>
    public ServiceHost<TProgram> Start()
    {
        UseKestrel();
        StartServer();
        return this;
    }

    /// <summary>The address of the HTTP/1.1 endpoint.</summary>
    public Uri HttpAddress => new(Addresses.Last());

    /// <summary>The address of the HTTP/2 endpoint.</summary>
    public Uri GrpcAddress => new(Addresses.First());

    // Kestrel reads its endpoints in the order of their names: grpc, http.
    ICollection<string> Addresses => Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <summary>A call invoker for generated gRPC clients, sending a token with each call or none.</summary>
    public CallInvoker CallInvoker(string? token = null)
    {
        var channel = GrpcChannel.ForAddress(GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = 16 * 1024 * 1024 });
        channels.Add(channel);
        var invoker = channel.CreateCallInvoker();
        return token is null ? invoker : invoker.Intercept(metadata =>
        {
            metadata.Add("Authorization", "Bearer " + token);
            return metadata;
        });
    }

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0");
        builder.UseSetting("Kestrel:Endpoints:http:Protocols", "Http1");
        builder.UseSetting("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0");
        builder.UseSetting("Kestrel:Endpoints:grpc:Protocols", "Http2");
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
        builder.ConfigureLogging(logging =>
        {
            logging.ClearProviders();
            // To see why a test fails: BLOG_TEST_LOG=1.
            if (Environment.GetEnvironmentVariable("BLOG_TEST_LOG") is not null)
                logging.AddConsole();
        });
    }

    /// <inheritdoc/>
    protected override IHost CreateHost(IHostBuilder builder)
    {
        // After the test host's own registrations, of which the server is one.
        if (configure is not null)
            builder.ConfigureServices(configure);
        return base.CreateHost(builder);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        await base.DisposeAsync();
    }
}
