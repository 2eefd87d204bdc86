using System.IO.Compression;
using Blog.StandIns.Tests.Greeting;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Blog.StandIns.Tests.Grpc;

/// <summary>A gRPC server on a free port, with everything on: interceptor, gzip, health, reflection, and a client to itself.</summary>
sealed class GreeterHost : IAsyncDisposable
{
    readonly TestHost _host;

    GreeterHost(TestHost host)
    {
        _host = host;
        Channel = GrpcChannel.ForAddress(host.Address);
        Client = new Greeter.GreeterClient(Channel);
    }

    public GrpcChannel Channel { get; }
    public Greeter.GreeterClient Client { get; }
    public WebApplication Application => _host.Application;
    public Uri Address => _host.Address;

    /// <summary>How often a method was called.</summary>
    public int Calls(string method) => Application.Services.GetRequiredService<MethodCalls>().Of(method);

    public static async Task<GreeterHost> StartAsync(Func<HealthCheckResult>? health = null)
    {
        Uri? address = null;
        var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<CancelledCalls>();
            builder.Services.AddSingleton<MethodCalls>();
            builder.Services.AddGrpc(options =>
            {
                options.Interceptors.Add<TrailerInterceptor>();
                options.ResponseCompressionAlgorithm = "gzip";
                options.ResponseCompressionLevel = CompressionLevel.Fastest;
            });
            builder.Services.AddGrpcReflection();
            builder.Services.AddGrpcHealthChecks(options => options.Services.Map("greeter.v1.Greeter", check => check.Tags.Contains("greeter")))
                .AddCheck("greeter", () => health?.Invoke() ?? HealthCheckResult.Healthy(), ["greeter"]);
            builder.Services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = address).EnableCallContextPropagation();
        }, app =>
        {
            app.MapGrpcService<GreeterService>();
            app.MapGrpcHealthChecksService();
            app.MapGrpcReflectionService();
        }, HttpProtocols.Http2);
        address = host.Address;
        return new GreeterHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _host.DisposeAsync();
    }
}

static class GreeterClientExtensions
{
    /// <summary>Waits until so many calls were cancelled on the server, and says how many were.</summary>
    public static async Task<int> CancelledAsync(this Greeter.GreeterClient client, int atLeast)
        => (await client.LookAsync(new LookRequest { CancelledAtLeast = atLeast }, deadline: DateTime.UtcNow.AddSeconds(30), cancellationToken: TestContext.Current.CancellationToken)).Cancelled;
}
