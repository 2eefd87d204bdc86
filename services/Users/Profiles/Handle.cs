using System.Text.RegularExpressions;

namespace Blog.Users.Profiles;

/// <summary>The name in a person's address (/@handle): 2 to 30 of a-z and 0-9 with single hyphens or underscores inside. Written in any case, kept in lower case.</summary>
static partial class Handle
{
    public const int MinLength = 2, MaxLength = 30;

    // Paths of the site and words that would let someone pose as the operator.
    static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "about", "abuse", "access", "account", "accounts", "admin", "administrator", "admins", "alive", "anonymous", "api", "app", "apps", "archive",
        "article", "articles", "assets", "auth", "author", "authors", "autoconfig", "avatar", "backup", "bff", "billing", "blog", "blogs", "bookmark",
        "bookmarks", "bot", "business", "callback", "campaign", "category", "cdn", "checkout", "claps", "comment", "comments", "connect", "console",
        "contact", "content", "cookie", "cookies", "copyright", "dashboard", "data", "delete", "deleted", "dev", "developer", "developers", "dns", "docs",
        "domain", "download", "draft", "drafts", "edit", "editor", "editors", "email", "embed", "error", "errors", "everyone", "explore", "export",
        "favicon", "feed", "feeds", "file", "files", "follow", "followers", "following", "font", "fonts", "forgot", "ftp", "gift", "health", "help",
        "highlights", "home", "host", "hostmaster", "icon", "identity", "image", "images", "img", "import", "inbox", "index", "info", "invite", "item",
        "javascript", "job", "jobs", "js", "json", "latest", "legal", "library", "list", "lists", "live", "local", "localhost", "login", "logo", "logout",
        "mail", "mailer-daemon", "manifest", "me", "media", "member", "members", "membership", "message", "messages", "metrics", "mod", "moderator",
        "moderators", "my", "network", "new", "news", "newsletter", "newsletters", "next", "nobody", "noreply", "no-reply", "notification",
        "notifications", "null", "oauth", "oauth2", "official", "oidc", "openid", "operator", "order", "owner", "page", "pages", "passkey", "passkeys",
        "password", "pay", "payment", "payments", "people", "person", "plans", "postmaster", "preview", "pricing", "privacy", "private", "profile",
        "profiles", "public", "publication", "publications", "publish", "reader", "readers", "recommended", "redirect", "refund", "register",
        "registration", "report", "reports", "reset", "robots", "role", "root", "rss", "rules", "save", "saved", "script", "search", "secure", "security",
        "self", "series", "server", "service", "services", "session", "sessions", "setting", "settings", "share", "shop", "signin", "sign-in", "signout",
        "sign-out", "signup", "sign-up", "site", "sitemap", "sql", "staff", "static", "stats", "status", "stories", "story", "style", "styles",
        "subscribe", "subscriber", "subscription", "subscriptions", "support", "sysadmin", "system", "tag", "tags", "team", "terms", "test", "theme",
        "tip", "tips", "token", "topic", "topics", "tos", "trending", "undefined", "unsubscribe", "update", "upload", "uploads", "user", "username",
        "users", "verify", "video", "view", "webhook", "webhooks", "webmaster", "well-known", "widget", "wiki", "write", "writer", "writers", "www", "you",
    };

    [GeneratedRegex("^[a-z0-9]+(?:[-_][a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    /// <summary>How a handle is kept and compared: without a leading @ and in lower case.</summary>
    public static string Normalize(string written)
    {
        var trimmed = written.Trim();
        return (trimmed.StartsWith('@') ? trimmed[1..] : trimmed).ToLowerInvariant();
    }

    /// <summary>What is wrong with a normalized handle, in words for the person who chose it; null when nothing is.</summary>
    public static string? Problem(string handle) => handle switch
    {
        "" => "Choose a handle: it becomes the address of your page.",
        { Length: < MinLength } => $"A handle has at least {MinLength} characters.",
        { Length: > MaxLength } => $"A handle has at most {MaxLength} characters; this one has {handle.Length}.",
        _ when !Form.IsMatch(handle) => "Use the letters a to z, digits, and single hyphens or underscores between them.",
        _ when Reserved.Contains(handle) => $"“{handle}” is kept for Blog itself. Choose another handle.",
        _ => null,
    };
}
