using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>The site as an app: installable, readable without a network, and never half old.</summary>
public sealed class AppTests(Site site, Shelf shelf) : BrowserTest(site), IClassFixture<Shelf>
{
    const string Article = $"/@{Shelf.Handle}/letter-07";

    [Fact]
    public async Task The_site_can_be_installed()
    {
        _ = shelf;
        var window = await OpenAsync();
        await ControlledAsync(window, "/");
        var session = await window.Page.Context.NewCDPSessionAsync(window.Page);

        var manifest = await session.SendAsync("Page.getAppManifest");
        manifest!.Value.GetProperty("errors").GetArrayLength().ShouldBe(0, manifest.ToString());
        var problems = await session.SendAsync("Page.getInstallabilityErrors");
        // A window of a test is always a private one, in which nothing can be installed.
        problems!.Value.GetProperty("installabilityErrors").EnumerateArray().Select(e => e.GetProperty("errorId").GetString())
            .Where(error => error != "in-incognito").ShouldBeEmpty();
        foreach (var icon in (string[])["/icons/180.png", "/icons/192.png", "/icons/512.png", "/icons/maskable.png", "/icons/badge.png"])
            (await window.Page.APIRequest.GetAsync(icon)).Headers["content-type"].ShouldBe("image/png", icon);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Without_a_network_a_page_says_so_and_lists_what_is_kept(Screen screen)
    {
        var window = await OpenAsync(screen);
        window.Expects("ERR_INTERNET_DISCONNECTED");
        await ControlledAsync(window, "/");
        await KeepAsync(window, Article);

        await window.Page.Context.SetOfflineAsync(true);
        await window.Page.GotoAsync("/topics");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("You are offline");
        await window.CheckAsync("offline");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Letter 7 from the coast" }).ClickAsync();

        await Expect(window.Page).ToHaveURLAsync(Article);
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Letter 7 from the coast");
        var picture = window.Page.GetByAltText("The tide, going out");
        await picture.ScrollIntoViewIfNeededAsync();
        await window.Page.WaitForFunctionAsync("picture => picture.complete && picture.naturalWidth > 0", await picture.ElementHandleAsync());
        // Drawn with its own style sheet, not bare.
        (await window.Page.Locator(".prose").EvaluateAsync<string>("prose => getComputedStyle(prose).fontFamily")).ShouldContain("Source Serif");
        await window.CheckAsync("offline-article");
    }

    [Fact]
    public async Task What_is_no_longer_wanted_leaves_the_device()
    {
        var window = await OpenAsync();
        await ControlledAsync(window, "/");
        await KeepAsync(window, Article);
        await window.Page.GotoAsync("/offline");
        await window.CheckAsync("kept");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Remove “Letter 7 from the coast” from this device" }).ClickAsync();
        await Expect(window.Page.GetByText("Nothing is kept yet")).ToBeVisibleAsync();
        (await window.Page.EvaluateAsync<int>("async () => (await (await caches.open('pictures-1')).keys()).length")).ShouldBe(0);
    }

    [Fact]
    public async Task A_new_version_waits_until_the_reader_loads_anew()
    {
        var window = await OpenAsync();
        await ControlledAsync(window, "/");
        var before = await window.Page.EvaluateAsync<string>("() => document.querySelector('link[rel=stylesheet]').href");
        // To the browser a worker at another address is a new version, as one with other bytes is.
        await window.Page.EvaluateAsync("() => navigator.serviceWorker.register('/sw.js?another')");

        var reload = window.Page.GetByRole(AriaRole.Button, new() { Name = "Reload", Exact = true });
        await Expect(reload).ToBeVisibleAsync();
        (await window.Page.EvaluateAsync<bool>("async () => (await navigator.serviceWorker.ready).waiting !== null")).ShouldBeTrue();
        await window.CheckAsync("update");
        await window.Page.EvaluateAsync("() => { window.before = true }");
        await reload.ClickAsync();

        await window.Page.WaitForFunctionAsync("() => !window.before && document.readyState === 'complete'");
        await window.Page.WaitForFunctionAsync("async () => (await navigator.serviceWorker.ready).waiting === null");
        (await window.Page.EvaluateAsync<string>("() => document.querySelector('link[rel=stylesheet]').href")).ShouldBe(before);
    }

    /// <summary>Opens a page and waits until the service worker looks after it.</summary>
    static async Task ControlledAsync(Window window, string address)
    {
        await window.Page.GotoAsync(address);
        await window.Page.WaitForFunctionAsync("() => navigator.serviceWorker.controller !== null");
    }

    /// <summary>As a save button does.</summary>
    static async Task KeepAsync(Window window, string path)
    {
        await window.Page.EvaluateAsync(
            """
            path => new Promise(resolve => {
              document.addEventListener('blog:offline', event => event.detail.type === 'shelf' && resolve());
              document.dispatchEvent(new CustomEvent('blog:saved', { detail: { articleId: '', url: path, saved: true } }));
            })
            """, path);
        (await window.Page.EvaluateAsync<int>("async () => (await (await caches.open('pages-1')).keys()).length")).ShouldBe(2);
    }
}
