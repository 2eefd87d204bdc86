using System.Collections.Concurrent;
using Blog.Content.Links;
using Blog.Content.V1;
using Blog.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

/// <summary>Addresses in articles, and the servers they lead to.</summary>
public sealed class LinkTests(PostgresFixture postgres) : IAsyncLifetime
{
    readonly TestIssuer issuer = new();
    readonly TestClock clock = new();
    readonly string folder = Directory.CreateTempSubdirectory("blog-content-").FullName;
    readonly Guid ines = Guid.CreateVersion7();
    readonly ConcurrentQueue<string> asked = new();
    readonly ConcurrentDictionary<string, RequestDelegate> pages = new();
    string database = "";
    FakeServer? web;
    ServiceHost<Program>? host;

    public async ValueTask InitializeAsync()
    {
        await issuer.InitializeAsync();
        web = await FakeServer.StartAsync(_ => { }, app => app.Run(async context =>
        {
            asked.Enqueue(context.Request.Path);
            if (pages.TryGetValue(context.Request.Path, out var page)) await page(context);
            else context.Response.StatusCode = 404;
        }));
        database = await postgres.CreateDatabaseAsync();
        host = Start(("Blog:Links:AllowLoopback", "true"));
    }

    ServiceHost<Program> Start(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(issuer.Settings) { ["ConnectionStrings:content"] = database, ["ConnectionStrings:broker"] = "127.0.0.1:1", ["Blog:DataFolder"] = folder };
        foreach (var (name, value) in more)
            settings[name] = value;
        return new ServiceHost<Program>(settings, services => services.AddSingleton<TimeProvider>(clock)).Start();
    }

    string Token => issuer.Token(new() { ["sub"] = ines.ToString(), ["client_id"] = "bff", ["scope"] = "openid blog.api", ["role"] = new[] { "reader", "author" } }, lifetime: TimeSpan.FromDays(400));

    V1.Articles.ArticlesClient Articles => new(host!.CallInvoker(Token));
    V1.Links.LinksClient Links => new(host!.CallInvoker(Token));

    Task WorkAsync() => host!.Services.GetRequiredService<LinkWorker>().RunAsync(TestContext.Current.CancellationToken);

