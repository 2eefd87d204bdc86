using System.Collections.Concurrent;
using System.Text;
using Blog.Archives.Importing;
using Blog.ServiceDefaults.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class ImporterTests : IAsyncLifetime
{
    static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    readonly SampleArchives samples = new();
    readonly Memory kept = new();
    WebApplication web = null!;
    string address = "";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        web = builder.Build();
        web.MapGet("/a.png", () => Results.Bytes(Png, "image/png"));
        web.MapGet("/moved.png", () => Results.Redirect("/a.png"));
        web.MapGet("/inside.png", () => Results.Redirect("http://10.0.0.1/secret.png"));
        web.MapGet("/round.png", () => Results.Redirect("/round.png"));
        web.MapGet("/endless.png", async (HttpContext http) =>
        {
            var part = new byte[1 << 20];
            for (var n = 0; n < 40; n++) await http.Response.Body.WriteAsync(part, http.RequestAborted);
        });
        await web.StartAsync(Cancel);
        address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        samples.Dispose();
    }

    async Task<List<ImportedItem>> ImportAsync(string path, ImportOptions? options = null, bool fetch = true, int done = 0, Memory? into = null)
    {
        using var archive = Archive.Open(path);
        using var http = new PublicInternet(allowLoopback: true).CreateClient();
        var importer = new Importer(archive, into ?? kept, fetch ? new WebPictures(http, anyPort: true) : null, options ?? new ImportOptions());
        var report = new ConcurrentBag<ImportedItem>();
        await importer.RunAsync(await importer.PlanAsync(Cancel), Enumerable.Range(0, done).ToDictionary(number => number, _ => ""), item =>
        {
            report.Add(item);
            return Task.CompletedTask;
        }, Cancel);
        return [.. report.OrderBy(item => item.Number)];
    }

    [Fact]
    public async Task Pictures_come_from_the_archive_or_the_web_and_those_that_fail_keep_their_address()
    {
        string Img(string source) => $"<img src=\"{source}\">";
        var report = await ImportAsync(samples.ZipOf("ghost.zip",
            ("export.json", Encoding.UTF8.GetBytes(GhostReaderTests.Export(new
            {
                id = "p1", uuid = "u", title = "Pictures", slug = "pictures", status = "published", visibility = "public", type = "post", published_at = "2024-01-02T03:04:05.000Z",
                feature_image = "__GHOST_URL__/content/images/in.png",
                html = Img("__GHOST_URL__/content/images/in.png") + Img(address + "/a.png") + Img(address + "/moved.png") + Img(address + "/inside.png") + Img(address + "/round.png") + Img(address + "/endless.png") + Img(address + "/none.png") + Img("http://169.254.169.254/meta.png") + Img("file:///etc/passwd"),
            }))),
            ("content/images/in.png", Png)));

        var item = report.ShouldHaveSingleItem();
        item.Outcome.ShouldBe(ImportOutcome.Created);
        var article = kept.Articles["ghost:u"];
        article.CoverMediaId.ShouldNotBeEmpty();
        article.Article.Body.Split("/media/").Length.ShouldBe(4, article.Article.Body);
        foreach (var (left, why) in new[] { ("/inside.png", "cannot be reached"), ("/round.png", "on and on"), ("/endless.png", "larger than 20 MB"), ("/none.png", "answers 404"), ("169.254.169.254", "not one of a public web page") })
        {
            article.Article.Body.ShouldContain(left);
            if (left[0] == '/') item.Notes.ShouldContain(note => note.Contains(left, StringComparison.Ordinal) && note.Contains(why, StringComparison.Ordinal), string.Join('\n', item.Notes));
        }
    }

    [Fact]
    public async Task Nothing_inside_is_ever_asked()
    {
        using var http = new PublicInternet(allowLoopback: false).CreateClient();
        var pictures = new WebPictures(http);

        foreach (var inside in (string[])["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.1.2.3/", "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/", "http://127.0.0.1:8080/", "ftp://example.org/", "http://user@example.org/"])
            await Should.ThrowAsync<ImportRefusedException>(() => pictures.FetchAsync(new Uri(inside), Cancel));
    }

    [Fact]
    public async Task Links_between_articles_lead_to_them_here_and_old_paths_are_kept()
    {
        await ImportAsync(samples.File("old.xml", WordPressReaderTests.Export(
            WordPressReaderTests.Post(1, "One", "See <a href=\"https://old.example/2019/05/post-2/#part\">two</a>, <a href=\"http://www.old.example/?p=2\">again</a>, <a href=\"https://other.example/2019/05/post-2/\">elsewhere</a>.") + WordPressReaderTests.Post(2, "Two", "x"))), fetch: false);

        kept.Articles["wordpress:old.example:1"].Article.Body.ShouldBe("See [two](/@ines/post-2#part), [again](/@ines/post-2), [elsewhere](https://other.example/2019/05/post-2/).\n");
        kept.Articles["wordpress:old.example:2"].FormerPaths.ShouldBe(["/2019/05/post-2", "/?p=2"]);
    }

    [Fact]
    public async Task A_site_that_is_named_finds_what_the_archive_calls_by_path_alone()
    {
        await ImportAsync(samples.Zip("substack.zip", ("posts.csv", SubstackReaderTests.Columns + "1.a,2021-01-01T00:00:00Z,true,,,newsletter,everyone,A,,\n2.b,2021-01-01T00:00:00Z,true,,,newsletter,everyone,B,,\n"),
            ("posts/1.a.html", "<p><a href=\"https://ines.substack.com/p/b\">b</a> <a href=\"https://aldous.substack.com/p/b\">not b</a></p>"), ("posts/2.b.html", "<p>x</p>")), new ImportOptions { Site = new Uri("https://ines.substack.com") });

        kept.Articles["substack:1.a"].Article.Body.ShouldBe("[b](/@ines/b) [not b](https://aldous.substack.com/p/b)\n");
    }

    [Fact]
    public async Task Articles_of_one_name_get_addresses_of_their_own_and_drafts_can_be_asked_for()
    {
        await ImportAsync(samples.Zip("posts.zip", ("a/same.md", "# Same\n\nOne ![p](../p.png) [b](../b/same.md)"), ("b/same.md", "# Same\n\nTwo"), ("c/same-3.md", "---\ntitle: Taken\nslug: same-3\n---\nThree"), ("d/same.md", "# Same\n\nFour"), ("e/same.md", "# Same\n\nFive"), ("p.png", "x")), new ImportOptions { AsDrafts = true });

        kept.Articles.Values.Select(a => (a.Article.Slug, a.Article.Draft)).Order().ShouldBe([("same", true), ("same-2", true), ("same-3", true), ("same-4", true), ("same-5", true)]);
        kept.Articles["posts:a/same.md"].Article.Body.ShouldMatch(@"One !\[p\]\(/media/[^)]+\) \[b\]\(/@ines/same-2\)");
    }

    [Fact]
    public async Task One_article_that_is_refused_does_not_stop_the_rest_and_a_run_goes_on_where_it_stopped()
    {
        var zip = samples.Zip("posts.zip", ("a.md", "# A\n\nrefuse"), ("b.md", "# B\n\nx"), ("c.md", "---\ntitle: [\n---\n"), ("d.md", "# D\n\nx"));

        (await ImportAsync(zip)).Select(i => (i.Title, i.Outcome)).ShouldBe([("A", ImportOutcome.Failed), ("B", ImportOutcome.Created), ("", ImportOutcome.Failed), ("D", ImportOutcome.Created)]);
        (await ImportAsync(zip, done: 3)).Select(i => (i.Title, i.Outcome)).ShouldBe([("D", ImportOutcome.Unchanged)]);
    }

    [Fact]
    public async Task What_is_beside_stories_comes_after_them_and_names_those_of_the_archive_alone()
    {
        var zip = samples.Zip("ines.zip", ("stories/a.md", "# A\n\nx"), ("drafts/b c.md", "---\ntitle: B\ndraft: true\n---\ny"),
            ("lists/001-later.json", """{ "format": "blog.list/1", "name": "Later", "items": [{ "story": "../stories/a.md" }, { "story": "../drafts/b%20c.md", "note": "n" }, { "story": "../../../etc/passwd" }, { "story": "0198a000-0000-7000-8000-000000000001" }, { "title": "Elsewhere", "address": "https://x.example/y" }] }"""),
            ("responses/a.json", """{ "format": "blog.responses/1", "story": "../stories/a.md", "responses": [{ "number": 1, "by": "Bob", "date": "2024-01-02T03:04:05+02:00", "text": "Hi" }] }"""),
            ("lists/menu.json", """{ "items": ["Home"] }"""), ("package.json", "{"));

        var report = await ImportAsync(zip);
        report.Select(item => (item.Path, item.Outcome)).ShouldBe([("drafts/b c.md", ImportOutcome.Created), ("stories/a.md", ImportOutcome.Created), ("lists/001-later.json", ImportOutcome.Created), ("responses/a.json", ImportOutcome.Created)]);
        kept.Facts.Select(fact => (fact.Source, fact.Fact.Entries)).ShouldBe([("ines:lists/001-later.json", 5), ("ines:responses/a.json", 1)]);
        kept.Facts.First().Articles.ShouldBe(new Dictionary<string, string> { ["../stories/a.md"] = "id of a", ["../drafts/b%20c.md"] = "id of b-c" }, ignoreOrder: true);
        ((ArchiveThread)kept.Facts.Last().Fact).Responses[0].Date.ShouldBe(new DateTimeOffset(2024, 1, 2, 1, 4, 5, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("{ \"format\": \"blog.list/1\" }", "$.name")]
    [InlineData("{ \"format\": \"blog.list/1\", \"name\": 7 }", "$.name")]
    [InlineData("{ \"format\": \"blog.list/1\", \"name\": \"a\", \"items\": [null] }", "$.items[0]")]
    [InlineData("{ \"format\": \"blog.list/1\", \"name\": \"a\", \"visibility\": \"everybody\" }", "$.visibility")]
    [InlineData("{ \"format\": \"blog.list/1\", \"name\": \"a\", \"items\": [{ \"added\": \"yesterday\" }] }", "$.items[0].added")]
    [InlineData("{ \"format\": \"blog.list/1\", \"name\": \"a\", \"name\": \"b\" }", "cannot be read")]
    [InlineData("{ \"format\": \"blog.responses/1\", \"story\": \"a\", \"responses\": [{ \"state\": \"shouted\" }] }", "$.responses[0].state")]
    [InlineData("{ \"format\": \"blog.responses/1\", \"story\": \"a\", \"responses\": {} }", "$.responses")]
    [InlineData("{ \"format\": \"blog.series/1\", \"title\": \" \" }", "$.title")]
    [InlineData("{ \"format\": \"blog.list/1\", \"name\": \"a\", \"items\": [", "cannot be read")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "cannot be read")]
    [InlineData("\u0000\u0001", "cannot be read")]
    public async Task A_broken_file_beside_stories_says_where_it_is_broken_and_the_rest_is_imported(string json, string where)
    {
        var report = await ImportAsync(samples.Zip("ines.zip", ("stories/a.md", "# A\n\nx"), ("lists/001.json", json), ("lists/002.json", """{ "format": "blog.list/1", "name": "Fine" }""")));

        report.Select(item => item.Outcome).ShouldBe([ImportOutcome.Created, ImportOutcome.Failed, ImportOutcome.Created]);
        report[1].Reason.ShouldContain(where);
    }

    [Fact]
    public async Task A_file_beside_stories_that_is_too_large_is_refused()
    {
        var spaces = string.Concat("{ \"format\": \"blog.list/1\",", new string(' ', 70 << 20), "\"name\": \"a\" }");
        Directory.CreateDirectory(Path.Combine(samples.Folder, "big", "lists"));
        await File.WriteAllTextAsync(Path.Combine(samples.Folder, "big", "a.md"), "# A\n\nx", Cancel);
        await File.WriteAllTextAsync(Path.Combine(samples.Folder, "big", "lists", "001.json"), spaces, Cancel);

        (await ImportAsync(Path.Combine(samples.Folder, "big"))).Last().Reason.ShouldContain("larger than 64 MB");
    }

    [Fact]
    public async Task A_publication_comes_with_its_picture_its_stories_and_those_of_its_people_who_are_somebody_here()
    {
        var zip = samples.Zip("harbour.zip",
            ("responses/tides.json", """{"format":"blog.responses/1","story":"../stories/tides.md","responses":[{"number":1,"by":"Zoe","date":"2024-01-01T00:00:00Z","text":"Well"}]}"""),
            ("publication.json", """{"format":"blog.publication/1","name":"Harbour","slug":"harbour","picture":"media/x.png","stories":["stories/tides.md","stories/gone.md"],"members":[{"name":"Ada","role":"owner","since":"2024-01-01T00:00:00Z"},{"name":"Bob"}]}"""),
            ("stories/tides.md", "---\ntitle: Tides\ndate: 2024-01-01\npublication: Harbour\nauthors: [Ada, Bob]\n---\n\nx"), ("media/x.png", "picture"));
        var (ada, known) = (new ArticleAuthor(Guid.CreateVersion7(), "ada"), new Memory());
        known.People["Ada"] = ada;

        (await ImportAsync(zip, into: known)).Single(item => item.Title == "Harbour").Notes.ShouldHaveSingleItem().ShouldEndWith("they can be invited: Bob");
        var (publication, thread) = (known.Facts.First(), known.Facts.Last());
        (publication.Owner, thread.Owner).ShouldBe((ada, ada));
        publication.Articles.ShouldBe(new Dictionary<string, string> { ["stories/tides.md"] = "id of tides" });
        publication.Members.ShouldHaveSingleItem().Member.Role.ShouldBe(ArchiveRole.Owner);
        publication.PictureMediaId.ShouldNotBeEmpty();

        var strange = new Memory();
        (await ImportAsync(zip, into: strange)).Single(item => item.Title == "Harbour").Notes.ShouldHaveSingleItem().ShouldEndWith("Ada, Bob");
        strange.Facts.First().Owner.Handle.ShouldBe("ines");
    }

    sealed class Memory : IImportTarget
    {
        readonly ArticleAuthor ines = new(Guid.CreateVersion7(), "ines");

        public string Importer => "ines";

        public ConcurrentDictionary<string, ReadyArticle> Articles { get; } = new();

        public Task<ArticleAuthor> AuthorAsync(ArchiveArticle article, CancellationToken cancel) => Task.FromResult(ines);

        public async Task<string> UploadAsync(Guid owner, string fileName, Stream picture, CancellationToken cancel)
        {
            await picture.CopyToAsync(Stream.Null, cancel);
            return Guid.CreateVersion7().ToString();
        }

        public Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle article, CancellationToken cancel)
        {
            if (article.Article.Body.StartsWith("refuse", StringComparison.Ordinal)) throw new ImportRefusedException("refused");
            return Task.FromResult((Articles.TryAdd(article.Article.Source, article) ? ImportOutcome.Created : ImportOutcome.Unchanged, $"id of {article.Article.Slug}"));
        }

        public ConcurrentQueue<ReadyFact> Facts { get; } = new();

        public Task<ArticleAuthor?> OwnerAsync(CancellationToken cancel) => Task.FromResult<ArticleAuthor?>(ines);

        /// <summary>Who is somebody here, by name.</summary>
        public Dictionary<string, ArticleAuthor> People { get; } = [];

        public Task<ArticleAuthor?> MemberAsync(string name, CancellationToken cancel) => Task.FromResult(People.GetValueOrDefault(name));

        public Task<(ImportOutcome Outcome, IReadOnlyList<string> Notes)> SaveAsync(ReadyFact fact, CancellationToken cancel)
        {
            Facts.Enqueue(fact);
            return Task.FromResult<(ImportOutcome, IReadOnlyList<string>)>((ImportOutcome.Created, []));
        }
    }
}
