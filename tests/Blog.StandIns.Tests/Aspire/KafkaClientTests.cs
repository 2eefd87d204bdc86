using System.Diagnostics.Metrics;
using Blog.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Blog.StandIns.Tests.Aspire;

/// <summary>Confluent.Kafka on the system's librdkafka, configured by connection name.</summary>
public sealed class KafkaClientTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static HostApplicationBuilder Builder(string bootstrapServers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:broker", bootstrapServers),
            new("Aspire:Confluent:Kafka:Producer:Config:Acks", "All"),
            new("Aspire:Confluent:Kafka:Producer:Config:StatisticsIntervalMs", "100"),
            new("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "from-configuration"),
            new("Aspire:Confluent:Kafka:Consumer:broker:Config:AutoOffsetReset", "Earliest"),
        ]);
        return builder;
    }

    [Fact]
    public async Task A_message_goes_from_the_producer_to_the_consumer_of_one_connection_name()
    {
        var builder = Builder(broker.BootstrapServers);
        builder.AddKafkaProducer<string, string>("broker");
        builder.AddKafkaConsumer<string, string>("broker");
        using var host = builder.Build();
        var (producer, consumer) = (host.Services.GetRequiredService<IProducer<string, string>>(), host.Services.GetRequiredService<IConsumer<string, string>>());

        var sent = await producer.ProduceAsync("greetings", new Message<string, string> { Key = "k", Value = "hello" }, Cancel);
        consumer.Subscribe("greetings");
        var received = consumer.Consume(TimeSpan.FromSeconds(20));

        sent.Status.ShouldBe(PersistenceStatus.Persisted);
        received.ShouldNotBeNull();
        (received.Message.Key, received.Message.Value).ShouldBe(("k", "hello"));
        consumer.Close();
    }

    [Fact]
    public async Task The_health_checks_tell_whether_the_broker_answers()
    {
        var there = Builder(broker.BootstrapServers);
        there.AddKafkaProducer<string, string>("broker");
        there.AddKafkaConsumer<string, string>("broker");
        var gone = Builder($"127.0.0.1:{BrokerFixture.FreePort()}");
        gone.AddKafkaProducer<string, string>("broker");
        using var host = there.Build();
        using var alone = gone.Build();

        var healthy = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        var unhealthy = await alone.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);

        healthy.Entries.Keys.ShouldBe(["Aspire.Confluent.Kafka.Producer", "Aspire.Confluent.Kafka.Consumer"], ignoreOrder: true);
        healthy.Status.ShouldBe(HealthStatus.Healthy);
        unhealthy.Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task What_was_sent_is_counted()
    {
        var builder = Builder(broker.BootstrapServers);
        builder.AddKafkaProducer<string, string>("broker");
        using var host = builder.Build();
        var producer = host.Services.GetRequiredService<IProducer<string, string>>();
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        long messages = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                // Other hosts of this process have meters of the same name.
                if (instrument.Name == "messaging.publish.messages" && ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => messages = value);
        listener.Start();

        for (var i = 0; i < 3; i++) await producer.ProduceAsync("counted", new Message<string, string> { Key = "k", Value = "v" }, Cancel);

        await Until.TrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return messages == 3;
        }, () => $"{messages} messages were counted.");
    }

    [Fact]
    public void A_missing_connection_string_is_named()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddKafkaProducer<string, string>("absent");
        using var host = builder.Build();

        Should.Throw<InvalidOperationException>(() => host.Services.GetRequiredService<IProducer<string, string>>()).Message.ShouldContain("ConnectionStrings:absent");
    }
}
