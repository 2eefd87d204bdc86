using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting
{
    /// <summary>Adds Redis servers.</summary>
    public static class RedisBuilderExtensions
    {
        /// <summary>Adds a server. Data is lost with the application unless it has a volume.</summary>
        public static IResourceBuilder<RedisResource> AddRedis(
            this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
        {
            var redis = new RedisResource(
                name, password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password"));
            var key = $"{name}_check";
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                key, _ => new PingHealthCheck(redis), HealthStatus.Unhealthy, tags: null, timeout: TimeSpan.FromSeconds(5)));
            return builder.AddResource(redis)
                .WithEndpoint(port: port, targetPort: 6379, scheme: "tcp", name: "tcp")
                .WithHealthCheck(key)
                .WithAnnotation(new LocalProcessAnnotation((context, stop) => LaunchAsync(redis, context, stop)));
        }

        /// <summary>Keeps the data for the next start.</summary>
        public static IResourceBuilder<RedisResource> WithDataVolume(
            this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) => isReadOnly
                ? throw new NotSupportedException("Redis with an append-only file cannot start on a read-only folder.")
                : builder.WithAnnotation(new DataVolumeAnnotation(name ?? builder.Resource.Name));

        static async Task<LocalProcess> LaunchAsync(RedisResource redis, LocalProcessContext context, CancellationToken stop)
        {
            var file = Path.Combine(context.DataFolder, "redis.conf");
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };

            // The password is in the file so that no list of processes shows it.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var writer = new StreamWriter(file, options))
            {
                await writer.WriteAsync($"""
                    bind 127.0.0.1
                    port {context.Port("tcp").ToString(CultureInfo.InvariantCulture)}
                    dir "{context.DataFolder}"
                    requirepass {await redis.PasswordParameter.GetValueAsync(stop).ConfigureAwait(false)}
                    appendonly yes
                    appendfsync everysec
                    save ""
                    maxmemory 256mb
                    maxmemory-policy volatile-lru

                    """.AsMemory(), stop).ConfigureAwait(false);
            }

            return new LocalProcess("redis-server", [file, .. context.Arguments]) { WorkingDirectory = context.DataFolder };
        }

        /// <summary>AUTH and PING in the Redis protocol (RESP): enough to ask, and no client library needed.</summary>
        sealed class PingHealthCheck(RedisResource redis) : IHealthCheck
        {
            public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            {
                try
                {
                    var password = await redis.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
                    using var client = new TcpClient { NoDelay = true };
                    await client.ConnectAsync(redis.PrimaryEndpoint.Host, redis.PrimaryEndpoint.Port, cancellationToken).ConfigureAwait(false);
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"AUTH {password}\r\nPING\r\n"), cancellationToken).ConfigureAwait(false);
                    using var reader = new StreamReader(client.GetStream());
                    var auth = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
                    var pong = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
                    return pong == "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"{auth} {pong}");
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
    /// <summary>A Redis server.</summary>
    public sealed class RedisResource(string name, ParameterResource password)
        : Resource(name), IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithArgs, IResourceWithWaitSupport
    {
        /// <summary>The server's only endpoint.</summary>
        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        /// <summary>Password of the default user.</summary>
        public ParameterResource PasswordParameter { get; } = password;

        /// <inheritdoc />
        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter}");
    }
}
