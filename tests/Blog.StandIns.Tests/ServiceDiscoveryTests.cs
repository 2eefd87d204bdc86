using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace Blog.StandIns.Tests;

public sealed class ServiceDiscoveryTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static IConfigurationRoot Configuration(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();

    static ServiceProvider Services(IConfiguration configuration, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection().AddSingleton(configuration).AddServiceDiscovery();
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    static async Task<string[]> Resolve(IServiceProvider services, string name)
    {
        var source = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync(name, Cancel);
        return [.. source.Endpoints.Select(endpoint => endpoint.EndPoint.ToString()!.TrimEnd('/'))];
    }

    [Theory]
    [InlineData("http://content", "http://localhost:5001")]
    [InlineData("https+http://content", "https://localhost:5002")]
    [InlineData("https+http://plain", "http://localhost:5004")]
    [InlineData("http://_grpc.content", "http://localhost:5003")]
    [InlineData("HTTP://Content", "http://localhost:5001")]
    [InlineData("http://hostport", "http://localhost:5005")]
    public async Task An_address_with_a_service_name_resolves_to_the_endpoint_in_configuration(string name, string expected)
    {
        await using var services = Services(Configuration(
            ("services:content:http:0", "http://localhost:5001"), ("services:content:https:0", "https://localhost:5002"),
            ("services:content:grpc:0", "http://localhost:5003"), ("services:plain:http:0", "http://localhost:5004"),
            ("services:hostport:http:0", "localhost:5005")));

        (await Resolve(services, name)).ShouldBe([expected]);
    }

    [Theory]
    [InlineData("http://example.org:8080", "http://example.org:8080")]
    [InlineData("https+http://example.org", "https://example.org")]
    [InlineData("http://127.0.0.1:4711", "http://127.0.0.1:4711")]
    [InlineData("http://[::1]:4711", "http://[::1]:4711")]
    public async Task A_name_that_is_not_in_configuration_passes_through(string name, string expected)
    {
        await using var services = Services(Configuration());

        (await Resolve(services, name)).ShouldBe([expected]);
    }

    [Fact]
    public async Task A_change_of_configuration_is_seen_by_the_next_request()
    {
        var configuration = Configuration(("services:content:http:0", "http://localhost:1"));
        await using var services = Services(configuration);
        (await Resolve(services, "http://content")).ShouldBe(["http://localhost:1"]);

        configuration["services:content:http:0"] = "http://localhost:2";
        configuration["services:content:http:1"] = "http://localhost:3";
        configuration.Reload();

        (await Resolve(services, "http://content")).ShouldBe(["http://localhost:2", "http://localhost:3"]);
    }

    [Fact]
    public async Task A_scheme_that_is_not_allowed_is_refused()
    {
        await using var services = Services(Configuration(), services => services.Configure<ServiceDiscoveryOptions>(options =>
        {
            options.AllowAllSchemes = false;
            options.AllowedSchemes = ["https"];
        }));

        await Should.ThrowAsync<InvalidOperationException>(() => Resolve(services, "http://content"));
        (await Resolve(services, "https+http://content")).ShouldBe(["https://content"]);
    }

    [Fact]
    public async Task Requests_take_turns_over_the_replicas_and_keep_their_path()
    {
        await using var first = await Echo("first");
        await using var second = await Echo("second");
        await using var services = Services(
            Configuration(("services:content:http:0", first.Address.ToString()), ("services:content:http:1", second.Address.ToString())),
            services => services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery()));
        // Each from a client of its own, as typed clients are used.
        var client = () => services.GetRequiredService<IHttpClientFactory>().CreateClient();

        var answers = new List<string>();
        for (var i = 0; i < 6; i++) answers.Add(await client().GetStringAsync(new Uri("http://content/a/b?c=1"), Cancel));

        answers.Count(answer => answer == "first /a/b?c=1").ShouldBe(3);
        answers.Count(answer => answer == "second /a/b?c=1").ShouldBe(3);

        static Task<TestHost> Echo(string name) => TestHost.StartAsync(_ => { }, app =>
            app.MapFallback((HttpContext http) => $"{name} {http.Request.Path}{http.Request.QueryString}"));
    }

    [Fact]
    public async Task A_request_keeps_its_logical_address()
    {
        await using var host = await TestHost.StartAsync(_ => { }, app => app.MapGet("/", () => Results.StatusCode(204)));
        await using var services = Services(
            Configuration(("services:content:http:0", host.Address.ToString())),
            services => services.AddHttpClient("named").AddServiceDiscovery());
        using var request = new HttpRequestMessage(HttpMethod.Get, "https+http://content/");

        var response = await services.GetRequiredService<IHttpClientFactory>().CreateClient("named").SendAsync(request, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        request.RequestUri!.ToString().ShouldBe("https+http://content/");
    }
}
