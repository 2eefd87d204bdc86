using System.Text;

namespace Blog.Broker.Tests;

public sealed class ProducerTests(BrokerFixture broker)
{
    [Fact]
    public async Task Key_value_headers_and_time_arrive_as_they_were_sent()
    {
        var topic = await broker.CreateTopicAsync();
        var sent = new Message<string, string>
        {
            Key = "schlüssel",
            Value = "värde ✓",
            Headers = new Headers { { "traceparent", "00-abc-def-01"u8.ToArray() }, { "empty", [] }, { "twice", [1] }, { "twice", [2] } },
            Timestamp = new Timestamp(new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc)),
        };
        using var producer = broker.Producer();
        await producer.ProduceAsync(topic, sent, TestContext.Current.CancellationToken);

        var received = broker.ReadAll(topic).ShouldHaveSingleItem().Message;
        received.Key.ShouldBe(sent.Key);
        received.Value.ShouldBe(sent.Value);
        received.Timestamp.UtcDateTime.ShouldBe(sent.Timestamp.UtcDateTime);
        received.Headers.Select(h => $"{h.Key}={Convert.ToHexString(h.GetValueBytes())}")
            .ShouldBe(["traceparent=" + Convert.ToHexString(Encoding.UTF8.GetBytes("00-abc-def-01")), "empty=", "twice=01", "twice=02"]);
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Compressed_batches_are_stored_and_served(CompressionType compression)
    {
        var topic = await broker.CreateTopicAsync();
        using var producer = broker.Producer(c => (c.CompressionType, c.LingerMs) = (compression, 50));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = $"{i} {new string('x', 200)}" })));

        broker.ReadAll(topic).Select(r => int.Parse(r.Message.Value.Split(' ')[0], null)).ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task A_repeated_batch_of_an_idempotent_producer_is_stored_once_and_answered_as_the_first_time()
    {
        var topic = await broker.CreateTopicAsync();
        using var raw = await RawClient.ConnectAsync(broker.Port);
        var producer = await raw.NewProducerIdAsync();
        var batches = Enumerable.Range(0, 5).Select(i => RawClient.Batch(producer, epoch: 0, sequence: 2 * i, $"{i}a", $"{i}b")).ToList();

        foreach (var batch in batches)
            (await raw.ProduceAsync(topic, batch)).Error.ShouldBe(ErrorCode.NoError);
        for (var i = 0; i < 5; i++)
            (await raw.ProduceAsync(topic, batches[i])).ShouldBe((ErrorCode.NoError, 2L * i));

        broker.ReadAll(topic).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_gap_in_the_sequence_an_old_epoch_and_a_long_past_repetition_are_refused()
    {
        var topic = await broker.CreateTopicAsync();
        using var raw = await RawClient.ConnectAsync(broker.Port);
        var producer = await raw.NewProducerIdAsync();
        for (var i = 0; i < 7; i++)
            (await raw.ProduceAsync(topic, RawClient.Batch(producer, epoch: 1, i, "x"))).Error.ShouldBe(ErrorCode.NoError);

        (await raw.ProduceAsync(topic, RawClient.Batch(producer, epoch: 1, sequence: 8, "x"))).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        (await raw.ProduceAsync(topic, RawClient.Batch(producer, epoch: 1, sequence: 0, "x"))).Error.ShouldBe(ErrorCode.DuplicateSequenceNumber);
        (await raw.ProduceAsync(topic, RawClient.Batch(producer, epoch: 0, sequence: 7, "x"))).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
        (await raw.ProduceAsync(topic, RawClient.Batch(producer, epoch: 2, sequence: 3, "x"))).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        (await raw.ProduceAsync(topic, RawClient.Batch(producer, epoch: 2, sequence: 0, "x"))).Error.ShouldBe(ErrorCode.NoError);
        broker.ReadAll(topic).Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_repetition_is_recognised_after_the_broker_was_killed_and_producer_ids_are_never_given_twice()
    {
        await using var own = new BrokerFixture();
        await own.StartAsync();
        var topic = await own.CreateTopicAsync();
        long producer;
        using (var raw = await RawClient.ConnectAsync(own.Port))
        {
            producer = await raw.NewProducerIdAsync();
            (await raw.ProduceAsync(topic, RawClient.Batch(producer, 0, 0, "first"))).ShouldBe((ErrorCode.NoError, 0L));
            (await raw.ProduceAsync(topic, RawClient.Batch(producer, 0, 1, "second"))).ShouldBe((ErrorCode.NoError, 1L));
        }

        await own.StopAsync("KILL");
        await own.StartAsync();

        using var again = await RawClient.ConnectAsync(own.Port);
        (await again.ProduceAsync(topic, RawClient.Batch(producer, 0, 1, "second"))).ShouldBe((ErrorCode.NoError, 1L));
        (await again.ProduceAsync(topic, RawClient.Batch(producer, 0, 2, "third"))).ShouldBe((ErrorCode.NoError, 2L));
        (await again.NewProducerIdAsync()).ShouldBeGreaterThan(producer);
        own.ReadAll(topic).Select(r => r.Message.Value).ShouldBe(["first", "second", "third"]);
    }

    [Fact]
    public async Task A_batch_with_a_wrong_checksum_or_too_large_is_refused()
    {
        var topic = await broker.CreateTopicAsync(config: new() { ["max.message.bytes"] = "1000" });
        using var raw = await RawClient.ConnectAsync(broker.Port);
        var damaged = RawClient.Batch(-1, -1, -1, "text");
        damaged[^2] ^= 1;

        (await raw.ProduceAsync(topic, damaged)).Error.ShouldBe((ErrorCode)2, "CORRUPT_MESSAGE");
        (await raw.ProduceAsync(topic, [1, 2, 3])).Error.ShouldBe((ErrorCode)2, "CORRUPT_MESSAGE");
        (await raw.ProduceAsync(topic, RawClient.Batch(-1, -1, -1, [.. Enumerable.Repeat(new string('x', 50), 30)]))).Error.ShouldBe(ErrorCode.MsgSizeTooLarge);
        (await raw.ProduceAsync(Kafka.NewName("nowhere"), RawClient.Batch(-1, -1, -1, "x"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPart);
        broker.ReadAll(topic).ShouldBeEmpty();
    }

    [Fact]
    public void A_transactional_producer_is_told_at_once_that_there_are_no_transactions()
    {
        using var producer = broker.Producer(c => c.TransactionalId = "tx");
        Should.Throw<KafkaException>(() => producer.InitTransactions(Kafka.Patience)).Error.Code.ShouldBe(ErrorCode.TransactionalIdAuthorizationFailed);
    }

    [Fact]
    public async Task A_waiting_reader_gets_a_record_as_soon_as_it_is_sent()
    {
        var topic = await broker.CreateTopicAsync();
        using var reader = broker.Consumer(Kafka.NewName("reader"), c => (c.FetchWaitMaxMs, c.EnablePartitionEof) = (20_000, false));
        reader.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        using var producer = broker.Producer();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "warm-up" }, TestContext.Current.CancellationToken);
        reader.Consume(Kafka.Patience).Message.Value.ShouldBe("warm-up");

        var started = TimeProvider.System.GetTimestamp();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "now" }, TestContext.Current.CancellationToken);
        reader.Consume(Kafka.Patience).Message.Value.ShouldBe("now");
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5), "the fetch would have waited for 20 s");
    }
}
