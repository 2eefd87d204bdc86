using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Asks the broker for its metadata over the client's own connections. (The official check sends a message to a topic.)</summary>
sealed class KafkaConnectionCheck(Func<IClient> client) : IHealthCheck
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void AddTo(IServiceCollection services, string name, Func<IServiceProvider, IClient> client)
        => services.AddHealthChecks().Add(new HealthCheckRegistration(name, root => new KafkaConnectionCheck(() => client(root)), null, null));

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            // Blocks, for librdkafka has no other form; so it does not block the caller.
            var metadata = await Task.Run(() =>
            {
                using var admin = new DependentAdminClientBuilder(client().Handle).Build();
                return admin.GetMetadata(Patience);
            }, cancellationToken).ConfigureAwait(false);
            return metadata.Brokers.Count > 0
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "No broker is known.");
        }
        catch (Exception exception) when (exception is KafkaException or InvalidOperationException or ObjectDisposedException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The broker does not answer.", exception);
        }
    }
}
