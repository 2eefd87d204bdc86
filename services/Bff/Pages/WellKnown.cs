using System.Globalization;
using System.Text;
using Blog.ServiceDefaults;

namespace Blog.Bff.Pages;

/// <summary>What programs look for at addresses that are the same on every site (RFC 8615). openid-configuration is Identity's.</summary>
static class WellKnown
{
    /// <summary>How long a security.txt is good for: RFC 9116 §2.5.5 recommends less than a year.</summary>
    const int MonthsGood = 6;

    public static void MapWellKnown(this WebApplication app)
    {
        // W3C, "A Well-Known URL for Changing Passwords": a redirect that is not permanent.
        app.MapGet("/.well-known/change-password", () => Results.Redirect("/account/forgot")).ExcludeFromDescription();
        app.MapGet("/.well-known/security.txt", SecurityText).ExcludeFromDescription();
    }

    /// <summary>RFC 9116, from <c>Blog:Security</c>: Contact (addresses such as mailto:security@…, most preferred first), Policy. Without a contact there is none.</summary>
    static IResult SecurityText(HttpContext http, IConfiguration configuration, TimeProvider time)
    {
        var contacts = configuration.GetSection("Blog:Security:Contact").Get<string[]>() ?? (configuration["Blog:Security:Contact"] is { Length: > 0 } one ? [one] : []);
        if (contacts.Length == 0) return Results.NotFound();
        var now = time.GetUtcNow();
        // From the first of the month, so that the text is the same for a month.
        var expires = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(MonthsGood);
        var text = new StringBuilder();
        foreach (var contact in contacts) text.Append(CultureInfo.InvariantCulture, $"Contact: {contact}\n");
        text.Append(CultureInfo.InvariantCulture, $"Expires: {expires:yyyy-MM-ddTHH:mm:ssZ}\nCanonical: {configuration.PublicOrigin()}/.well-known/security.txt\n");
        if (configuration["Blog:Security:Policy"] is { Length: > 0 } policy) text.Append(CultureInfo.InvariantCulture, $"Policy: {policy}\n");
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(text.ToString(), "text/plain", Encoding.UTF8);
    }
}
