using System.Net;
using System.Net.ServerSentEvents;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Blog.StandIns.Tests;

/// <summary>The official proxy over our hash and our service discovery, in front of two replicas.</summary>
public sealed class YarpTests : IAsyncLifetime
{
    TestHost _first = null!, _second = null!, _grpc = null!, _proxy = null!, _proxy2 = null!;
    readonly HttpClient _http = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await BackEnd("first", HttpProtocols.Http1);
        _second = await BackEnd("second", HttpProtocols.Http1);
        _grpc = await BackEnd("grpc", HttpProtocols.Http2);
        _proxy = await Proxy(HttpProtocols.Http1);
        _proxy2 = await Proxy(HttpProtocols.Http2);
    }

    static Task<TestHost> BackEnd(string name, HttpProtocols protocols) => TestHost.StartAsync(
        _ => { },
        app =>
        {
            app.UseWebSockets();
            app.MapGet("/who", (HttpContext http) => $"{name} {http.Request.Protocol} {http.Request.Headers["X-Forwarded-For"]}");
            app.MapPost("/hash", async (HttpRequest request, CancellationToken cancel) => Convert.ToHexString(await SHA256.HashDataAsync(request.Body, cancel)));
            app.MapGet("/events", (CancellationToken cancel) => TypedResults.ServerSentEvents(Events(cancel)));
            app.Map("/socket", async (HttpContext http) =>
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[1024];
                while (await socket.ReceiveAsync(buffer, http.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
                    await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, http.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", http.RequestAborted);
            });
        }, protocols);

    // After the first event the response stays open: a proxy that buffers would hold the event back for ever.
    static async IAsyncEnumerable<string> Events([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        yield return "one";
        await Task.Delay(Timeout.Infinite, cancel);
    }

    Task<TestHost> Proxy(HttpProtocols protocols) => TestHost.StartAsync(builder =>
    {
        builder.Configuration.AddInMemoryCollection([
            new("services:web:http:0", _first.Address.ToString()),
            new("services:web:http:1", _second.Address.ToString()),
            new("services:web:grpc:0", _grpc.Address.ToString()),
        ]);
        builder.Services.AddReverseProxy().AddServiceDiscoveryDestinationResolver().LoadFromMemory(
            [
                new RouteConfig { RouteId = "grpc", ClusterId = "grpc", Match = new RouteMatch { Path = "/grpc/{**rest}" }, Transforms = [new Dictionary<string, string> { ["PathRemovePrefix"] = "/grpc" }] },
                new RouteConfig { RouteId = "sticky", ClusterId = "sticky", Match = new RouteMatch { Path = "/sticky/{**rest}" }, Transforms = [new Dictionary<string, string> { ["PathRemovePrefix"] = "/sticky" }] },
                new RouteConfig { RouteId = "web", ClusterId = "web", Match = new RouteMatch { Path = "/{**rest}" } },
            ],
            [
                new ClusterConfig { ClusterId = "web", LoadBalancingPolicy = "RoundRobin", Destinations = At("http://web") },
                new ClusterConfig
                {
                    ClusterId = "sticky",
                    LoadBalancingPolicy = "RoundRobin",
                    Destinations = At("http://web"),
                    // The policy that hashes: it is why YARP wants System.IO.Hashing.
                    SessionAffinity = new SessionAffinityConfig { Enabled = true, Policy = "HashCookie", AffinityKeyName = "node" },
                },
                new ClusterConfig
                {
                    ClusterId = "grpc",
                    Destinations = At("http://_grpc.web"),
                    HttpRequest = new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
                },
            ]);
    }, app => app.MapReverseProxy(), protocols);

    static Dictionary<string, DestinationConfig> At(string address) => new() { ["d"] = new DestinationConfig { Address = address } };

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var host in new[] { _proxy, _proxy2, _first, _second, _grpc }) await host.DisposeAsync();
    }

    [Fact]
    public async Task Requests_are_spread_over_the_replicas_that_discovery_knows()
    {
        var answers = new List<string>();
        for (var i = 0; i < 4; i++) answers.Add((await _http.GetStringAsync(new Uri(_proxy.Address, "/who"), Cancel)).Split(' ')[0]);

        answers.Order().ShouldBe(["first", "first", "second", "second"]);
    }

    [Fact]
    public async Task A_session_stays_with_its_replica()
    {
        using var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer() };
        using var http = new HttpClient(handler);

        var answers = new HashSet<string>();
        for (var i = 0; i < 6; i++) answers.Add((await http.GetStringAsync(new Uri(_proxy.Address, "/sticky/who"), Cancel)).Split(' ')[0]);

        handler.CookieContainer.GetCookies(_proxy.Address)["node"].ShouldNotBeNull();
        answers.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, "/who", "HTTP/1.1")]
    [InlineData(2, "/who", "HTTP/1.1")]
    [InlineData(1, "/grpc/who", "HTTP/2")]
    [InlineData(2, "/grpc/who", "HTTP/2")]
    public async Task Both_versions_of_HTTP_are_spoken_on_both_sides(int version, string path, string behind)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(version == 2 ? _proxy2.Address : _proxy.Address, path))
        {
            Version = new Version(version, version == 2 ? 0 : 1),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await _http.SendAsync(request, Cancel);

        response.Version.Major.ShouldBe(version);
        (await response.Content.ReadAsStringAsync(Cancel)).Split(' ')[1..].ShouldBe([behind, "127.0.0.1"]);
    }

    [Fact]
    public async Task Events_arrive_when_they_are_sent()
    {
        using var response = await _http.GetAsync(new Uri(_proxy.Address, "/events"), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);

        await foreach (var one in SseParser.Create(stream).EnumerateAsync(Cancel))
        {
            one.Data.ShouldBe("one");
            return; // though the response has not ended
        }
        throw new InvalidOperationException("No event came.");
    }

    [Fact]
    public async Task A_web_socket_goes_through()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_proxy.Address) { Scheme = "ws", Path = "/socket" }.Uri, Cancel);
        var buffer = new byte[1024];
        for (var i = 0; i < 10; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"hello {i}"), WebSocketMessageType.Text, true, Cancel);
            var answer = await socket.ReceiveAsync(buffer, Cancel);
            Encoding.UTF8.GetString(buffer, 0, answer.Count).ShouldBe($"hello {i}");
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
        socket.CloseStatusDescription.ShouldBe("bye");
    }

    [Fact]
    public async Task Twenty_megabytes_go_through_unharmed()
    {
        var body = new byte[20 << 20];
        new Random(1).NextBytes(body);

        using var response = await _http.PostAsync(new Uri(_proxy.Address, "/hash"), new ByteArrayContent(body), Cancel);

        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe(Convert.ToHexString(SHA256.HashData(body)));
    }
}
