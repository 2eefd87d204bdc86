using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blog.StandIns.Tests.Greeting;
using Blog.StandIns.Tests.Grpc;
using Blog.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Blog.StandIns.Tests;

/// <summary>The same over TLS, with a certificate made for the test.</summary>
public sealed class TlsTests : IDisposable
{
    readonly X509Certificate2 _certificate = MakeCertificate();
    readonly string _folder = Directory.CreateTempSubdirectory("blog-tls-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    bool IsOurs(X509Certificate? shown) => shown?.GetCertHashString() == _certificate.GetCertHashString();

    [Fact]
    public async Task Redis_answers_over_TLS()
    {
        var (certificate, key) = (Path.Combine(_folder, "redis.crt"), Path.Combine(_folder, "redis.key"));
        await File.WriteAllTextAsync(certificate, _certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(key, _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), Cancel);
        var port = BrokerFixture.FreePort();
        await using var server = new OwnedProcess("KILL", null, "redis-server", "--port", "0", "--bind", "127.0.0.1", "--tls-port", $"{port}",
            "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no", "--save", "");
        await server.StartAsync();
        await Until.TrueAsync(() => server.Output.Contains("Ready to accept connections", StringComparison.Ordinal), () => server.Output);

        var options = ConfigurationOptions.Parse($"127.0.0.1:{port},ssl=true,sslHost=localhost,connectTimeout=10000");
        options.CertificateValidation += (_, shown, _, _) => IsOurs(shown);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        var value = RandomNumberGenerator.GetBytes(300_000);
        await redis.GetDatabase().StringSetAsync("secret", value);
        var increments = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => redis.GetDatabase().StringIncrementAsync("counted")));

        var back = (byte[]?)await redis.GetDatabase().StringGetAsync("secret");
        value.AsSpan().SequenceEqual(back).ShouldBeTrue();
        increments.ShouldBe(Enumerable.Range(1, 1000).Select(i => (long)i));
    }

    [Fact]
    public async Task Grpc_answers_over_TLS()
    {
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddGrpc();
                builder.Services.AddSingleton<CancelledCalls>();
            },
            app => app.MapGrpcService<GreeterService>(), HttpProtocols.Http2, _certificate);
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => IsOurs(shown) } };
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = handler });

        host.Address.Scheme.ShouldBe("https");
        (await new Greeter.GreeterClient(channel).SayHelloAsync(new HelloRequest { Name = "TLS" }, cancellationToken: Cancel)).Message.ShouldBe("Hello TLS");
    }
}
