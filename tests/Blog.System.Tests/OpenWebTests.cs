using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using AngleSharp.Html.Dom;
using Blog.SystemTesting;

namespace Blog.SystemTests;

/// <summary>What other programs read, through the whole system and by parsers that forgive nothing.</summary>
public sealed class OpenWebTests(SystemFixture system)
{
    const string Hostile = "</title><script>alert(1)</script> ]]> & &amp; <b> \"q\" 'a' \U0001F600 שלום";

    /// <summary>With what no text may hold; it is not part of any title.</summary>
    const string Written = Hostile + "\u0008 \u0000\uFFFE\uFFFF";

    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom", Content = "http://purl.org/rss/1.0/modules/content/", Sitemap = "http://www.sitemaps.org/schemas/sitemap/0.9",
        News = "http://www.google.com/schemas/sitemap-news/0.9";

    readonly RunningBlog blog = system.Blog;
    readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = system.Blog.Origin };

    string Origin => blog.Origin.GetLeftPart(UriPartial.Authority);

    async Task<Writer.Article> PublishAsync(Writer writer, string title, string markdown, string topic)
    {
        var draft = await writer.CreateAsync(title, markdown, cancel);
        var saved = await writer.SaveAsync(draft, draft.Content with { Description = title, Topics = [topic], Language = "de" }, cancel);
        return await writer.PublishAsync(saved, cancel);
    }

    /// <summary>The document at an address, valid by our schemas.</summary>
    async Task<XDocument> XmlAsync(string path, string mediaType)
    {
        using var answer = await http.GetAsync(path, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path}: {text}");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType, path);
        var schemas = new XmlSchemaSet();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Schemas"))) schemas.Add(null, file);
        var problems = new List<string>();
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, ValidationType = ValidationType.Schema, Schemas = schemas, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings };
        settings.ValidationEventHandler += (_, problem) =>
        {
            // Extensions of feeds have no schema here.
            if (problem.Severity is XmlSeverityType.Error || problem.Message.Contains("schema information for the element 'rss'", StringComparison.Ordinal)) problems.Add($"{problem.Exception.LineNumber}: {problem.Message}");
        };
        using var reader = XmlReader.Create(new StringReader(text), settings);
        var document = XDocument.Load(reader);
        problems.ShouldBeEmpty($"{path}\n{text}");
        return document;
    }

    async Task<JsonElement> JsonAsync(string path, string mediaType)
    {
        using var answer = await http.GetAsync(path, cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType, path);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
    }

    [Fact]
    public async Task A_hostile_title_comes_through_every_format_as_it_was_written()
    {
        using var writer = await Writer.SignUpAsync(blog, "open-writer", cancel);
        var article = await PublishAsync(writer, Written, "Words, a [link](/@open-writer) and ]]> a **bold** end.", "Wide <web> & more");
        var (id, address) = ($"urn:uuid:{article.Id}", Origin + article.Url);
        var api = await http.GetFromJsonAsync<JsonElement>("/api/v1/people/open-writer/articles", cancel);
        var topic = "/topics/" + Uri.EscapeDataString(api.GetProperty("items")[0].GetProperty("topics")[0].GetProperty("slug").GetString()!);
        string[] places = ["", "/@open-writer", topic];

        foreach (var place in places)
        {
            var rss = await XmlAsync($"{place}/feed.xml", "application/rss+xml");
            foreach (var required in (string[])["title", "link", "description"]) rss.Root!.Element("channel")!.Elements(required).ShouldHaveSingleItem();
            var item = rss.Descendants("item").First(found => found.Element("guid")!.Value == id);
            (item.Element("title")!.Value, item.Element("link")!.Value, item.Element("category")!.Value).ShouldBe((Hostile, address, "Wide <web> & more"));
            WebUtility.HtmlDecode(item.Element("description")!.Value).ShouldBe(Hostile);
            item.Element(Content + "encoded")!.Value.ShouldContain($"<a href=\"{Origin}/@open-writer\"");

            var atom = await XmlAsync($"{place}/feed.atom", "application/atom+xml");
            foreach (var parent in atom.Descendants(Atom + "entry").Append(atom.Root!))
                foreach (var required in (string[])["id", "title", "updated"]) parent.Elements(Atom + required).ShouldHaveSingleItem($"{place} {parent.Name.LocalName} {required}");
            atom.Descendants(Atom + "id").Select(found => found.Value).ShouldBeUnique();
            var entry = atom.Descendants(Atom + "entry").First(found => found.Element(Atom + "id")!.Value == id);
            (entry.Element(Atom + "title")!.Value, entry.Element(Atom + "summary")!.Value, (string?)entry.Attribute(XNamespace.Xml + "lang")).ShouldBe((Hostile, Hostile, "de"));
            entry.Element(Atom + "content")!.Value.ShouldBe(item.Element(Content + "encoded")!.Value);

            var json = await JsonAsync($"{place}/feed.json", "application/feed+json");
            json.GetProperty("version").GetString().ShouldBe("https://jsonfeed.org/version/1.1");
            json.GetProperty("feed_url").GetString().ShouldBe($"{Origin}{place}/feed.json");
            var found = json.GetProperty("items").EnumerateArray().First(candidate => candidate.GetProperty("id").GetString() == id);
            (found.GetProperty("title").GetString(), found.GetProperty("url").GetString(), found.GetProperty("content_html").GetString()).ShouldBe((Hostile, address, entry.Element(Atom + "content")!.Value));

            var summary = await XmlAsync($"{place}/feed.atom?content=summary", "application/atom+xml");
            summary.Descendants(Atom + "content").ShouldBeEmpty();
        }

        using var reader = new PlainBrowser(blog.Origin);
        var (_, page) = await reader.OpenAsync(article.Url!, cancel);
        page.QuerySelector("meta[property='og:title']")!.GetAttribute("content").ShouldBe(Hostile);
        page.QuerySelector("link[rel=canonical]")!.GetAttribute("href").ShouldBe(address);
        page.QuerySelectorAll("link[rel=alternate]").Select(link => link.GetAttribute("type")).ShouldBe(["application/rss+xml", "application/atom+xml", "application/feed+json", "application/json+oembed", "text/xml+oembed"], ignoreOrder: true);
        var graph = JsonDocument.Parse(page.QuerySelector("script[type='application/ld+json']")!.TextContent).RootElement.GetProperty("@graph").EnumerateArray().ToList();
        graph.Single(node => node.GetProperty("@type").GetString() == "BlogPosting").GetProperty("headline").GetString().ShouldBe(Hostile);
        graph.Single(node => node.GetProperty("@type").GetString() == "BreadcrumbList").GetProperty("itemListElement").GetArrayLength().ShouldBe(3);

        var embed = (await JsonAsync(new Uri(page.QuerySelector("link[type='application/json+oembed']")!.GetAttribute("href")!).PathAndQuery, "application/json")).GetProperty("title").GetString();
        embed.ShouldBe(Hostile);
        (await XmlAsync(new Uri(page.QuerySelector("link[type='text/xml+oembed']")!.GetAttribute("href")!).PathAndQuery, "text/xml")).Root!.Element("title")!.Value.ShouldBe(Hostile);
        var (status, card) = await reader.OpenAsync("/embed" + article.Url, cancel);
        (status, card.QuerySelector("h1 a")!.TextContent, ((IHtmlAnchorElement)card.QuerySelector("h1 a")!).Href).ShouldBe((HttpStatusCode.OK, Hostile, address));

        var index = await XmlAsync("/sitemap.xml", "application/xml");
        var listed = new Dictionary<string, XElement>();
        foreach (var file in index.Descendants(Sitemap + "loc").Select(loc => new Uri(loc.Value).AbsolutePath))
            foreach (var url in (await XmlAsync(file, "application/xml")).Root!.Elements())
                if (!file.EndsWith("news.xml", StringComparison.Ordinal)) listed.Add(url.Element(Sitemap + "loc")!.Value, url);
                else if (url.Element(Sitemap + "loc")!.Value == address) url.Descendants(News + "title").Single().Value.ShouldBe(Hostile);
        foreach (var expected in (string[])[address, $"{Origin}/@open-writer", Origin + topic, $"{Origin}/"]) listed.ShouldContainKey(expected);
        index.Descendants(Sitemap + "loc").Select(loc => new Uri(loc.Value).AbsolutePath).ShouldContain("/sitemaps/news.xml");
        (await http.GetStringAsync("/robots.txt", cancel)).ShouldContain($"\nSitemap: {Origin}/sitemap.xml\n");
    }

    [Fact]
    public async Task What_moved_answers_301_what_is_gone_410_and_what_never_was_404()
    {
        using var writer = await Writer.SignUpAsync(blog, "moving-writer", cancel);
        var article = await PublishAsync(writer, "Before", "Words.", "Moving");
        var oembed = $"/oembed?url={Uri.EscapeDataString(Origin + article.Url)}";
        var saved = await writer.SaveAsync(article, article.Content with { Slug = "after" }, cancel);
        article = await writer.PublishAsync(saved, cancel);
        await MovedAsync("/@moving-writer/before", "/@moving-writer/after");
        await MovedAsync("/embed/@moving-writer/before", "/embed/@moving-writer/after");
        (await JsonAsync(oembed, "application/json")).GetProperty("html").GetString()!.ShouldContain("/embed/@moving-writer/after");

        await RenameAsync(writer, "moved-writer");
        await MovedAsync("/@moving-writer", "/@moved-writer");
        await MovedAsync("/@moving-writer/after", "/@moved-writer/after");
        foreach (var format in (string[])["xml", "atom", "json"]) await MovedAsync($"/@moving-writer/feed.{format}?content=summary", $"/@moved-writer/feed.{format}?content=summary");
        var items = await UntilAsync(() => JsonAsync("/@moved-writer/feed.json", "application/feed+json"), feed => feed.GetProperty("items").GetArrayLength() == 1);
        items.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe($"urn:uuid:{article.Id}");

        await writer.UnpublishAsync(await writer.GetAsync(article.Id, cancel), cancel);
        (await StatusAsync("/@moved-writer/after")).ShouldBe(HttpStatusCode.Gone);
        (await StatusAsync("/embed/@moved-writer/after")).ShouldBe(HttpStatusCode.Gone);
        (await StatusAsync($"/oembed?url={Uri.EscapeDataString($"{Origin}/@moved-writer/after")}")).ShouldBe(HttpStatusCode.NotFound);
        await UntilAsync(() => JsonAsync("/@moved-writer/feed.json", "application/feed+json"), feed => feed.GetProperty("items").GetArrayLength() == 0);

        foreach (var never in (string[])["/@moved-writer/never", "/@nobody-at-all/feed.atom", "/topics/nobody-wrote-this/feed.json", "/embed/@moved-writer/never", "/sitemaps/articles-99.xml", "/sitemaps/drafts-1.xml", "/feed.rdf"])
            (await StatusAsync(never)).ShouldBe(HttpStatusCode.NotFound, never);
        (await StatusAsync($"/oembed?url={Uri.EscapeDataString(Origin + "/@moved-writer/after")}&format=yaml")).ShouldBe(HttpStatusCode.NotImplemented);
        (await StatusAsync("/oembed")).ShouldBe(HttpStatusCode.BadRequest);
    }

    async Task RenameAsync(Writer writer, string handle)
    {
        using var answer = await writer.Browser.SendAsync(new(HttpMethod.Get, new Uri("/api/v1/me", UriKind.Relative)), cancel);
        var revision = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("revision").GetInt64();
        using var change = new HttpRequestMessage(HttpMethod.Patch, new Uri("/api/v1/me", UriKind.Relative)) { Content = JsonContent.Create(new { handle, revision }) };
        using var changed = await writer.Browser.SendAsync(change, cancel);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await http.GetAsync(path, cancel);
        return answer.StatusCode;
    }

    async Task MovedAsync(string from, string to)
    {
        using var answer = await http.GetAsync(from, cancel);
        (answer.StatusCode, answer.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.MovedPermanently, to));
    }

    /// <summary>What follows an event comes within moments.</summary>
    async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isThere)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isThere(seen)) return seen;
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(50, cancel);
        }
    }
}
