namespace Blog.ServiceDefaults.Events;

/// <summary>The topics of the broker: one message type each, keyed by the aggregate's id. See <c>protos/blog/events/v1</c>.</summary>
public static class Topics
{
    /// <summary><c>blog.events.v1.ArticleChanged</c>, keyed by the article's id.</summary>
    public const string Articles = "content.articles.v1";

    /// <summary><c>blog.events.v1.ProfileChanged</c>, keyed by the profile's id.</summary>
    public const string Profiles = "users.profiles.v1";
}
