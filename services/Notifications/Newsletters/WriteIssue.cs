using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Blog.Content.V1;
using Blog.Notifications.Mail;
using Blog.ServiceDefaults.Mail;
using Profile = Blog.Users.V1.Profile;

namespace Blog.Notifications.Newsletters;

/// <summary>
/// The mail that an article goes out as: title, author, description, its beginning and a link. Not the whole text: mail clients cut messages at about 100 KB, show no
/// mathematics or highlighted code, and what was corrected after publication would stay wrong in every inbox.
/// </summary>
static class WriteIssue
{
    /// <summary>Characters after which no further paragraph begins.</summary>
    const int Enough = 1500;

    public static void Write(Issue issue, PublishedArticle article, Profile author, MailLinks links)
    {
        var summary = article.Summary;
        var url = links.Article(author.Handle, summary.Slug);
        var body = new MailBody().Heading(summary.Title, url).Meta($"{author.Name} · {summary.ReadingMinutes} min to read");
        if (summary.Description.Length > 0) body.Paragraph(summary.Description);
        var isWhole = AddBeginning(body, article.Html);
        body.Button(isWhole ? "Read it on the site" : "Read the rest", url)
            .Foot($"You get this because you subscribed to stories by {author.Name}.")
            .FootLink("Unsubscribe", links.Unsubscribe(issue.Mark.ToString("N")));

        (issue.SenderName, issue.Subject) = (author.Name, summary.Title);
        (issue.TextBody, issue.HtmlBody) = (body.Text, body.ToHtml(summary.Title, links.Home));
    }

    /// <summary>Paragraphs, quotes, headings and list entries in their order; true when that was all of it.</summary>
    static bool AddBeginning(MailBody body, string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        var length = 0;
        foreach (var element in document.Body!.Children)
        {
            if (length >= Enough) return false;
            switch (element.LocalName)
            {
                case "p": body.Prose(Words(element)); break;
                case "blockquote": body.Quote(Words(element)); break;
                case "h1" or "h2" or "h3" or "h4": body.Section(Words(element)); break;
                case "ul" or "ol":
                    foreach (var entry in element.Children) body.Prose("• " + Words(entry));
                    break;
                // A picture, a table, code: it is looked at where it looks right.
                default: return false;
            }
            length += element.TextContent.Length;
        }
        return true;
    }

    static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
