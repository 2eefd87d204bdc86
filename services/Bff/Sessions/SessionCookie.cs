namespace Blog.Bff.Sessions;

/// <summary>The cookies of the BFF. <c>__Host-</c>: set by this host only, for all its paths, and only where it is secure (RFC 6265bis §4.1.3.2).</summary>
static class SessionCookie
{
    public const string Name = "__Host-blog";
    const string SignInPrefix = "__Host-blog-signin-";

    /// <summary>Each sign-in has a cookie of its own, so that two tabs do not disturb each other.</summary>
    public static string SignInName(string state) => SignInPrefix + state[..8];

    public static bool IsOurs(string name) => name.StartsWith(Name, StringComparison.Ordinal);

    public static SessionSecret? SessionSecret(this HttpRequest request) => Sessions.SessionSecret.Parse(request.Cookies[Name]);

    public static void Set(this IResponseCookies cookies, string name, string value, TimeSpan maxAge) => cookies.Append(name, value, Options(maxAge));

    /// <summary>
    /// Tells our own scripts whether asking /bff/user can be worth while. It says nothing about whom, and nothing here believes it.
    /// </summary>
    public static void SetHint(this IResponseCookies cookies, bool signedIn) =>
        cookies.Append("blog-signed-in", signedIn ? "1" : "0", new() { Secure = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromDays(30) });

    public static void Clear(this IResponseCookies cookies, string name) => cookies.Delete(name, Options(null));

    static CookieOptions Options(TimeSpan? maxAge) => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = maxAge };
}
