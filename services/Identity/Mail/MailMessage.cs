using System.Net;

namespace Blog.Identity.Mail;

/// <summary>A message that waits in the outbox until the mail server has taken it.</summary>
public sealed class MailMessage
{
    public required Guid Id { get; init; }
    public required string Recipient { get; init; }
    public required string Subject { get; init; }
    public required string TextBody { get; init; }
    public required string HtmlBody { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    public int Attempts { get; set; }
    public DateTimeOffset NextAttemptTime { get; set; }

    /// <summary>A message of one thought: what happened, one link to follow, what to do when it was not you.</summary>
    public static MailMessage Compose(TimeProvider time, string recipient, string subject, string opening, (string Label, string Url)? action, string closing)
    {
        var now = time.GetUtcNow();
        static string Html(string text) => WebUtility.HtmlEncode(text);
        var button = action is var (label, url)
            ? $"""<p style="margin:24px 0"><a href="{Html(url)}" style="display:inline-block;padding:12px 20px;border-radius:4px;background:#15171a;color:#ffffff;text-decoration:none;font-weight:600">{Html(label)}</a></p>""" +
              $"""<p style="margin:0 0 16px;font-size:13px;color:#646b74">Or copy this address into your browser:<br><a href="{Html(url)}" style="color:#1c4fb8;word-break:break-all">{Html(url)}</a></p>"""
            : "";
        return new MailMessage
        {
            Id = Guid.CreateVersion7(now),
            Recipient = recipient,
            Subject = subject,
            CreateTime = now,
            NextAttemptTime = now,
            TextBody = action is var (label2, url2) ? $"{opening}\n\n{label2}:\n{url2}\n\n{closing}\n\nBlog\n" : $"{opening}\n\n{closing}\n\nBlog\n",
            HtmlBody = $"""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{Html(subject)}</title></head>
                <body style="margin:0;padding:32px 20px;font:16px/24px Inter,system-ui,-apple-system,'Segoe UI',sans-serif">
                <div style="max-width:480px;margin:0 auto">
                <p style="margin:0 0 24px;font:700 26px/1 Georgia,serif;letter-spacing:-.03em">Blog</p>
                <h1 style="margin:0 0 12px;font:600 24px/30px Georgia,serif">{Html(subject)}</h1>
                <p style="margin:0">{Html(opening)}</p>
                {button}
                <p style="margin:16px 0 0;font-size:13px;color:#646b74">{Html(closing)}</p>
                </div></body></html>
                """,
        };
    }
}
