namespace Blog.Broker.Tests;

public sealed class GroupTests(BrokerFixture broker)
{
    static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_of_a_group_share_the_partitions_and_take_over_from_one_that_leaves()
    {
        var topic = await broker.CreateTopicAsync(partitions: 4);
        var group = Kafka.NewName("group");
        List<TopicPartition> first = [], second = [];
        using var one = broker.Consumer(group, assigned: p => first = [.. p]);
        using var two = broker.Consumer(group, assigned: p => second = [.. p]);
        one.Subscribe(topic);
        Kafka.PollUntil(() => first.Count == 4, [one]);

        two.Subscribe(topic);
        Kafka.PollUntil(() => first.Count == 2 && second.Count == 2, [one, two]);
        first.Concat(second).Select(p => p.Partition.Value).Order().ShouldBe([0, 1, 2, 3]);

        one.Close();
        Kafka.PollUntil(() => second.Count == 4, [two]);
    }

    [Fact]
    public async Task Three_members_that_start_together_all_get_partitions_and_read_every_record_once()
    {
        var topic = await broker.CreateTopicAsync(partitions: 6);
        for (var partition = 0; partition < 6; partition++)
            await broker.SendAsync(topic, partition, Enumerable.Range(0, 10).Select(i => $"{partition}/{i}"));
        var group = Kafka.NewName("group");
        var read = new List<string>();
        var members = Enumerable.Range(0, 3).Select(_ => broker.Consumer(group)).ToList();
        members.ForEach(m => m.Subscribe(topic));

        Kafka.PollUntil(() => members.TrueForAll(m => m.Assignment.Count == 2), members, r => read.Add(r.Message.Value));
        Kafka.PollUntil(() => read.Distinct().Count() == 60, members, r => read.Add(r.Message.Value));

        members.ForEach(m => m.Close());
        members.ForEach(m => m.Dispose());
        read.Distinct().Count().ShouldBe(60);
    }

    [Fact]
    public async Task The_partitions_of_a_member_that_died_go_to_the_others_after_its_session_time_out()
    {
        var topic = await broker.CreateTopicAsync(partitions: 2);
        var group = Kafka.NewName("group");
        using var raw = await RawClient.ConnectAsync(broker.Port);
        // A member that joins and then neither sends a heartbeat nor leaves.
        var ghost = await raw.JoinAloneAsync(group, topic, sessionMs: 500);
        ghost.ShouldNotBeEmpty();

        using var survivor = broker.Consumer(group);
        survivor.Subscribe(topic);
        Kafka.PollUntil(() => survivor.Assignment.Count == 2, [survivor]);
        survivor.Close();
    }

    [Fact]
    public async Task A_group_resumes_where_it_committed_also_after_the_broker_restarted()
    {
        await using var own = new BrokerFixture();
        await own.StartAsync();
        var topic = await own.CreateTopicAsync();
        await own.SendAsync(topic, 0, Enumerable.Range(0, 10).Select(i => $"{i}"));
        var group = Kafka.NewName("group");
        using (var reader = own.Consumer(group))
        {
            reader.Subscribe(topic);
            ConsumeResult<string, string>? fourth = null;
            Kafka.PollUntil(() => fourth is not null, [reader], r => fourth = r.Offset == 3 ? r : fourth);
            reader.Commit(fourth!);
            reader.Close();
        }

        await own.StopAsync("KILL");
        await own.StartAsync();

        using var next = own.Consumer(group);
        next.Subscribe(topic);
        string? resumed = null;
        Kafka.PollUntil(() => resumed is not null, [next], r => resumed ??= r.Message.Value);
        resumed.ShouldBe("4");
        next.Committed([new TopicPartition(topic, 0)], Kafka.Patience).Single().Offset.Value.ShouldBe(4);
        next.Close();
    }

    [Fact]
    public async Task Members_join_again_by_themselves_when_the_broker_comes_back()
    {
        await using var own = new BrokerFixture();
        await own.StartAsync();
        var topic = await own.CreateTopicAsync(partitions: 2);
        using var reader = own.Consumer(Kafka.NewName("group"));
        reader.Subscribe(topic);
        Kafka.PollUntil(() => reader.Assignment.Count == 2, [reader]);

        await own.StopAsync("KILL");
        await own.StartAsync();

        await own.SendAsync(topic, 1, ["after"]);
        string? received = null;
        Kafka.PollUntil(() => received is not null, [reader], r => received = r.Message.Value);
        received.ShouldBe("after");
        reader.Close();
    }

    [Fact]
    public async Task A_member_of_an_earlier_generation_cannot_commit()
    {
        var topic = await broker.CreateTopicAsync();
        var group = Kafka.NewName("group");
        using var raw = await RawClient.ConnectAsync(broker.Port);
        var member = await raw.JoinAloneAsync(group, topic, sessionMs: 30_000);

        (await raw.CommitAsync(group, generation: 1, member, topic, offset: 0)).ShouldBe(ErrorCode.NoError);
        (await raw.CommitAsync(group, generation: 0, member, topic, offset: 0)).ShouldBe(ErrorCode.IllegalGeneration);
        (await raw.CommitAsync(group, generation: 1, "somebody-else", topic, offset: 0)).ShouldBe(ErrorCode.UnknownMemberId);
        (await raw.CommitAsync(group, generation: -1, "", topic, offset: 0)).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public async Task A_static_member_that_returns_takes_the_place_of_its_former_self()
    {
        var topic = await broker.CreateTopicAsync(partitions: 2);
        var group = Kafka.NewName("group");
        void AsInstance(ConsumerConfig c) => (c.GroupInstanceId, c.SessionTimeoutMs) = ("instance-1", 30_000);

        using var before = broker.Consumer(group, AsInstance);
        before.Subscribe(topic);
        Kafka.PollUntil(() => before.Assignment.Count == 2, [before]);
        using var after = broker.Consumer(group, AsInstance);
        after.Subscribe(topic);
        // Had the former member stayed in the group, each would have got one partition.
        Kafka.PollUntil(() => after.Assignment.Count == 2, [after]);

        Should.Throw<KafkaException>(() => Kafka.PollUntil(() => false, [before])).Error.Code.ShouldBe(ErrorCode.FencedInstanceId);
        after.Close();
    }

    [Fact]
    public async Task Groups_can_be_listed_and_described()
    {
        var topic = await broker.CreateTopicAsync();
        var group = Kafka.NewName("group");
        using var reader = broker.Consumer(group, c => c.ClientId = "the-reader");
        reader.Subscribe(topic);
        Kafka.PollUntil(() => reader.Assignment.Count == 1, [reader]);

        using var admin = broker.Admin();
        var found = await Task.Run(() => admin.ListGroup(group, Kafka.Patience), Cancellation);
        found.State.ShouldBe("Stable");
        found.ProtocolType.ShouldBe("consumer");
        found.Members.ShouldHaveSingleItem().ClientId.ShouldBe("the-reader");
        await Should.ThrowAsync<Confluent.Kafka.Admin.DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]));

        reader.Close();
        await admin.DeleteGroupsAsync([group]);
        (await Task.Run(() => admin.ListGroup(group, Kafka.Patience), Cancellation)).ShouldBeNull();
    }
}
