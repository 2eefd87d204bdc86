using Blog.StandIns.Tests.Greeting;
using Blog.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Blog.StandIns.Tests.Grpc;

/// <summary>The official client and server, with the stand-ins between them.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    GreeterHost _host = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    Greeter.GreeterClient Client => _host.Client;

    public async ValueTask InitializeAsync() => _host = await GreeterHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_unary_call_answers()
    {
        (await Client.SayHelloAsync(new HelloRequest { Name = "Ada" }, cancellationToken: Cancel)).Message.ShouldBe("Hello Ada");
        Client.SayHello(new HelloRequest { Name = "Bob" }, cancellationToken: Cancel).Message.ShouldBe("Hello Bob");
        (await Client.WithHost("other").SayHelloAsync(new HelloRequest { Name = "Cy" }, cancellationToken: Cancel)).Message.ShouldBe("Hello Cy");
    }

    [Fact]
    public async Task Interceptors_see_calls_on_both_sides()
    {
        var client = new Greeter.GreeterClient(_host.Channel.Intercept(headers =>
        {
            headers.Add("x-token", "t1");
            return headers;
        }));

        using var call = client.LookAsync(new LookRequest(), new Metadata { { "X-Upper", "v" }, { "x-raw-bin", new byte[] { 0, 255, 16 } } }, cancellationToken: Cancel);
        var seen = (await call).Metadata;

        seen["x-token"].ShouldBe("t1");
        seen["x-upper"].ShouldBe("v");
        seen["x-raw-bin"].ShouldBe("00FF10");
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        call.GetTrailers().GetValue("x-intercepted").ShouldBe("/greeter.v1.Greeter/Look");
    }

    [Fact]
    public async Task A_server_stream_brings_headers_messages_and_trailers()
    {
        using var call = Client.Count(new CountRequest { To = 100 }, cancellationToken: Cancel);

        (await call.ResponseHeadersAsync).GetValue("x-start").ShouldBe("now");
        var messages = await call.ResponseStream.ReadAllAsync(Cancel).Select(reply => reply.Message).ToListAsync(Cancel);
        messages.ShouldBe(Enumerable.Range(1, 100).Select(i => $"{i}"));
        call.GetTrailers().GetValue("x-count").ShouldBe("100");
    }

    [Fact]
    public async Task A_client_stream_is_summed()
    {
        using var call = Client.Sum(cancellationToken: Cancel);
        for (var i = 1; i <= 1000; i++) await call.RequestStream.WriteAsync(new Number { Value = i }, Cancel);
        await call.RequestStream.CompleteAsync();

        (await call).Value.ShouldBe(500500);
    }

    [Fact]
    public async Task Both_sides_stream_in_turn()
    {
        using var call = Client.Chat(cancellationToken: Cancel);
        for (var i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(new HelloRequest { Name = $"m{i}" }, Cancel);
            (await call.ResponseStream.MoveNext(Cancel)).ShouldBeTrue();
            call.ResponseStream.Current.Message.ShouldBe($"> m{i}");
        }
        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext(Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_status_carries_its_detail_and_trailers()
    {
        var failure = await Should.ThrowAsync<RpcException>(() => Client.FailAsync(new HelloRequest { Name = "x" }, cancellationToken: Cancel).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.NotFound);
        failure.Status.Detail.ShouldBe("nothing called 'x' é%");
        failure.Trailers.GetValue("x-reason").ShouldBe("no such");
        failure.Trailers.GetValueBytes("x-detail-bin").ShouldBe([0, 1, 254, 255]);
    }

    [Fact]
    public async Task An_unhandled_exception_does_not_tell_its_message()
    {
        var failure = await Should.ThrowAsync<RpcException>(() => Client.SayHelloAsync(new HelloRequest { Name = "boom" }, cancellationToken: Cancel).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.Unknown);
        failure.Status.Detail.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await Client.SlowAsync(new SlowRequest(), cancellationToken: Cancel); // connected, so that the time is the service's

        var failure = await Should.ThrowAsync<RpcException>(() =>
            Client.SlowAsync(new SlowRequest { DelayMs = 600_000 }, deadline: DateTime.UtcNow.AddSeconds(1.5), cancellationToken: Cancel).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        (await Client.CancelledAsync(1)).ShouldBe(1);
    }

    [Fact]
    public async Task A_deadline_travels_through_a_service_to_the_next()
    {
        (await Client.RelayAsync(new SlowRequest { DelayMs = 1 }, cancellationToken: Cancel)).Message.ShouldBe("slept");

        var failure = await Should.ThrowAsync<RpcException>(() =>
            Client.RelayAsync(new SlowRequest { DelayMs = 600_000 }, deadline: DateTime.UtcNow.AddSeconds(1.5), cancellationToken: Cancel).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        (await Client.CancelledAsync(1)).ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_stream_stops_the_server()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var call = Client.Count(new CountRequest { To = 1_000_000, DelayMs = 5 }, cancellationToken: stop.Token);
        await call.ResponseStream.MoveNext(Cancel);
        await stop.CancelAsync();

        var failure = await Should.ThrowAsync<RpcException>(async () => { await foreach (var _ in call.ResponseStream.ReadAllAsync(Cancel)) { } });

        failure.StatusCode.ShouldBe(StatusCode.Cancelled);
        (await Client.CancelledAsync(1)).ShouldBe(1);
    }

    [Fact]
    public async Task Messages_are_compressed_in_both_directions()
    {
        var name = new string('z', 100_000);
        using var call = Client.SayHelloAsync(new HelloRequest { Name = name }, new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Cancel);
        (await call).Message.Length.ShouldBe(name.Length + "Hello ".Length);

        // What went over the wire: one frame, flagged as compressed, far shorter than the message.
        using var http = new HttpClient();
        var message = new HelloRequest { Name = name }.ToByteArray();
        byte[] frame = [0, .. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(message.Length)), .. message];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, "/greeter.v1.Greeter/SayHello"))
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new("application/grpc") } },
            Headers = { { "te", "trailers" }, { "grpc-accept-encoding", "gzip" } },
        };
        using var response = await http.SendAsync(request, Cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        response.Headers.GetValues("grpc-encoding").ShouldBe(["gzip"]);
        bytes[0].ShouldBe((byte)1);
        bytes.Length.ShouldBeLessThan(2000);
        response.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        var failure = await Should.ThrowAsync<RpcException>(() => Client.SayHelloAsync(new HelloRequest { Name = new string('z', 5 << 20) }, cancellationToken: Cancel).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task An_unknown_method_is_unimplemented_and_an_absent_server_unavailable()
    {
        var nope = new Method<HelloRequest, HelloReply>(MethodType.Unary, "greeter.v1.Greeter", "Nope",
            Marshallers.Create<HelloRequest>(MessageExtensions.ToByteArray, HelloRequest.Parser.ParseFrom),
            Marshallers.Create<HelloReply>(MessageExtensions.ToByteArray, HelloReply.Parser.ParseFrom));
        (await Should.ThrowAsync<RpcException>(() => _host.Channel.CreateCallInvoker().AsyncUnaryCall(nope, null, new CallOptions(cancellationToken: Cancel), new HelloRequest()).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.Unimplemented);

        using var nobody = GrpcChannel.ForAddress($"http://127.0.0.1:{BrokerFixture.FreePort()}");
        (await Should.ThrowAsync<RpcException>(() => new Greeter.GreeterClient(nobody).SayHelloAsync(new HelloRequest(), cancellationToken: Cancel).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Retries_of_a_service_configuration_are_made()
    {
        using var channel = GrpcChannel.ForAddress(_host.Address, new GrpcChannelOptions
        {
            ServiceConfig = new ServiceConfig
            {
                MethodConfigs =
                {
                    new MethodConfig
                    {
                        Names = { MethodName.Default },
                        RetryPolicy = new RetryPolicy
                        {
                            MaxAttempts = 3,
                            InitialBackoff = TimeSpan.FromMilliseconds(1),
                            MaxBackoff = TimeSpan.FromMilliseconds(2),
                            BackoffMultiplier = 1,
                            RetryableStatusCodes = { StatusCode.NotFound },
                        },
                    },
                },
            },
        });
        using var call = new Greeter.GreeterClient(channel).FailAsync(new HelloRequest(), cancellationToken: Cancel);

        (await Should.ThrowAsync<RpcException>(() => call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
        _host.Calls("Fail").ShouldBe(3);
    }

    [Fact]
    public async Task A_channel_with_a_resolver_balances_and_tells_its_state()
    {
        using var channel = GrpcChannel.ForAddress($"dns:///localhost:{_host.Address.Port}", new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Insecure,
            ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } },
        });
        await channel.ConnectAsync(Cancel);

        channel.State.ShouldBe(ConnectivityState.Ready);
        (await new Greeter.GreeterClient(channel).SayHelloAsync(new HelloRequest { Name = "lb" }, cancellationToken: Cancel)).Message.ShouldBe("Hello lb");
    }

    [Fact]
    public async Task Call_credentials_are_composed()
    {
        using var channel = GrpcChannel.ForAddress(_host.Address, new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });
        var credentials = CallCredentials.Compose(Adding("authorization", "Bearer x"), Adding("x-b", "2"));

        var seen = (await new Greeter.GreeterClient(channel).LookAsync(new LookRequest(), new CallOptions(credentials: credentials, cancellationToken: Cancel))).Metadata;

        seen["authorization"].ShouldBe("Bearer x");
        seen["x-b"].ShouldBe("2");

        static CallCredentials Adding(string name, string value) => CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add(name, value);
            return Task.CompletedTask;
        });
    }
}
