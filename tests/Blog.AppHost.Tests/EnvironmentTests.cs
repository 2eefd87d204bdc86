using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Blog.AppHost.TestHost;

namespace Blog.AppHost.Tests;

/// <summary>What a started program finds in its environment.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_project_gets_references_parameters_telemetry_and_its_own_addresses()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var app = await TestApp.StartAsync(builder =>
        {
            var secret = builder.AddParameter("some-secret", new GenerateParameterDefault { Special = false }, secret: true, persist: true);
            var cache = builder.AddRedis("cache");
            var other = builder.AddExecutable("other", "sleep", ".", "1000").WithHttpEndpoint(name: "http").WithHttpEndpoint(name: "grpc");
            builder.AddProject("service", new TestProject())
                .WithArgs("--print-environment", file)
                .WithHttpEndpoint(name: "http")
                .WithReference(cache).WithReference(cache, "second")
                .WithReference(other)
                .WithReference("outside", new Uri("https://example.org/"))
                .WithEnvironment("SECRET_OF_IT", secret)
                .WithEnvironment("ADDRESS", $"at {other.GetEndpoint("grpc").Property(EndpointProperty.HostAndPort)}!")
                .WithEnvironment("GONE", "x").WithEnvironment("GONE", (string?)null);
        });
        await Deadline.UntilAsync(() => File.Exists(file), "the service to write its environment");
        var found = (await File.ReadAllLinesAsync(file, Deadline.Token)).Where(l => l.Contains('=')).ToDictionary(l => l[..l.IndexOf('=')], l => l[(l.IndexOf('=') + 1)..]);
        File.Delete(file);

        found["ConnectionStrings__cache"].ShouldMatch(@"^127\.0\.0\.1:\d+,password=\w+$");
        found["ConnectionStrings__second"].ShouldBe(found["ConnectionStrings__cache"]);
        found["services__other__http__0"].ShouldMatch(@"^http://localhost:\d+$");
        found["services__other__grpc__0"].ShouldMatch(@"^http://localhost:\d+$");
        found["OTHER_GRPC"].ShouldBe(found["services__other__grpc__0"]);
        found["services__outside__default__0"].ShouldBe("https://example.org/");
        found["ADDRESS"].ShouldBe($"at {found["services__other__grpc__0"]["http://".Length..]}!");
        found["SECRET_OF_IT"].Length.ShouldBe(22);
        found.ShouldNotContainKey("GONE");
        found["ASPNETCORE_URLS"].ShouldMatch(@"^http://localhost:\d+$");
        found["DOTNET_ENVIRONMENT"].ShouldBe("Development");
        found["DOTNET_gcServer"].ShouldBe("0");
        found["OTEL_SERVICE_NAME"].ShouldBe("service");
        found["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("grpc");
        found["OTEL_EXPORTER_OTLP_HEADERS"].ShouldMatch("^x-otlp-api-key=[0-9a-f]{32}$");
    }

    [Fact]
    public async Task Replicas_have_ports_of_their_own_and_others_know_them_all()
    {
        await using var app = await TestApp.StartAsync(builder =>
        {
            var service = builder.AddProject("service", new TestProject()).WithArgs("--print-environment", "/dev/null").WithHttpEndpoint(name: "http").WithReplicas(2);
            builder.AddExecutable("client", "sh", ".", "-c", "echo $services__service__http__0 $services__service__http__1; exec sleep 1000").WithReference(service);
        });

        await app.StateAsync("service", KnownResourceStates.Running);
        app.States.Current.Where(e => e.Resource.Name == "service").Select(e => e.ResourceId).Order().ShouldBe(["service-0", "service-1"]);
        var line = (await CrashTests.LogUntilAsync(app, "client", lines => lines.Count > 0))[0].Split(' ');
        line.ShouldAllBe(l => l.StartsWith("http://localhost:", StringComparison.Ordinal));
        line.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_generated_secret_is_kept_for_its_owner_alone()
    {
        var folder = Directory.CreateTempSubdirectory("apphost-secret-");
        async Task<string?> ValueAsync()
        {
            ParameterResource? secret = null;
            await using var app = await TestApp.StartAsync(
                builder => secret = builder.AddParameter("kept", new GenerateParameterDefault(), secret: true, persist: true).Resource, folder.FullName);
            return await secret!.GetValueAsync(Deadline.Token);
        }

        var first = await ValueAsync();
        (await ValueAsync()).ShouldBe(first);
        File.GetUnixFileMode(Path.Combine(folder.FullName, "parameters.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_parameter_without_a_value_stops_what_needs_it_and_says_which()
    {
        await using var app = await TestApp.StartAsync(builder =>
        {
            var missing = builder.AddParameter("missing");
            builder.AddExecutable("service", "sleep", ".", "1000").WithEnvironment("X", missing);
        });

        await app.StateAsync("service", KnownResourceStates.FailedToStart);
        (await CrashTests.LogUntilAsync(app, "service", lines => lines.Any(l => l.Contains("Parameters:missing")))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_the_process_that_holds_it()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => TestApp.StartAsync(builder =>
        {
            builder.Configuration["DcpPublisher:RandomizePorts"] = "false";
            builder.Configuration["Aspire:Dashboard:Disabled"] = "true";
            builder.AddExecutable("entrance", "sleep", ".", "1000").WithHttpEndpoint(port: port);
        }));

        error.Message.ShouldContain($"Port {port}");
        error.Message.ShouldContain("'entrance'");
        error.Message.ShouldContain($"process {Environment.ProcessId} (");
        error.Message.ShouldContain("Blog.AppHost.Tests");
    }

    sealed class TestProject : IBuiltProjectMetadata
    {
        public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "Blog.AppHost.TestHost.csproj");

        public string AssemblyPath => typeof(Marker).Assembly.Location;
    }
}
