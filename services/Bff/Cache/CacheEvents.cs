using Blog.Bff.Sessions;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Confluent.Kafka;
using Google.Protobuf;

namespace Blog.Bff.Cache;

/// <summary>
/// Follows the events of articles, profiles, follows, applause and responses, and evicts what they concern. Every instance reads everything (a group of its own, from
/// the present on). After a time without broker nobody knows what was missed, so everything is evicted.
/// </summary>
sealed class CacheEvents(IConfiguration configuration, PageCache cache, FollowEvictions follows, KnownProfiles profiles, ILogger<CacheEvents> logger) : BackgroundService
{
    internal static readonly string[] Followed =
    [
        Topics.Articles, Topics.Publications, Topics.Series, Topics.Translations, Topics.Profiles, Topics.Follows, Topics.Claps, Topics.Responses, Topics.ReadingLists, Topics.Highlights, Topics.Anchors,
    ];

    static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(2);

    volatile bool gap;
    volatile bool assignedBefore;
    /// <summary>Topics that did not exist when this instance began to follow.</summary>
    readonly HashSet<string> born = new(StringComparer.Ordinal);

    /// <summary>Whether events arrive; false from the loss of the broker until it was reached again.</summary>
    public bool IsFollowing => assignedBefore && !gap;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => configuration.GetConnectionString("broker") is { Length: > 0 } broker
        ? Task.Factory.StartNew(() => Follow(broker, stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.CompletedTask;

    void Follow(string broker, CancellationToken ct)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = broker,
            GroupId = $"bff-cache-{Guid.CreateVersion7():N}",
            AutoOffsetReset = AutoOffsetReset.Latest,
            EnableAutoCommit = false,
            AllowAutoCreateTopics = true,
            TopicMetadataRefreshIntervalMs = 5_000,
            ReconnectBackoffMs = 100,
            ReconnectBackoffMaxMs = 1_000,
            FetchWaitMaxMs = 100,
            SocketKeepaliveEnable = true,
        };
        using var consumer = new ConsumerBuilder<string, byte[]>(config)
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => logger.LogDebug("{Message}", message.Message))
            .SetPartitionsAssignedHandler(StartOf)
            .Build();
        consumer.Subscribe(Followed);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(Wait) is { Message: { } message } record) Apply(record.Topic, message.Value);
                if (gap && Reaches(consumer))
                {
                    gap = false;
                    cache.EvictEverything();
                    logger.LogInformation("The broker is back; every cached answer will be fetched anew");
                }
            }
            catch (ConsumeException exception) when (exception.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
            {
                born.Add(exception.ConsumerRecord.Topic);
            }
            catch (KafkaException exception)
            {
                OnError(exception.Error);
            }
        }

        consumer.Close();
    }

    /// <summary>
    /// From the present on; a topic that did not exist yet is read from its beginning, as all of it is news. What passed between two assignments
    /// is not known.
    /// </summary>
    IEnumerable<TopicPartitionOffset> StartOf(IConsumer<string, byte[]> consumer, List<TopicPartition> partitions)
    {
        if (assignedBefore) gap = true;
        var start = partitions.Select(partition => new TopicPartitionOffset(partition, born.Contains(partition.Topic) ? Offset.Beginning : Present(consumer, partition))).ToArray();
        if (partitions.Count > 0) assignedBefore = true;
        return start;
    }

    /// <summary>As a number: "the end" would be looked up with the first fetch, and what arrives until then would be skipped.</summary>
    Offset Present(IConsumer<string, byte[]> consumer, TopicPartition partition)
    {
        try
        {
            return consumer.QueryWatermarkOffsets(partition, BrokerPatience).High;
        }
        catch (KafkaException exception)
        {
            OnError(exception.Error);
            return Offset.End;
        }
    }

    void OnError(Error error)
    {
        if (!gap) logger.LogWarning("Events do not arrive: {Reason}", error.Reason);
        gap = true;
    }

    static bool Reaches(IConsumer<string, byte[]> consumer)
    {
        if (consumer.Assignment is not [var partition, ..]) return false;
        try
        {
            consumer.QueryWatermarkOffsets(partition, BrokerPatience);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    internal void Apply(string topic, byte[] payload)
    {
        try
        {
            if (topic == Topics.Articles) Apply(ArticleChanged.Parser.ParseFrom(payload));
            else if (topic == Topics.Publications) Apply(PublicationChanged.Parser.ParseFrom(payload));
            else if (topic == Topics.Series) Apply(SeriesChanged.Parser.ParseFrom(payload));
            else if (topic == Topics.Translations) Apply(TranslationsChanged.Parser.ParseFrom(payload));
            else if (topic == Topics.Profiles) Apply(ProfileChanged.Parser.ParseFrom(payload));
            else if (topic == Topics.ReadingLists) cache.ListsChanged(ReadingListChanged.Parser.ParseFrom(payload).OwnerId);
            else if (topic == Topics.Claps) cache.CountsChanged(ClapsChanged.Parser.ParseFrom(payload).SubjectId);
            else if (topic == Topics.Responses) Apply(ResponseChanged.Parser.ParseFrom(payload));
            else if (topic == Topics.Follows) Apply(FollowChanged.Parser.ParseFrom(payload));
            else if (topic == Topics.Highlights) cache.HighlightsChanged(HighlightChanged.Parser.ParseFrom(payload).ArticleId);
            else if (topic == Topics.Anchors) cache.HighlightsChanged(HighlightsMoved.Parser.ParseFrom(payload).ArticleId);
        }
        catch (InvalidProtocolBufferException exception)
        {
            // It said that something changed, though not what.
            logger.LogError(exception, "An event of {Topic} cannot be read", topic);
            cache.EvictEverything();
        }
    }

    void Apply(ArticleChanged changed)
    {
        string[] slugs = [changed.Slug, changed.FormerSlug];
        string[] authors = [changed.AuthorId, .. changed.AuthorIds, .. changed.FormerAuthorIds];
        if (changed.Change is ArticleChanged.Types.Change.Unpublished or ArticleChanged.Types.Change.Deleted)
            cache.ArticleRemoved(changed.ArticleId, authors, slugs, changed.TopicSlugs);
        else
            cache.ArticleChanged(changed.ArticleId, authors, slugs, changed.TopicSlugs);
        foreach (var publication in (string[])[changed.PublicationId, changed.FormerPublicationId])
            if (publication.Length > 0) cache.PublicationChanged(publication, []);
        // Its other parts say how many there are.
        if (changed.SeriesId.Length > 0) cache.SeriesChanged(changed.SeriesId, changed.AuthorId, []);
        // Its translations lead to it.
        if (changed.TranslationGroupId.Length > 0) cache.TranslationsChanged(changed.TranslationGroupId, []);
    }

    void Apply(TranslationsChanged changed) => cache.TranslationsChanged(changed.GroupId, changed.ArticleIds);

    void Apply(SeriesChanged changed) => cache.SeriesChanged(changed.SeriesId, changed.OwnerId, changed.ArticleIds);

    void Apply(PublicationChanged changed) => cache.PublicationChanged(changed.PublicationId, [changed.Slug, changed.FormerSlug]);

    void Apply(ResponseChanged changed) =>
        cache.ResponsesChanged(changed.ArticleId, isGone: changed.Change is ResponseChanged.Types.Change.Deleted or ResponseChanged.Types.Change.Hidden);

    void Apply(FollowChanged changed)
    {
        follows.Add(changed.FollowerId);
        if (changed.Target is FollowTarget.Person or FollowTarget.Publication) follows.Add(changed.TargetId);
    }

    void Apply(ProfileChanged changed)
    {
        profiles.Outdate(changed.ProfileId);
        cache.ProfileChanged(changed.ProfileId, [changed.Handle, changed.FormerHandle]);
    }
}
