using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Blog.AppHost.Tests;

public sealed class OrderTests
{
    // Answers 503 until the file exists.
    const string Server = "require('http').createServer((q, r) => { r.statusCode = require('fs').existsSync(process.env.READY) ? 200 : 503; r.end(); }).listen(process.env.PORT)";

    [Fact]
    public async Task A_resource_starts_once_what_it_waits_for_is_running_and_healthy()
    {
        var ready = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var app = await TestApp.StartAsync(builder =>
        {
            var server = builder.AddExecutable("server", "node", ".", "-e", Server)
                .WithHttpEndpoint(env: "PORT").WithEnvironment("READY", ready).WithHttpHealthCheck("/");
            builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(server);
        });

        await app.States.WaitForResourceAsync("server", e => e.Snapshot.HealthReports.Any(r => r.Description?.Contains("503") == true), Deadline.Token);
        app.StateOf("client").ShouldBe(KnownResourceStates.Waiting);

        await File.WriteAllTextAsync(ready, "", Deadline.Token);
        await app.StateAsync("client", KnownResourceStates.Running);
        app.States.Current.Single(e => e.ResourceId == "server").Snapshot.HealthStatus.ToString().ShouldBe("Healthy");
        File.Delete(ready);
    }

    [Fact]
    public async Task A_resource_that_waits_for_completion_starts_after_a_successful_end()
    {
        await using var app = await TestApp.StartAsync(builder =>
        {
            var job = builder.AddExecutable("job", "true", ".");
            builder.AddExecutable("after", "sleep", ".", "1000").WaitForCompletion(job);
        });

        await app.StateAsync("after", KnownResourceStates.Running);
        app.StateOf("job").ShouldBe(KnownResourceStates.Finished);
    }

    [Fact]
    public async Task Resources_that_wait_for_each_other_are_refused_by_name()
    {
        var error = await Should.ThrowAsync<DistributedApplicationException>(() => TestApp.StartAsync(builder =>
        {
            var one = builder.AddExecutable("one", "sleep", ".", "1000");
            var two = builder.AddExecutable("two", "sleep", ".", "1000").WaitFor(one);
            one.WaitFor(two);
        }));

        error.Message.ShouldContain("one → two → one");
    }

    [Fact]
    public async Task What_uses_a_resource_stops_before_it()
    {
        var order = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var app = await TestApp.StartAsync(builder =>
        {
            string Says(string name) => $"trap 'echo {name} >> {order}; exit 0' TERM; sleep 1000 & wait";
            var server = builder.AddExecutable("server", "sh", ".", "-c", Says("server"));
            var service = builder.AddExecutable("service", "sh", ".", "-c", Says("service")).WaitFor(server);
            builder.AddExecutable("entrance", "sh", ".", "-c", Says("entrance")).WaitFor(service);
        });
        await app.StateAsync("entrance", KnownResourceStates.Running);

        // The shell has set its trap when it has started the child it waits for.
        await Deadline.UntilAsync(() => LinuxProcess.InSession(app.ProcessOf("entrance")!.Value).Count() == 2, "the last shell to be ready");
        await app.DisposeAsync();

        (await File.ReadAllLinesAsync(order, Deadline.Token)).ShouldBe(["entrance", "service", "server"]);
        File.Delete(order);
    }

    [Theory]
    [InlineData("Two Words")]
    [InlineData("1st")]
    [InlineData("a--b")]
    [InlineData("end-")]
    [InlineData("")]
    public void A_bad_resource_name_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => DistributedApplication.CreateBuilder().AddExecutable(name, "true", "."));
}
