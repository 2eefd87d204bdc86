using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting
{
    /// <summary>Adds Kafka brokers.</summary>
    public static class KafkaBuilderExtensions
    {
        /// <summary>Adds a broker. Its log is lost with the application unless it has a volume.</summary>
        public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null)
        {
            var kafka = new KafkaServerResource(name);
            var key = $"{name}_check";
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                key, _ => new ApiVersionsHealthCheck(kafka), HealthStatus.Unhealthy, tags: null, timeout: TimeSpan.FromSeconds(5)));
            return builder.AddResource(kafka)
                .WithEndpoint(port: port, targetPort: 9092, scheme: "tcp", name: "tcp")
                .WithHealthCheck(key)
                .WithAnnotation(new LocalProcessAnnotation((context, _) => Task.FromResult(Launch(context))));
        }

        /// <summary>Keeps the log for the next start.</summary>
        public static IResourceBuilder<KafkaServerResource> WithDataVolume(
            this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) => isReadOnly
                ? throw new NotSupportedException("A broker cannot start on a read-only folder.")
                : builder.WithAnnotation(new DataVolumeAnnotation(name ?? builder.Resource.Name));

        static LocalProcess Launch(LocalProcessContext context)
        {
            var assembly = typeof(KafkaBuilderExtensions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "BrokerAssembly").Value!;
            return new LocalProcess(ProjectEnvironment.DotNet, [
                assembly, "--port", context.Port("tcp").ToString(CultureInfo.InvariantCulture), "--data", context.DataFolder, .. context.Arguments])
            {
                WorkingDirectory = context.DataFolder,
            };
        }

        /// <summary>Asks for the supported versions, the first request of every client (Kafka protocol, ApiVersions, key 18, version 0).</summary>
        sealed class ApiVersionsHealthCheck(KafkaServerResource kafka) : IHealthCheck
        {
            // Length 10, key 18, version 0, correlation 1, client id null.
            static readonly byte[] Request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF];

            public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            {
                try
                {
                    using var client = new TcpClient { NoDelay = true };
                    await client.ConnectAsync(kafka.PrimaryEndpoint.Host, kafka.PrimaryEndpoint.Port, cancellationToken).ConfigureAwait(false);
                    var stream = client.GetStream();
                    await stream.WriteAsync(Request, cancellationToken).ConfigureAwait(false);
                    var answer = new byte[10];
                    await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
                    var error = BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(8));
                    return error == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"ApiVersions answered error {error}");
                }
                catch (Exception exception) when (exception is SocketException or IOException)
                {
                    return HealthCheckResult.Unhealthy(exception.Message);
                }
            }
        }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A broker that speaks the Kafka protocol.</summary>
    public sealed class KafkaServerResource(string name)
        : Resource(name), IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithArgs, IResourceWithWaitSupport
    {
        /// <summary>The broker's only endpoint.</summary>
        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        /// <inheritdoc />
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
    }
}
