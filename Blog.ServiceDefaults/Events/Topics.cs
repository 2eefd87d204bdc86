using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Blog.ServiceDefaults.Events;

/// <summary>The topics of the broker: one message type each, keyed by the aggregate's id. See <c>protos/blog/events/v1</c>.</summary>
public static class Topics
{
    /// <summary><c>blog.events.v1.ArticleChanged</c>, keyed by the article's id.</summary>
    public const string Articles = "content.articles.v1";

    /// <summary><c>blog.events.v1.DraftChanged</c>, keyed by the article's id.</summary>
    public const string Drafts = "content.drafts.v1";

    /// <summary><c>blog.events.v1.ScheduleMissed</c>, keyed by the article's id.</summary>
    public const string Schedules = "content.schedules.v1";

    /// <summary><c>blog.events.v1.SeriesChanged</c>, keyed by the id of the series.</summary>
    public const string Series = "content.series.v1";

    /// <summary><c>blog.events.v1.TranslationsChanged</c>, keyed by the id of the group.</summary>
    public const string Translations = "content.translations.v1";

    /// <summary><c>blog.events.v1.ReviewCommented</c>, keyed by the article's id.</summary>
    public const string Reviews = "content.reviews.v1";

    /// <summary><c>blog.events.v1.InvitationChanged</c>, keyed by the id of the person who is invited.</summary>
    public const string Invitations = "content.invitations.v1";

    /// <summary><c>blog.events.v1.PublicationChanged</c>, keyed by the publication's id.</summary>
    public const string Publications = "content.publications.v1";

    /// <summary><c>blog.events.v1.SubmissionChanged</c>, keyed by the submission's id.</summary>
    public const string Submissions = "content.submissions.v1";

    /// <summary><c>blog.events.v1.ProfileChanged</c>, keyed by the profile's id.</summary>
    public const string Profiles = "users.profiles.v1";

    /// <summary><c>blog.events.v1.FollowChanged</c>, keyed by the follower's id.</summary>
    public const string Follows = "users.follows.v1";

    /// <summary><c>blog.events.v1.RelationChanged</c>, keyed by the id of the person who decided.</summary>
    public const string Relations = "users.relations.v1";

    /// <summary><c>blog.events.v1.ClapsChanged</c>, keyed by the id of the article or response.</summary>
    public const string Claps = "interactions.claps.v1";

    /// <summary><c>blog.events.v1.ResponseChanged</c>, keyed by the article's id.</summary>
    public const string Responses = "interactions.responses.v1";

    /// <summary><c>blog.events.v1.HighlightChanged</c>, keyed by the article's id.</summary>
    public const string Highlights = "interactions.highlights.v1";

    /// <summary><c>blog.events.v1.ReadingListChanged</c>, keyed by the list's id.</summary>
    public const string ReadingLists = "interactions.lists.v1";

    /// <summary><c>blog.events.v1.HighlightsMoved</c>, keyed by the article's id.</summary>
    public const string Anchors = "interactions.anchors.v1";

    /// <summary><c>blog.events.v1.ReadingChanged</c>, keyed by the reader's id.</summary>
    public const string Reads = "interactions.reads.v1";

    /// <summary><c>blog.events.v1.SaveChanged</c>, keyed by the id of the person who saves.</summary>
    public const string Saves = "interactions.saves.v1";

    /// <summary><c>blog.events.v1.TurnDownChanged</c>, keyed by the id of the person who does not want to see it.</summary>
    public const string TurnDowns = "recommendations.turn-downs.v1";

    /// <summary><c>blog.events.v1.ExperimentExposed</c>, keyed by the id of the person who was shown a page.</summary>
    public const string Exposures = "recommendations.exposures.v1";

    /// <summary>
    /// Partitions of each topic. It bounds how many events of a topic are handled at once, by all instances of a service together. It cannot change
    /// for a topic that holds events: a key would move to another partition and overtake itself.
    /// </summary>
    public const int Partitions = 8;

    /// <summary>Every topic that is a constant here.</summary>
    public static IReadOnlyList<string> All { get; } = [.. typeof(Topics).GetFields().Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!)];

    /// <summary>The service that publishes a topic: the first word of its name.</summary>
    public static string OwnerOf(string topic) => topic.Split('.')[0];

    /// <summary>Where a copy of what a consumer group could not handle goes.</summary>
    public static string DeadLettersOf(string group) => $"{group}.dead.v1";

    /// <summary>Makes the topics that are missing. Any number of processes may do so at once.</summary>
    /// <exception cref="KafkaException">The broker is away.</exception>
    internal static async Task EnsureAsync(IAdminClient admin, IEnumerable<string> topics)
    {
        var wanted = topics.ToList();
        if (wanted.Count == 0) return;
        var known = admin.GetMetadata(BrokerPatience).Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
        var missing = wanted.Where(topic => !known.ContainsKey(topic)).ToList();
        if (missing.Count == 0) return;
        try
        {
            await admin.CreateTopicsAsync(missing.Select(topic => new TopicSpecification { Name = topic, NumPartitions = Partitions, ReplicationFactor = -1 }),
                new() { RequestTimeout = BrokerPatience, OperationTimeout = BrokerPatience });
        }
        catch (CreateTopicsException exception) when (exception.Results.All(topic => topic.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Another process was faster.
        }
    }

    internal static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(3);
}
