using System.Globalization;
using AngleSharp.Dom;
using Blog.Content.Text.Highlighting;

namespace Blog.Content.Text;

// An address that is a paragraph of its own becomes what it leads to, as far as that is known; docs/decisions/0025.
sealed partial class ArticleHtml
{
    readonly HashSet<string> alone = new(StringComparer.Ordinal);

    /// <summary>How the paragraph of an address begins that has no card yet: what <see cref="WithCard"/> looks for.</summary>
    const string Uncarded = "<p class=\"link\">";

    // The link that is all a paragraph of the text itself holds, and that reads as the address it leads to.
    static string? AloneAddress(IElement paragraph) =>
        paragraph.ParentElement is { LocalName: "body" } && Only(paragraph) is { LocalName: "a" } link && !link.HasAttribute("title")
        && LinkAddress.Of(link.TextContent) is { } address && LinkAddress.Of(link.GetAttribute("href")) == address
            ? address
            : null;

    void Alone(IElement paragraph, string address)
    {
        if (cards.TryGetValue(address, out var card))
        {
            Card(address, card);
            plain.Append('\n');
            return;
        }
        if (alone.Count < LinkAddress.MostInArticle)
            alone.Add(address);
        html.Append(Uncarded);
        Children(paragraph);
        html.Append("</p>");
        plain.Append('\n');
    }

    /// <summary>Rendered HTML with a card in place of its address, wherever that is a paragraph of its own.</summary>
    /// <param name="html">Of an article.</param>
    /// <param name="address">In the form of <see cref="LinkAddress"/>.</param>
    /// <param name="card">As <see cref="MarkdownRenderer"/> renders the address alone.</param>
    public static string WithCard(string html, string address, string card)
    {
        for (var at = html.IndexOf(Uncarded, StringComparison.Ordinal); at >= 0; at = html.IndexOf(Uncarded, at + 1, StringComparison.Ordinal))
        {
            const string close = "</p>", href = "href=\"";
            var end = html.IndexOf(close, at, StringComparison.Ordinal);
            var from = html.IndexOf(href, at, StringComparison.Ordinal) + href.Length;
            if (end < 0 || from < href.Length || from > end)
                continue;
            var named = System.Net.WebUtility.HtmlDecode(html[from..html.IndexOf('"', from)]);
            if (LinkAddress.Of(named) == address)
                html = string.Concat(html.AsSpan(0, at), card, html.AsSpan(end + close.Length));
        }
        return html;
    }

    void Card(string address, LinkCard card)
    {
        switch (card.Kind)
        {
            case LinkKind.Post: Post(address, card); break;
            case LinkKind.Code: Files(address, card); break;
            default: Embed(address, card); break;
        }
    }

    void Embed(string address, LinkCard card)
    {
        html.Append("<a");
        Attribute("class", card.Frame is null ? "embed" : "embed embed-player");
        LinkAttributes(address);
        if (card.Frame is { } frame)
        {
            Attribute("data-frame", frame.Address);
            Attribute("data-shape", string.Create(CultureInfo.InvariantCulture, $"{frame.Width}/{frame.Height}"));
        }
        html.Append('>');
        if (card.Picture is { } picture)
            CardPicture(picture, card.Frame is null ? "9rem" : "(min-width: 48rem) 38.5rem, 100vw");
        html.Append("<b>");
        Encode(card.Title);
        html.Append("</b>");
        Line(null, card.Description);
        Line("where", string.Join(" · ", new[] { card.Author, card.Site }.Where(part => part.Length > 0)));
        html.Append("</a>");

        void Line(string? role, string text)
        {
            if (text.Length == 0)
                return;
            html.Append("<span");
            if (role is not null)
                Attribute("class", role);
            html.Append('>');
            Encode(text);
            html.Append("</span>");
        }
    }

    // The title says what it is: a picture's own text would only repeat it.
    void CardPicture(KnownPicture picture, string sizes)
    {
        html.Append("<img");
        Attribute("src", picture.IsAnimated ? $"/media/{picture.Id}" : $"/images/{picture.Id}/640");
        if (!picture.IsAnimated)
        {
            Attribute("srcset", SourceSet(picture));
            Attribute("sizes", sizes);
        }
        Attribute("width", picture.Width.ToString(CultureInfo.InvariantCulture));
        Attribute("height", picture.Height.ToString(CultureInfo.InvariantCulture));
        html.Append(" alt=\"\" loading=\"lazy\" decoding=\"async\">");
    }

    void Post(string address, LinkCard card)
    {
        html.Append("<figure class=\"post\"><blockquote>");
        foreach (var paragraph in card.Description.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            html.Append("<p>");
            Encode(paragraph);
            html.Append("</p>");
        }
        html.Append("</blockquote><figcaption>");
        Source(address, string.Join(" · ", new[] { card.Title, card.Site }.Where(part => part.Length > 0)));
        html.Append("</figcaption></figure>");
        plain.Append(card.Description);
    }

    void Files(string address, LinkCard card)
    {
        foreach (var file in card.Files)
            Code(file.Text, Languages.Of(Path.GetExtension(file.Name).TrimStart('.')), file.Name);
        html.Append("<p class=\"source\">");
        Source(address, card.Title.Length > 0 ? $"{card.Title} · {card.Site}" : card.Site);
        html.Append("</p>");
    }

    void Source(string address, string text)
    {
        html.Append("<a");
        LinkAttributes(address);
        html.Append('>');
        Encode(text);
        html.Append("</a>");
    }

    void LinkAttributes(string address)
    {
        Attribute("href", address);
        Attribute("rel", "nofollow ugc noopener");
    }
}
