using System.Net;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Blog.AppHost.Tests;

public sealed class DashboardTests : IAsyncLifetime
{
    const string Secret = "kE9xQ2vLm4Tz";

    readonly HttpClient client = new();
    TestApp app = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync(builder =>
        {
            var secret = builder.AddParameter("secret", Secret, secret: true);
            builder.AddExecutable("service", "sh", ".", "-c", "echo '<b>started</b>'; exec sleep 1000")
                .WithHttpEndpoint(name: "http", env: "PORT")
                .WithEnvironment("FROM_PARAMETER", secret)
                .WithEnvironment("IN_TEXT", $"user:{secret}@host")
                .WithEnvironment("SOME_PASSWORD", Secret)
                .WithEnvironment("OPEN", "plain to see");
        });
        client.BaseAddress = new Uri(app.Dashboard);
        await app.StateAsync("service", KnownResourceStates.Running);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return app.DisposeAsync();
    }

    [Fact]
    public async Task Resources_are_listed_for_people_and_for_scripts()
    {
        (await client.GetStringAsync("/", Deadline.Token)).ShouldContain("href=\"/resources/service\"");

        var service = JsonNode.Parse(await client.GetStringAsync("/api/resources", Deadline.Token))!.AsArray().Single()!;
        service["name"]!.ToString().ShouldBe("service");
        service["state"]!.ToString().ShouldBe("Running");
        service["health"]!.ToString().ShouldBe("Healthy");
        service["endpoints"]![0]!["name"]!.ToString().ShouldBe("http");
        service["endpoints"]![0]!["url"]!.ToString().ShouldStartWith("http://localhost:");
    }

    [Fact]
    public async Task Secrets_are_masked_by_origin_and_by_name()
    {
        var page = await client.GetStringAsync("/resources/service", Deadline.Token);

        page.ShouldContain("plain to see");
        page.ShouldContain("FROM_PARAMETER");
        page.ShouldContain("IN_TEXT");
        page.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task The_log_arrives_live_and_is_text_not_markup()
    {
        using var stream = await client.GetStreamAsync("/events/resources/service/log", Deadline.Token);
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync(Deadline.Token);
        line!.ShouldContain("started");
        var html = JsonNode.Parse(line!["data: ".Length..])!.ToString();
        html.ShouldContain("&lt;b&gt;started&lt;/b&gt;");
    }

    [Fact]
    public async Task Buttons_stop_and_start()
    {
        var process = app.ProcessOf("service")!.Value;
        using var stop = await client.PostAsync("/resources/service/stop", null, Deadline.Token);
        await app.StateAsync("service", KnownResourceStates.Exited);
        Processes.Lives(process).ShouldBeFalse();

        using var start = await client.PostAsync("/resources/service/start", null, Deadline.Token);
        await app.StateAsync("service", KnownResourceStates.Running);

        using var nobody = await client.PostAsync("/resources/nobody/stop", null, Deadline.Token);
        nobody.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_site_can_neither_press_a_button_nor_read_the_page()
    {
        using var press = new HttpRequestMessage(HttpMethod.Post, "/resources/service/stop") { Headers = { { "Origin", "https://evil.example" } } };
        (await client.SendAsync(press, Deadline.Token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
        (await client.SendAsync(rebound, Deadline.Token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        app.StateOf("service").ShouldBe(KnownResourceStates.Running);
    }
}
