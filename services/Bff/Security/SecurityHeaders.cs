using Blog.ServiceDefaults;
using Microsoft.Extensions.Primitives;

namespace Blog.Bff.Security;

/// <summary>The headers every response carries. Identity and Content send a policy of their own where theirs is stricter.</summary>
sealed class SecurityHeaders(IConfiguration configuration)
{
    static readonly object NonceKey = new();

    readonly bool https = configuration.PublicOrigin().StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Apart from the Content Security Policy.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Fixed { get; } =
    [
        new("X-Content-Type-Options", "nosniff"),
        new("Referrer-Policy", "strict-origin-when-cross-origin"),
        new("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        new("Cross-Origin-Opener-Policy", "same-origin"),
        .. configuration.PublicOrigin().StartsWith("https:", StringComparison.OrdinalIgnoreCase)
            ? [new KeyValuePair<string, StringValues>("Strict-Transport-Security", "max-age=31536000; includeSubDomains")]
            : Array.Empty<KeyValuePair<string, StringValues>>(),
    ];

    public string Policy(params IEnumerable<string> scripts) => ContentPolicy.For(scripts, https);

    /// <summary>The nonce that the site is to stamp on its own scripts in this response.</summary>
    public static string NonceOf(HttpContext http)
    {
        if (http.Items.TryGetValue(NonceKey, out var known)) return (string)known!;
        var nonce = ContentPolicy.NewNonce();
        http.Items[NonceKey] = nonce;
        return nonce;
    }

    /// <summary>Whoever knows the address may read what is there: it is told to nobody.</summary>
    static bool IsKey(PathString path) => path.StartsWithSegments("/drafts");

    public void Apply(HttpContext http)
    {
        var headers = http.Response.Headers;
        foreach (var (name, value) in Fixed) headers[name] = value;
        if (IsKey(http.Request.Path)) headers["Referrer-Policy"] = "no-referrer";
        headers.Remove("Server");
        headers.Remove("X-Powered-By");
        headers.Remove("Cache-Tags");
        if (headers.ContentSecurityPolicy.Count > 0) return;
        headers.ContentSecurityPolicy = http.Items.ContainsKey(NonceKey) ? Policy($"'nonce-{NonceOf(http)}'") : Policy();
    }
}

static class SecurityHeadersMiddleware
{
    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        var headers = app.ApplicationServices.GetRequiredService<SecurityHeaders>();
        app.Use(next => context =>
        {
            context.Response.OnStarting(static state =>
            {
                var (headers, context) = ((SecurityHeaders, HttpContext))state;
                headers.Apply(context);
                return Task.CompletedTask;
            }, (headers, context));
            return next(context);
        });
    }
}
