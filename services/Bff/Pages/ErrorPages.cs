using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace Blog.Bff.Pages;

/// <summary>The few pages the BFF has of its own: for when the site cannot be asked. Self-contained, light and dark.</summary>
static class ErrorPages
{
    public static ErrorPageResult SiteAway() => new(
        StatusCodes.Status503ServiceUnavailable, "We’ll be right back",
        "This page cannot be shown for the moment. Nothing is lost. Please try again shortly.", "", "Try again");

    public static ErrorPageResult TooManyRequests(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, "A little slower, please",
        "Many requests came from your network in a short time. Please try again in a moment.", "", "Try again") { RetryAfter = wait };

    public static ErrorPageResult SignInFailed() => new(
        StatusCodes.Status400BadRequest, "Signing in did not work",
        "The link was used before, is too old, or was opened in another browser. Please begin again.", "/bff/login", "Sign in");

    public static ErrorPageResult SignInAway(string returnUrl) => new(
        StatusCodes.Status503ServiceUnavailable, "Signing in is not possible right now",
        "You can go on reading. Please try again in a moment.", $"/bff/login?returnUrl={Uri.EscapeDataString(returnUrl)}", "Try again");

    public static ErrorPageResult SignOutUnproven(string logoutUrl) => new(
        StatusCodes.Status400BadRequest, "Sign out?",
        "The link that brought you here did not come from this site, so you are still signed in.", logoutUrl, "Sign out");
}

/// <param name="LinkUrl">Empty: the same address again.</param>
sealed record ErrorPageResult(int Status, string Title, string Text, string LinkUrl, string LinkText) : IResult, IEndpointMetadataProvider
{
    const string Style =
        ":root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.125rem/1.6 Georgia,'Iowan Old Style',serif;"
        + "background:light-dark(#fff,#121212);color:light-dark(#1a1a1a,#e8e6e3)}main{max-width:34rem;padding:2rem}"
        + "h1{font-size:2rem;line-height:1.2;margin:0 0 .75rem}p{margin:0 0 1.5rem;color:light-dark(#4a4a4a,#b5b2ad)}"
        + "a{display:inline-block;font:500 1rem/1 system-ui,sans-serif;padding:.8rem 1.25rem;border-radius:999px;text-decoration:none;"
        + "background:light-dark(#1a1a1a,#e8e6e3);color:light-dark(#fff,#121212)}a:focus-visible{outline:3px solid #3b82f6;outline-offset:3px}";

    static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(5);

    public TimeSpan? RetryAfter { get; init; }

    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, null, ["text/html"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-store";
        if (Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            response.Headers.RetryAfter = Math.Ceiling((RetryAfter ?? ShortWait).TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;

        var title = WebUtility.HtmlEncode(Title);
        await response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{title}</title><style>{Style}</style></head>
            <body><main><h1>{title}</h1><p>{WebUtility.HtmlEncode(Text)}</p><a href="{WebUtility.HtmlEncode(LinkUrl)}">{WebUtility.HtmlEncode(LinkText)}</a></main></body>
            </html>

            """, httpContext.RequestAborted);
    }
}
