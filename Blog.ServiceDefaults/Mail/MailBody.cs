using System.Globalization;
using System.Net;
using System.Text;

namespace Blog.ServiceDefaults.Mail;

/// <summary>
/// The body of a message, as text and as HTML from the same pieces. The HTML is one column without tables, in the blog's type, and states both colour schemes: a client that asks
/// for the dark one gets ours instead of an inverted page. Every text given here is plain text.
/// </summary>
public sealed class MailBody
{
    const string Ink = "#15171a", Quiet = "#5c636b", Link = "#1c4fb8", Line = "#e3e5e8";
    const string Serif = "'Source Serif 4',Georgia,'Iowan Old Style','Times New Roman',serif", Sans = "Inter,system-ui,-apple-system,'Segoe UI',sans-serif";

    const string Style =
        ":root{color-scheme:light dark;supported-color-schemes:light dark}"
        + "@media (prefers-color-scheme:dark){body{background:#121316!important}.ink{color:#e9e7e3!important}.quiet{color:#a3a8ae!important}"
        + ".link{color:#8fb4ff!important}.line{border-color:#2b2e33!important}.button{background:#e9e7e3!important;color:#121316!important}}"
        + "@media (max-width:480px){.page{padding:24px 20px!important}}";

    readonly StringBuilder text = new(), html = new();
    readonly StringBuilder footText = new(), footHtml = new();

    /// <summary>The large line at the top.</summary>
    public MailBody Heading(string heading, string? url = null)
    {
        text.Append(heading).Append("\n\n");
        var inner = url is null ? Html(heading) : $"""<a class="ink" href="{Html(url)}" style="color:{Ink};text-decoration:none">{Html(heading)}</a>""";
        html.Append(CultureInfo.InvariantCulture, $"""<h1 class="ink" dir="auto" style="margin:0 0 12px;font:600 26px/32px {Serif};letter-spacing:-.01em;color:{Ink}">{inner}</h1>""").Append('\n');
        return this;
    }

    /// <summary>A smaller line over what follows.</summary>
    public MailBody Section(string heading)
    {
        text.Append(heading.ToUpperInvariant()).Append("\n\n");
        html.Append(CultureInfo.InvariantCulture, $"""<h2 class="ink line" style="margin:28px 0 4px;padding-top:20px;border-top:1px solid {Line};font:600 15px/22px {Sans};color:{Ink}">{Html(heading)}</h2>""").Append('\n');
        return this;
    }

    /// <summary>Body text in the interface's type.</summary>
    public MailBody Paragraph(string words)
    {
        text.Append(words).Append("\n\n");
        html.Append(CultureInfo.InvariantCulture, $"""<p class="ink" dir="auto" style="margin:0 0 16px;font:16px/25px {Sans};color:{Ink}">{Html(words)}</p>""").Append('\n');
        return this;
    }

    /// <summary>Text of an article, in the type in which it is read.</summary>
    public MailBody Prose(string words)
    {
        text.Append(words).Append("\n\n");
        html.Append(CultureInfo.InvariantCulture, $"""<p class="ink" dir="auto" style="margin:0 0 18px;font:18px/29px {Serif};color:{Ink}">{Html(words)}</p>""").Append('\n');
        return this;
    }

    /// <summary>What stands beside the point: who and when.</summary>
    public MailBody Meta(string words)
    {
        text.Append(words).Append("\n\n");
        html.Append(CultureInfo.InvariantCulture, $"""<p class="quiet" dir="auto" style="margin:0 0 20px;font:14px/21px {Sans};color:{Quiet}">{Html(words)}</p>""").Append('\n');
        return this;
    }

    /// <summary>Somebody's words.</summary>
    public MailBody Quote(string words)
    {
        text.Append("> ").Append(words.ReplaceLineEndings("\n> ")).Append("\n\n");
        html.Append(CultureInfo.InvariantCulture, $"""<blockquote class="ink line" dir="auto" style="margin:0 0 16px;padding:2px 0 2px 16px;border-left:3px solid {Line};font:17px/27px {Serif};color:{Ink}">{Html(words)}</blockquote>""").Append('\n');
        return this;
    }