    string Serve(string path, string body, string type = "text/html; charset=utf-8")
    {
        pages[path] = async context =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
        };
        return web!.Http + path;
    }

    string ServePage(string path = "/clock")
    {
        pages["/clock.png"] = async context =>
        {
            context.Response.ContentType = "image/png";
            await context.Response.Body.WriteAsync(SamplePictures.Png(800, 400));
        };
        return Serve(path, "<title>The harbour clock</title><meta property=og:description content='Wrong and useful'><meta property=og:image content=/clock.png>");
    }

    async Task<ResolveLinkResponse> ResolveAsync(string address, bool refresh = false) => await Links.ResolveLinkAsync(new() { Address = address, Refresh = refresh });

    async Task<string> ReadHtmlAsync(Article article) => (await Articles.ReadAsync(article.AuthorId, article.PublishedSlug)).Article.Html;

    [Fact]
    public async Task An_address_is_asked_once_and_its_picture_is_kept_here()
    {
        var address = ServePage();
        var card = (await ResolveAsync(address)).Html;
        card.ShouldContain("<b>The harbour clock</b>");
        card.ShouldContain("Wrong and useful");
        card.ShouldContain("width=\"800\" height=\"400\"");
        card.ShouldNotContain("clock.png");
        (await ResolveAsync(address)).Html.ShouldBe(card);
        asked.ShouldBe(["/clock", "/clock.png"]);

        Serve("/clock", "<title>Another clock</title>");
        (await ResolveAsync(address)).Html.ShouldBe(card);
        (await ResolveAsync(address, refresh: true)).Html.ShouldContain("Another clock");
        // What is known stays when it cannot be asked again.
        pages.Clear();
        (await ResolveAsync(address, refresh: true)).Problem.ShouldContain("nothing at this address");
        (await ResolveAsync(address)).Html.ShouldContain("Another clock");
    }

    [Fact]
    public async Task What_the_author_saw_is_what_readers_get()
    {
        var address = ServePage();
        (await Articles.RenderMarkdownAsync(new() { Markdown = address })).PendingLinks.ShouldBe([address]);
        await ResolveAsync(address);
        var shown = await Articles.RenderMarkdownAsync(new() { Markdown = address });
        shown.PendingLinks.ShouldBeEmpty();
        shown.Html.ShouldContain("The harbour clock");
        (await ReadHtmlAsync(await Articles.PublishedAsync(Written("Clocks", address)))).ShouldBe(shown.Html);
    }

    [Fact]
    public async Task A_story_published_before_its_links_were_asked_gets_their_cards_and_readers_are_told()
    {
        var (known, gone) = (ServePage(), web!.Http + "/gone");
        var article = await Articles.PublishedAsync(Written("Clocks", $"Text\n\n{known}\n\n{gone}\n\n{known}"));
        var revision = article.Revision;
        await Until(async () => (await ReadHtmlAsync(article)).Contains("The harbour clock", StringComparison.Ordinal));
        var html = await ReadHtmlAsync(article);
        html.Split("The harbour clock").Length.ShouldBe(3);
        html.ShouldContain($"<a href=\"{gone}\"");
        (await Articles.GetArticleAsync(new() { Id = article.Id })).Article.Revision.ShouldBe(revision);
        (await EventsAsync(article.Id)).ShouldBe(2);
        await Until(async () => await CountAsync("select count(*) from waiting_links") == 0);
        asked.Count(path => path == "/clock").ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_away_is_asked_again_later_and_less_and_less_often()
    {
        pages["/slow"] = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        var article = await Articles.PublishedAsync(Written("Clocks", web!.Http + "/slow"));
        await Until(() => Task.FromResult(asked.Count == 1));
        await WorkAsync();
        asked.Count.ShouldBe(1);
        clock.Advance(TimeSpan.FromMinutes(2));
        await Until(async () =>
        {
            await WorkAsync();
            return asked.Count == 2;
        });
        Serve("/slow", "<title>Awake</title>");
        clock.Advance(TimeSpan.FromMinutes(11));
        await Until(async () => (await ReadHtmlAsync(article)).Contains("Awake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_page_stays_a_link_and_its_author_learns_why()
    {
        Serve("/file", "x", "application/pdf");
        Serve("/untitled", "<p>Nothing");
        pages["/round"] = context =>
        {
            context.Response.Redirect("/round");
            return Task.CompletedTask;
        };
        (await ResolveAsync(web!.Http + "/file")).Problem.ShouldBe("This is no web page.");
        (await ResolveAsync(web.Http + "/untitled")).Problem.ShouldContain("no title");
        (await ResolveAsync(web.Http + "/round")).Problem.ShouldContain("on and on");
        (await ResolveAsync(web.Http + "/404")).Problem.ShouldContain("nothing at this address (404)");
        (await FailureOf(Links.ResolveLinkAsync(new() { Address = "javascript:alert(1)" }))).Status.Detail.ShouldContain("address");
        (await FailureOf(new V1.Links.LinksClient(host!.CallInvoker()).ResolveLinkAsync(new() { Address = web.Http }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task A_page_larger_than_a_megabyte_is_read_as_far_as_that() =>
        (await ResolveAsync(Serve("/large", $"<title>Large</title>{new string('x', 3_000_000)}"))).Html.ShouldContain("Large");

    [Fact]
    public async Task Nothing_inside_is_asked()
    {
        await host!.DisposeAsync();
        host = Start();
        ServePage();
        foreach (var address in (string[])[web!.Http + "/clock", "http://localhost/clock", "https://169.254.169.254/latest/meta-data", "https://[::1]/", "http://10.0.0.1/"])
            (await ResolveAsync(address)).Html.ShouldBeEmpty(address);
        (await Links.CheckLinksAsync(new() { Addresses = { web.Http + "/clock" } })).Links[0].State.ShouldBe(LinkState.Unknown);
        asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Links_are_checked()
    {
        pages["/forbidden"] = context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        };
        var (works, broken, forbidden) = (ServePage(), web!.Http + "/404", web.Http + "/forbidden");
        var links = (await Links.CheckLinksAsync(new() { Addresses = { works, broken, forbidden, "ftp://x", works } })).Links;
        links.Select(link => (link.Address, link.State)).ShouldBe([(works, LinkState.Works), (broken, LinkState.Broken), (forbidden, LinkState.Unknown), ("ftp://x", LinkState.Unknown)]);
        links[1].Problem.ShouldContain("404");
        (await FailureOf(Links.CheckLinksAsync(new() { Addresses = { Enumerable.Range(0, 101).Select(n => $"https://example.org/{n}") } }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    // By the worker's own look, which comes every two seconds of the real clock.
    static async Task Until(Func<Task<bool>> isSo)
    {
        while (!await isSo())
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    Task<long> EventsAsync(string article) => CountAsync($"select count(*) from outbox where topic = 'content.articles.v1' and key = '{article}'");

    async Task<long> CountAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await host!.DisposeAsync();
        await web!.DisposeAsync();
        await issuer.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
