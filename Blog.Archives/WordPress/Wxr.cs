using System.Globalization;
using System.Text;
using System.Xml;
using Blog.Archives.Files;

namespace Blog.Archives.WordPress;

/// <summary>
/// Reads WordPress eXtended RSS one item at a time, however large the file is. No document type is allowed, so no entity can name a file or grow; characters
/// that XML forbids and ampersands without a reference, which WordPress and what writes its format let through, cost nothing of the file.
/// </summary>
static class Wxr
{
    const int LongestValue = 8 * 1024 * 1024, MostChildren = 20_000;

    /// <summary>What stands before the items.</summary>
    public sealed class Channel
    {
        public string Address { get; set; } = "";
        public string Language { get; set; } = "";
        public Dictionary<string, string> Authors { get; } = new(StringComparer.OrdinalIgnoreCase);
        public bool IsExport { get; set; }
    }

    public static XmlReader Open(Stream stream) => XmlReader.Create(new LenientXml(LenientText.Open(stream), LongestValue + 1), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        CloseInput = true,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    });

    /// <summary>Every item; the channel is filled as its parts come by.</summary>
    /// <exception cref="XmlException">It is no well-formed XML from some place on.</exception>
    public static IEnumerable<WxrItem> Items(XmlReader xml, Channel channel)
    {
        xml.MoveToContent();
        if (xml.LocalName != "rss") yield break;
        while (!xml.EOF)
        {
            if (xml.NodeType is not XmlNodeType.Element || xml.LocalName is "rss" or "channel")
            {
                xml.Read();
            }
            else if (xml.LocalName == "item")
            {
                yield return Item(xml);
            }
            else
            {
                Head(xml, channel);
            }
        }
    }

    static void Head(XmlReader xml, Channel channel)
    {
        switch (xml.LocalName)
        {
            case "wxr_version": channel.IsExport = true; Value(xml); break;
            case "base_blog_url": channel.Address = Value(xml).Text.Trim(); break;
            case "link" when channel.Address.Length == 0 && xml.NamespaceURI.Length == 0: channel.Address = Value(xml).Text.Trim(); break;
            case "language" when xml.NamespaceURI.Length == 0: channel.Language = Value(xml).Text.Trim(); break;
            case "author":
                var (login, shown) = ("", "");
                Children(xml, name =>
                {
                    if (name == "author_login") login = Value(xml).Text.Trim();
                    else if (name == "author_display_name") shown = Value(xml).Text.Trim();
                    else return false;
                    return true;
                });
                if (login.Length > 0 && channel.Authors.Count < 10_000) channel.Authors[login] = shown.Length > 0 ? shown : login;
                break;
            default: xml.Skip(); break;
        }
    }

    static WxrItem Item(XmlReader xml)
    {
        var item = new WxrItem();
        string Read()
        {
            var name = xml.LocalName;
            var (text, tooLong) = Value(xml);
            if (tooLong) item.TooLong = name;
            return text;
        }
        Children(xml, name =>
        {
            switch (xml.Prefix, name)
            {
                case ("", "title"): item.Title = Read(); return true;
                case ("", "link"): item.Link = Read().Trim(); return true;
                case ("", "pubDate"): item.PublishDate = Read().Trim(); return true;
                case ("dc", "creator"): item.Creator = Read().Trim(); return true;
                case ("content", "encoded"): item.Content = Read(); return true;
                case ("excerpt", "encoded"): item.Excerpt = Read(); return true;
                case ("wp", "post_id"): item.Id = Read().Trim(); return true;
                case ("wp", "post_date"): item.Date = Read().Trim(); return true;
                case ("wp", "post_date_gmt"): item.DateUtc = Read().Trim(); return true;
                case ("wp", "post_name"): item.Name = Read().Trim(); return true;
                case ("wp", "status"): item.Status = Read().Trim(); return true;
                case ("wp", "post_type"): item.Type = Read().Trim(); return true;
                case ("wp", "post_password"): item.Password = Read().Trim(); return true;
                case ("wp", "post_parent"): item.Parent = Read().Trim(); return true;
                case ("wp", "menu_order"): item.Order = int.TryParse(Read(), CultureInfo.InvariantCulture, out var order) ? order : 0; return true;
                case ("wp", "comment"):
                    if (IsSeen(xml)) item.Comments++;
                    return true;
                case ("wp", "attachment_url"): item.AttachmentUrl = Read().Trim(); return true;
                case ("", "category"):
                    var domain = xml.GetAttribute("domain") ?? "";
                    if (Read().Trim() is { Length: > 0 } category && item.Categories.Count < 1000) item.Categories.Add((domain, category));
                    return true;
                case ("wp", "postmeta"):
                    var (key, value) = ("", "");
                    Children(xml, part =>
                    {
                        if (part == "meta_key") key = Value(xml).Text.Trim();
                        else if (part == "meta_value") value = Value(xml).Text;
                        else return false;
                        return true;
                    });
                    // Plugins keep whole pages here; only these are read.
                    if (key is "_thumbnail_id" or "_wp_attachment_image_alt" or "_yoast_wpseo_canonical" or "_yoast_wpseo_metadesc" or "footnotes") item.Meta[key] = value;
                    else if (key == "_wp_old_slug" && value.Trim() is { Length: > 0 and < 500 } former && item.FormerNames.Count < 50) item.FormerNames.Add(former);
                    return true;
                default: return false;
            }
        });
        return item;
    }

    // Other sites' notices of a link are no comments.
    static bool IsSeen(XmlReader xml)
    {
        var (approved, kind) = ("", "");
        Children(xml, name =>
        {
            if (name == "comment_approved") approved = Value(xml).Text.Trim();
            else if (name == "comment_type") kind = Value(xml).Text.Trim();
            else return false;
            return true;
        });
        return approved is "1" or "approve" && kind is "" or "comment";
    }

    /// <summary>Goes through the child elements; what <paramref name="take"/> does not read is passed over. Ends behind the element.</summary>
    static void Children(XmlReader xml, Func<string, bool> take)
    {
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return;
        }
        var depth = xml.Depth;
        xml.Read();
        for (var children = 0; !xml.EOF && xml.Depth > depth;)
        {
            if (xml.NodeType is not XmlNodeType.Element) xml.Read();
            else if (++children > MostChildren || !take(xml.LocalName)) xml.Skip();
        }
        if (!xml.EOF) xml.Read();
    }

    /// <summary>The text of an element, without what is beyond bounds. Ends behind the element.</summary>
    static (string Text, bool IsTooLong) Value(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return ("", false);
        }
        var depth = xml.Depth;
        var text = new StringBuilder();
        var tooLong = false;
        var buffer = new char[8 * 1024];
        xml.Read();
        while (!xml.EOF && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                while (xml.ReadValueChunk(buffer, 0, buffer.Length) is > 0 and var read)
                {
                    tooLong |= text.Length + read > LongestValue;
                    if (!tooLong) text.Append(buffer, 0, read);
                }
            }
            xml.Read();
        }
        if (!xml.EOF) xml.Read();
        return (text.ToString(), tooLong);
    }
}
