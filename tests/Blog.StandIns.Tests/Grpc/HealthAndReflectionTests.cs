using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using V1 = Grpc.Reflection.V1;

namespace Blog.StandIns.Tests.Grpc;

public sealed class HealthAndReflectionTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_answers_with_the_health_checks_of_the_service_now()
    {
        var health = HealthCheckResult.Healthy();
        await using var host = await GreeterHost.StartAsync(() => health);
        var client = new Health.HealthClient(host.Channel);

        (await Status("")).ShouldBe(ServingStatus.Serving);
        (await Status("greeter.v1.Greeter")).ShouldBe(ServingStatus.Serving);
        health = HealthCheckResult.Degraded();
        (await Status("")).ShouldBe(ServingStatus.Serving);
        health = HealthCheckResult.Unhealthy();
        (await Status("")).ShouldBe(ServingStatus.NotServing);
        (await Status("greeter.v1.Greeter")).ShouldBe(ServingStatus.NotServing);
        (await Should.ThrowAsync<RpcException>(() => Status("nobody"))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await client.ListAsync(new HealthListRequest(), cancellationToken: Cancel)).Statuses.Keys.ShouldBe(["", "greeter.v1.Greeter"], ignoreOrder: true);

        async Task<ServingStatus> Status(string service) => (await client.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Cancel)).Status;
    }

    [Fact]
    public async Task Watch_tells_each_change_once_and_ends_with_the_server()
    {
        await using var host = await GreeterHost.StartAsync();
        var statuses = host.Application.Services.GetRequiredService<HealthServiceImpl>();
        using var call = new Health.HealthClient(host.Channel).Watch(new HealthCheckRequest { Service = "greeter.v1.Greeter" }, cancellationToken: Cancel);

        (await Next()).ShouldBe(ServingStatus.Serving);
        statuses.SetStatus("greeter.v1.Greeter", ServingStatus.Serving); // no change
        statuses.SetStatus("greeter.v1.Greeter", ServingStatus.NotServing);
        (await Next()).ShouldBe(ServingStatus.NotServing);
        statuses.ClearStatus("greeter.v1.Greeter");
        (await Next()).ShouldBe(ServingStatus.ServiceUnknown);

        host.Application.Lifetime.StopApplication();
        (await Should.ThrowAsync<RpcException>(async () => { while (await call.ResponseStream.MoveNext(Cancel)) { } })).StatusCode.ShouldBe(StatusCode.Unavailable);

        async Task<ServingStatus> Next()
        {
            (await call.ResponseStream.MoveNext(Cancel)).ShouldBeTrue();
            return call.ResponseStream.Current.Status;
        }
    }

    [Fact]
    public async Task A_report_that_comes_late_does_not_turn_a_stopping_server_healthy()
    {
        await using var host = await GreeterHost.StartAsync();
        var client = new Health.HealthClient(host.Channel);
        await client.ListAsync(new HealthListRequest(), cancellationToken: Cancel); // the statuses are known
        var (checks, publisher) = (host.Application.Services.GetRequiredService<HealthCheckService>(), host.Application.Services.GetRequiredService<IHealthCheckPublisher>());
        var statuses = host.Application.Services.GetRequiredService<HealthServiceImpl>();

        host.Application.Lifetime.StopApplication();
        await publisher.PublishAsync(await checks.CheckHealthAsync(Cancel), Cancel);

        (await statuses.Check(new HealthCheckRequest(), null!)).Status.ShouldBe(ServingStatus.NotServing);
    }

    [Fact]
    public async Task Reflection_lists_the_services_and_their_files()
    {
        await using var host = await GreeterHost.StartAsync();
        using var call = new V1.ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(cancellationToken: Cancel);

        (await Ask(new() { ListServices = "" })).ListServicesResponse.Service.Select(service => service.Name).ShouldBe(
            ["greeter.v1.Greeter", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]);
        foreach (var symbol in new[] { "greeter.v1.Greeter", "greeter.v1.Greeter.SayHello", "greeter.v1.HelloRequest", "greeter.v1.LookReply.metadata" })
            FileDescriptorProto.Parser.ParseFrom((await Ask(new() { FileContainingSymbol = symbol })).FileDescriptorResponse.FileDescriptorProto[0])
                .Name.ShouldBe("interop/greeter.proto");
        (await Ask(new() { FileByFilename = "interop/greeter.proto" })).FileDescriptorResponse.FileDescriptorProto.Count.ShouldBe(1);
        (await Ask(new() { FileContainingSymbol = "nobody.Knows" })).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
        (await Ask(new())).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.InvalidArgument);
        await call.RequestStream.CompleteAsync();

        async Task<V1.ServerReflectionResponse> Ask(V1.ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request, Cancel);
            (await call.ResponseStream.MoveNext(Cancel)).ShouldBeTrue();
            call.ResponseStream.Current.OriginalRequest.ShouldBe(request);
            return call.ResponseStream.Current;
        }
    }

    [Fact]
    public async Task Older_tools_can_ask_too()
    {
        await using var host = await GreeterHost.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(cancellationToken: Cancel);

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "*" }, Cancel);
        (await call.ResponseStream.MoveNext(Cancel)).ShouldBeTrue();

        call.ResponseStream.Current.ListServicesResponse.Service.ShouldContain(service => service.Name == "greeter.v1.Greeter");
        await call.RequestStream.CompleteAsync();
    }
}
