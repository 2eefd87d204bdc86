using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects a producer to the Kafka broker of a connection name.</summary>
public static class AspireKafkaProducerExtensions
{
    const string Section = "Aspire:Confluent:Kafka:Producer";

    /// <summary>Registers one <see cref="IProducer{TKey, TValue}"/> for the application, with a health check, logs and metrics.</summary>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName)
        => Add<TKey, TValue>(builder, connectionName, null, null, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings)
        => Add<TKey, TValue>(builder, connectionName, null, configureSettings, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add<TKey, TValue>(builder, connectionName, null, null, (_, producer) => configureBuilder?.Invoke(producer));

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, null, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaProducerSettings>? configureSettings, Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add<TKey, TValue>(builder, connectionName, null, configureSettings, (_, producer) => configureBuilder?.Invoke(producer));

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, null, configureSettings, configureBuilder);

    /// <summary>Registers a producer under a key, which is also its connection name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name,
        Action<KafkaProducerSettings>? configureSettings = null, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder = null)
        => Add(builder, name, name, configureSettings, configureBuilder);

    static void Add<TKey, TValue>(
        IHostApplicationBuilder builder, string connectionName, string? key,
        Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new KafkaProducerSettings();
        foreach (var section in new[] { Section, $"{Section}:{connectionName}" })
        {
            builder.Configuration.GetSection(section).Bind(settings);
            builder.Configuration.GetSection($"{section}:Config").Bind(settings.Config);
        }
        if (builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);
        if (!string.IsNullOrEmpty(settings.ConnectionString)) settings.Config.BootstrapServers ??= settings.ConnectionString;
        if (!settings.DisableMetrics) settings.Config.StatisticsIntervalMs ??= KafkaStatistics.DefaultIntervalMs;

        if (key is null) builder.Services.AddSingleton(Build);
        else builder.Services.AddKeyedSingleton(key, (services, _) => Build(services));

        if (!settings.DisableMetrics) KafkaStatistics.AddTo(builder.Services);
        if (!settings.DisableHealthChecks)
            KafkaConnectionCheck.AddTo(builder.Services, key is null ? "Aspire.Confluent.Kafka.Producer" : $"Aspire.Confluent.Kafka.Producer_{key}",
                services => key is null
                    ? services.GetRequiredService<IProducer<TKey, TValue>>()
                    : services.GetRequiredKeyedService<IProducer<TKey, TValue>>(key));

        IProducer<TKey, TValue> Build(IServiceProvider services)
        {
            if (string.IsNullOrEmpty(settings.Config.BootstrapServers))
                throw new InvalidOperationException($"No servers. They should be in 'ConnectionStrings:{connectionName}' or in '{Section}:Config:BootstrapServers'.");
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaLog.Category);
            var statistics = settings.DisableMetrics ? null : services.GetRequiredService<KafkaStatistics>();
            var producer = new ProducerBuilder<TKey, TValue>(settings.Config);
            producer.SetLogHandler((_, message) => KafkaLog.Write(logger, message));
            if (statistics is not null) producer.SetStatisticsHandler((_, json) => statistics.Add(json));
            configureBuilder?.Invoke(services, producer);
            return producer.Build();
        }
    }
}
