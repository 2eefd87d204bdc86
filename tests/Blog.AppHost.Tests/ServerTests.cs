using System.Net.Http.Json;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Blog.AppHost.Tests;

/// <summary>The servers that stand for containers.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task PostgreSQL_keeps_its_data_through_a_crash_a_restart_and_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("apphost-postgres-");
        static void Describe(IDistributedApplicationBuilder builder) => builder.AddPostgres("postgres").WithDataVolume().AddDatabase("people-database", "people");

        await using (var app = await TestApp.StartAsync(Describe, folder.FullName))
        {
            await app.States.WaitForResourceHealthyAsync("people-database", Deadline.Token);
            var address = await app.App.GetConnectionStringAsync("people-database", Deadline.Token);
            address!.ShouldMatch(@"^Host=127\.0\.0\.1;Port=\d+;Username=postgres;Password=\w+;Database=people$");
            await ExecuteAsync(address!, "create table person (name text); insert into person values ('Ada')");

            var first = app.ProcessOf("postgres")!.Value;
            LinuxProcess.Signal(first, "KILL");
            await app.States.WaitForResourceAsync("postgres", e => e.Snapshot.ProcessId is { } pid && pid != first && ResourceNotificationService.IsHealthy(e), Deadline.Token);
            (await ExecuteAsync(address!, "insert into person values ('Grace') returning (select count(*) from person)")).ShouldBe(1L);

            await app.App.ResourceCommands.ExecuteCommandAsync("postgres", KnownResourceCommands.RestartCommand, Deadline.Token);
            await app.States.WaitForResourceHealthyAsync("postgres", Deadline.Token);
            (await ExecuteAsync(address!, "select count(*) from person")).ShouldBe(2L);
        }

        await using (var app = await TestApp.StartAsync(Describe, folder.FullName))
        {
            await app.States.WaitForResourceHealthyAsync("people-database", Deadline.Token);
            (await ExecuteAsync((await app.App.GetConnectionStringAsync("people-database", Deadline.Token))!, "select count(*) from person")).ShouldBe(2L);
            if (Environment.IsPrivilegedProcess)
                (await File.ReadAllLinesAsync($"/proc/{app.ProcessOf("postgres")}/status", Deadline.Token)).Single(l => l.StartsWith("Uid:", StringComparison.Ordinal)).ShouldNotContain("\t0");
        }

        Processes.Mentioning(folder.FullName).ShouldBeEmpty();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Redis_the_broker_and_the_mail_sink_get_healthy()
    {
        await using var app = await TestApp.StartAsync(builder =>
        {
            builder.AddRedis("cache");
            builder.AddKafka("broker");
            builder.AddContainer("mail", "maildev/maildev", "2.2.1")
                .WithEndpoint(targetPort: 1025, scheme: "smtp", name: "smtp").WithHttpEndpoint(targetPort: 1080, name: "http").WithHttpHealthCheck("/healthz");
        });

        await app.States.WaitForResourceHealthyAsync("cache", Deadline.Token);
        await app.States.WaitForResourceHealthyAsync("broker", Deadline.Token);
        await app.States.WaitForResourceHealthyAsync("mail", Deadline.Token);

        using var smtp = new TcpClient();
        var at = app.App.GetEndpoint("mail", "smtp");
        await smtp.ConnectAsync(at.Host, at.Port, Deadline.Token);
        using var reader = new StreamReader(smtp.GetStream());
        (await reader.ReadLineAsync(Deadline.Token))!.ShouldStartWith("220");
        using var client = app.App.CreateHttpClient("mail");
        (await client.GetFromJsonAsync<object[]>("/email", Deadline.Token))!.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_image_says_what_to_do()
    {
        await using var app = await TestApp.StartAsync(builder => builder.AddContainer("odd", "odd/thing", "1"));

        await app.StateAsync("odd", KnownResourceStates.FailedToStart);
        (await CrashTests.LogUntilAsync(app, "odd", lines => lines.Any(l => l.Contains("odd/thing") && l.Contains("BlogPackages=Official")))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_package_script_runs_without_npm_in_between()
    {
        var folder = Directory.CreateTempSubdirectory("apphost-js-");
        var bin = Directory.CreateDirectory(Path.Combine(folder.FullName, "node_modules", ".bin"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "serve.js"), "#!/usr/bin/env node\nrequire('http').createServer((q, r) => r.end('hello ' + process.argv[2])).listen(process.env.PORT)", Deadline.Token);
        File.CreateSymbolicLink(Path.Combine(bin.FullName, "serve"), "../../serve.js");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "package.json"), """{"scripts":{"start":"serve world"}}""", Deadline.Token);
        await using (var app = await TestApp.StartAsync(builder =>
            builder.AddJavaScriptApp("site", folder.FullName, "start").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/")))
        {
            await app.States.WaitForResourceHealthyAsync("site", Deadline.Token);
            using var client = app.App.CreateHttpClient("site");
            (await client.GetStringAsync("/", Deadline.Token)).ShouldBe("hello world");
            LinuxProcess.InSession(app.ProcessOf("site")!.Value).Count().ShouldBe(1);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_AppHost_under_test_has_its_own_folder_and_leaves_nothing()
    {
        string folder;
        await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Blog.AppHost.TestHost.Marker>(["--Command=exec sleep 1000"], Deadline.Token))
        {
            folder = builder.Configuration["Aspire:Store:Path"]!;
            builder.Resources.Select(r => r.Name).ShouldBe(["program", "greeting"]);
            await using var app = await builder.BuildAsync(Deadline.Token);
            await app.StartAsync(Deadline.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("program", Deadline.Token);
            Directory.Exists(folder).ShouldBeTrue();
        }

        Directory.Exists(folder).ShouldBeFalse();
        Processes.Mentioning(folder).ShouldBeEmpty();
    }

    static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Deadline.Token);
    }
}