    /// <summary>One of several things to look at: a linked line and, when there is more to say, a quieter one.</summary>
    public MailBody Item(string label, string url, string? detail = null)
    {
        text.Append("* ").Append(label).Append('\n');
        if (detail is { Length: > 0 }) text.Append("  ").Append(detail.ReplaceLineEndings(" ")).Append('\n');
        text.Append("  ").Append(url).Append("\n\n");
        html.Append(CultureInfo.InvariantCulture, $"""<p dir="auto" style="margin:0 0 14px;font:16px/24px {Sans}"><a class="ink" href="{Html(url)}" style="color:{Ink};font-weight:500;text-decoration:none">{Html(label)}</a>""");
        if (detail is { Length: > 0 }) html.Append(CultureInfo.InvariantCulture, $"""<br><span class="quiet" style="font-size:14px;line-height:21px;color:{Quiet}">{Html(detail)}</span>""");
        html.Append("</p>\n");
        return this;
    }

    /// <summary>The one thing to do. <paramref name="spellOut"/>: the address is also written out, for who does not trust buttons.</summary>
    public MailBody Button(string label, string url, bool spellOut = false)
    {
        text.Append(label).Append(":\n").Append(url).Append("\n\n");
        html.Append(CultureInfo.InvariantCulture, $"""<p style="margin:24px 0"><a class="button" href="{Html(url)}" style="display:inline-block;padding:12px 22px;border-radius:999px;background:{Ink};color:#ffffff;font:600 15px/20px {Sans};text-decoration:none">{Html(label)}</a></p>""").Append('\n');
        if (spellOut) html.Append(CultureInfo.InvariantCulture, $"""<p class="quiet" style="margin:0 0 16px;font:13px/20px {Sans};color:{Quiet}">Or copy this address into your browser:<br><a class="link" href="{Html(url)}" style="color:{Link};word-break:break-all">{Html(url)}</a></p>""").Append('\n');
        return this;
    }

    /// <summary>Below the line at the end: why it came.</summary>
    public MailBody Foot(string words)
    {
        footText.Append(words).Append('\n');
        footHtml.Append(CultureInfo.InvariantCulture, $"""<p class="quiet" style="margin:0 0 8px;font:13px/20px {Sans};color:{Quiet}">{Html(words)}</p>""").Append('\n');
        return this;
    }

    /// <summary>Below the line at the end: where to end or change it.</summary>
    public MailBody FootLink(string label, string url)
    {
        footText.Append(label).Append(": ").Append(url).Append('\n');
        footHtml.Append(CultureInfo.InvariantCulture, $"""<p style="margin:0 0 8px;font:13px/20px {Sans}"><a class="quiet" href="{Html(url)}" style="color:{Quiet};text-decoration:underline">{Html(label)}</a></p>""").Append('\n');
        return this;
    }

    /// <summary>The text alternative.</summary>
    public string Text => $"{text}{(footText.Length > 0 ? $"-- \n{footText}" : "Blog\n")}";

    /// <summary>The HTML document.</summary>
    /// <param name="title">What a client shows of the document; usually the subject.</param>
    /// <param name="home">The site's address, behind the name at the top.</param>
    public string ToHtml(string title, string home) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>{Html(title)}</title><style>{Style}</style></head>
        <body style="margin:0;background:#ffffff">
        <div class="page" style="max-width:560px;margin:0 auto;padding:40px 24px">
        <p style="margin:0 0 28px"><a class="ink" href="{Html(home)}" style="font:700 24px/1 {Serif};letter-spacing:-.03em;color:{Ink};text-decoration:none">Blog</a></p>
        {html}{(footHtml.Length > 0 ? $"<div class=\"line\" style=\"margin-top:32px;padding-top:20px;border-top:1px solid {Line}\">\n{footHtml}</div>" : "")}
        </div>
        </body>
        </html>

        """;

    static string Html(string words) => WebUtility.HtmlEncode(words);
}
