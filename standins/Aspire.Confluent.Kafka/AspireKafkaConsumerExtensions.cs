using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects a consumer to the Kafka broker of a connection name.</summary>
public static class AspireKafkaConsumerExtensions
{
    const string Section = "Aspire:Confluent:Kafka:Consumer";

    /// <summary>Registers one <see cref="IConsumer{TKey, TValue}"/> for the application, with a health check, logs and metrics.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName)
        => Add<TKey, TValue>(builder, connectionName, null, null, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings)
        => Add<TKey, TValue>(builder, connectionName, null, configureSettings, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add<TKey, TValue>(builder, connectionName, null, null, (_, consumer) => configureBuilder?.Invoke(consumer));

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, null, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaConsumerSettings>? configureSettings, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add<TKey, TValue>(builder, connectionName, null, configureSettings, (_, consumer) => configureBuilder?.Invoke(consumer));

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaConsumerSettings>? configureSettings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, null, configureSettings, configureBuilder);

    /// <summary>Registers a consumer under a key, which is also its connection name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name,
        Action<KafkaConsumerSettings>? configureSettings = null, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder = null)
        => Add(builder, name, name, configureSettings, configureBuilder);

    static void Add<TKey, TValue>(
        IHostApplicationBuilder builder, string connectionName, string? key,
        Action<KafkaConsumerSettings>? configureSettings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new KafkaConsumerSettings();
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
            KafkaConnectionCheck.AddTo(builder.Services, key is null ? "Aspire.Confluent.Kafka.Consumer" : $"Aspire.Confluent.Kafka.Consumer_{key}",
                services => key is null
                    ? services.GetRequiredService<IConsumer<TKey, TValue>>()
                    : services.GetRequiredKeyedService<IConsumer<TKey, TValue>>(key));

        IConsumer<TKey, TValue> Build(IServiceProvider services)
        {
            if (string.IsNullOrEmpty(settings.Config.BootstrapServers))
                throw new InvalidOperationException($"No servers. They should be in 'ConnectionStrings:{connectionName}' or in '{Section}:Config:BootstrapServers'.");
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaLog.Category);
            var statistics = settings.DisableMetrics ? null : services.GetRequiredService<KafkaStatistics>();
            var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config);
            consumer.SetLogHandler((_, message) => KafkaLog.Write(logger, message));
            if (statistics is not null) consumer.SetStatisticsHandler((_, json) => statistics.Add(json));
            configureBuilder?.Invoke(services, consumer);
            return consumer.Build();
        }
    }
}
