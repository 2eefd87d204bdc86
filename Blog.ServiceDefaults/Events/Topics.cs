namespace Blog.ServiceDefaults.Events;

/// <summary>The topics of the broker: one message type each, keyed by the aggregate's id. See <c>protos/blog/events/v1</c>.</summary>
public static class Topics
{
    /// <summary><c>blog.events.v1.ArticleChanged</c>, keyed by the article's id.</summary>
    public const string Articles = "content.articles.v1";

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
}
