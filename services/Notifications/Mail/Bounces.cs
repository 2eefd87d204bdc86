using System.Text;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Mail;

namespace Blog.Notifications.Mail;

/// <summary>
/// What comes back hours after a mail server took a message: delivery status notifications (RFC 3464). Whatever reads the mailbox of Mail:From (a filter of the mail server, a
/// fetcher) posts each message as it is to <c>/mail/bounces</c> of this service, with the token of a service. Only what answers a message of ours counts.
/// </summary>
static class Bounces
{
    const int MaxBytes = 1024 * 1024;

    /// <param name="Dead">Recipients that nothing is sent to any more.</param>
    internal sealed record Report(int Dead);

    public static void MapBounces(this IEndpointRouteBuilder app) => app.MapPost("/mail/bounces", async (HttpRequest request, NotificationsDbContext db, MailOptions mail, TimeProvider time, CancellationToken cancel) =>
    {
        if (request.ContentLength is null or > MaxBytes) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var dead = DeadIn(await reader.ReadToEndAsync(cancel), mail.From.Host);
        foreach (var (address, status) in dead) await db.BuryAsync(address, status, time.GetUtcNow(), cancel);
        return Results.Ok(new Report(dead.Count));
    }).RequireAuthorization(Policies.Service);

    /// <summary>Recipients that failed for good (RFC 3464 §2.3), when the report is about a message with a Message-ID of this host.</summary>
    internal static IReadOnlyList<(string Address, string Status)> DeadIn(string message, string ourHost)
    {
        message = message.ReplaceLineEndings("\n");
        if (!message.Contains($"@{ourHost}>\n", StringComparison.OrdinalIgnoreCase) || message.IndexOf("message/delivery-status", StringComparison.OrdinalIgnoreCase) is not (>= 0 and var at)) return [];
        var dead = new List<(string, string)>();
        foreach (var group in message[at..].Split("\n\n"))
        {
            var fields = Fields(group);
            if (fields.GetValueOrDefault("action")?.Equals("failed", StringComparison.OrdinalIgnoreCase) == true
                && fields.GetValueOrDefault("status")?.Split(' ', 2)[0] is { } status && MailStatus.IsHardBounce(null, status)
                && (fields.GetValueOrDefault("original-recipient") ?? fields.GetValueOrDefault("final-recipient"))?.Split(';', 2) is [_, var address])
                dead.Add((address.Trim(), status));
        }
        return dead;
    }

    static Dictionary<string, string> Fields(string group)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in group.Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal).Split('\n'))
            if (line.Split(':', 2) is [var name, var value]) fields[name.Trim()] = value.Trim();
        return fields;
    }
}
