using System.Reflection;
using Blog.StandIns.Tests.Greeting;
using Blog.Testing;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.StandIns.Tests.Grpc;

public sealed class ClientFactoryTests
{
    const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static ServiceProvider Services(Uri address, Action<IHttpClientBuilder> configure, params (string Key, string Value)[] configuration)
    {
        var services = new ServiceCollection().AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build());
        configure(services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = address));
        return services.BuildServiceProvider();
    }

    [Fact]
    public async Task A_client_finds_its_service_by_name_and_takes_turns_over_replicas()
    {
        await using var first = await GreeterHost.StartAsync();
        await using var second = await GreeterHost.StartAsync();
        await using var services = Services(new Uri("http://_grpc.greeter"), client =>
        {
            client.Services.ConfigureHttpClientDefaults(http =>
            {
                http.AddStandardResilienceHandler();
                http.AddServiceDiscovery();
            });
        }, ("services:greeter:grpc:0", first.Address.ToString()), ("services:greeter:grpc:1", second.Address.ToString()));

        for (var i = 0; i < 4; i++)
            (await services.GetRequiredService<Greeter.GreeterClient>().SayHelloAsync(new HelloRequest { Name = "x" }, cancellationToken: Cancel)).Message.ShouldBe("Hello x");

        first.Calls("SayHello").ShouldBe(2);
        second.Calls("SayHello").ShouldBe(2);
    }

    [Fact]
    public async Task A_call_to_a_dead_replica_goes_to_the_next()
    {
        await using var alive = await GreeterHost.StartAsync();
        await using var services = Services(new Uri("http://_grpc.greeter"), client =>
        {
            client.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
            client.AddServiceDiscovery();
        }, ("services:greeter:grpc:0", $"http://127.0.0.1:{BrokerFixture.FreePort()}"), ("services:greeter:grpc:1", alive.Address.ToString()));

        for (var i = 0; i < 4; i++)
            (await services.GetRequiredService<Greeter.GreeterClient>().SayHelloAsync(new HelloRequest { Name = "x" }, cancellationToken: Cancel)).Message.ShouldBe("Hello x");
    }

    [Fact]
    public async Task Interceptors_live_as_long_as_was_said_and_run_in_order()
    {
        await using var host = await GreeterHost.StartAsync();
        var (shared, own) = (0, 0);
        await using var services = Services(host.Address, client => client
            .AddInterceptor(_ => new Tagging($"shared-{++shared}"))
            .AddInterceptor(InterceptorScope.Client, _ => new Tagging($"own-{++own}")));

        await Tags();
        (await Tags()).ShouldBe("shared-1,own-2");

        async Task<string> Tags()
        {
            using var scope = services.CreateScope();
            return (await scope.ServiceProvider.GetRequiredService<Greeter.GreeterClient>().LookAsync(new LookRequest(), cancellationToken: Cancel)).Metadata["x-tags"];
        }
    }

    [Fact]
    public async Task Call_credentials_come_from_the_scope_of_the_client()
    {
        await using var host = await GreeterHost.StartAsync();
        await using var services = Services(host.Address, client =>
        {
            client.Services.AddScoped<Who>();
            client.ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true);
            client.AddCallCredentials((_, metadata, scope) =>
            {
                metadata.Add("authorization", $"Bearer {scope.GetRequiredService<Who>().Name}");
                return Task.CompletedTask;
            });
        });
        using var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<Who>().Name = "ada";

        var seen = await scope.ServiceProvider.GetRequiredService<Greeter.GreeterClient>().LookAsync(new LookRequest(), cancellationToken: Cancel);

        seen.Metadata["authorization"].ShouldBe("Bearer ada");
    }

    [Fact]
    public async Task Context_propagation_lets_the_link_to_a_long_lived_token_go()
    {
        await using var back = await GreeterHost.StartAsync();
        using var longLived = new CancellationTokenSource();
        await using var front = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddGrpc();
            builder.Services.AddSingleton(longLived);
            builder.Services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = back.Address).EnableCallContextPropagation();
        }, app => app.MapGrpcService<Relaying>(), HttpProtocols.Http2);
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(front.Address);

        for (var i = 0; i < 5; i++) await new Greeter.GreeterClient(channel).RelayAsync(new SlowRequest { DelayMs = 1 }, cancellationToken: Cancel);

        // There is no public way to see who is registered with a token.
        var registrations = typeof(CancellationTokenSource).GetField("_registrations", Private)!.GetValue(longLived);
        registrations.ShouldNotBeNull("calls were linked to it");
        registrations.GetType().GetField("Callbacks")!.GetValue(registrations).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_outside_the_serving_of_one_fails_unless_that_is_allowed()
    {
        await using var host = await GreeterHost.StartAsync();
        await using var strict = Services(host.Address, client => client.EnableCallContextPropagation());
        await using var lenient = Services(host.Address, client => client.EnableCallContextPropagation(options => options.SuppressContextNotFoundErrors = true));

        Should.Throw<InvalidOperationException>(() => strict.GetRequiredService<Greeter.GreeterClient>().SayHelloAsync(new HelloRequest(), cancellationToken: Cancel));
        (await lenient.GetRequiredService<Greeter.GreeterClient>().SayHelloAsync(new HelloRequest(), cancellationToken: Cancel)).Message.ShouldBe("Hello ");
    }

    sealed class Who
    {
        public string Name { get; set; } = "";
    }

    sealed class Relaying(Greeter.GreeterClient next, CancellationTokenSource longLived) : Greeter.GreeterBase
    {
        public override async Task<HelloReply> Relay(SlowRequest request, ServerCallContext context)
        {
            using var stream = next.Count(new CountRequest { To = 3 }, cancellationToken: longLived.Token);
            await foreach (var _ in stream.ResponseStream.ReadAllAsync(longLived.Token)) { }
            return await next.SlowAsync(request, cancellationToken: longLived.Token);
        }
    }

    sealed class Tagging(string tag) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var headers = new Metadata();
            var tags = context.Options.Headers?.GetValue("x-tags");
            headers.Add("x-tags", tags is null ? tag : $"{tags},{tag}");
            return continuation(request, new(context.Method, context.Host, context.Options.WithHeaders(headers)));
        }
    }
}
