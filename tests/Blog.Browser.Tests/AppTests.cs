using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>The site as an app: installable, readable without a network, and never half old.</summary>
[Collection(nameof(Shelf))]
public sealed class AppTests(Site site, Shelf shelf) : BrowserTest(site)
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
        // Asked of the page: that page registers the usual address, which to the browser is a newer version again.
        await window.UntilAsync<bool>("async () => navigator.serviceWorker.controller?.scriptURL.endsWith('/sw.js?another')");
        (await window.Page.EvaluateAsync<string>("() => document.querySelector('link[rel=stylesheet]').href")).ShouldBe(before);
    }

    [Fact]
    public async Task Claps_given_without_a_network_are_sent_when_it_is_back()
    {
        var window = await OpenAsync(person: await Site.PersonAsync("tunnel"));
        window.Expects("ERR_INTERNET_DISCONNECTED");
        var page = window.Page;
        await ControlledAsync(window, "/");
        await page.GotoAsync(Article);
        var clap = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Clap") }).First;
        await Expect(clap).ToHaveAttributeAsync("aria-pressed", "false");
        await page.Context.SetOfflineAsync(true);

        await clap.ClickAsync();
        await Expect(page.GetByText("1 action waits for a connection")).ToBeVisibleAsync();
        await Expect(clap).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Context.SetOfflineAsync(false);

        await Expect(page.GetByText("Everything was sent")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(clap).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task A_push_message_shows_a_notification_that_opens_only_our_own_pages()
    {
        var window = await OpenCompleteAsync();
        await window.Page.Context.GrantPermissionsAsync(["notifications"]);
        await ControlledAsync(window, "/");
        var session = await window.Page.Context.NewCDPSessionAsync(window.Page);
        var registration = new TaskCompletionSource<string>();
        session.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, told) =>
        {
            foreach (var each in told!.Value.GetProperty("registrations").EnumerateArray()) registration.TrySetResult(each.GetProperty("registrationId").GetString()!);
        };
        await session.SendAsync("ServiceWorker.enable");

        await session.SendAsync("ServiceWorker.deliverPushMessage", new()
        {
            ["origin"] = Blog.Origin.GetLeftPart(UriPartial.Authority),
            ["registrationId"] = await registration.Task.WaitAsync(TimeSpan.FromSeconds(10)),
            ["data"] = """{"title":"Edda Brook published","body":"Letter 31","url":"/@edda-brook/letter-07","tag":"article"}""",
        });

        var shown = await window.UntilAsync<string[]>("async () => { const [told] = await (await navigator.serviceWorker.ready).getNotifications(); return told && [told.title, told.body, told.tag, told.data.url] }");
        shown.ShouldBe(["Edda Brook published", "Letter 31", "article", "/@edda-brook/letter-07"]);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Notifications_of_the_browser_are_offered_with_a_reason_and_asked_for_by_a_press_alone(Screen screen)
    {
        var window = await OpenAsync(screen, await Site.PersonAsync("offer"));
        var page = window.Page;
        await page.AddInitScriptAsync("window.asked = 0; Notification.requestPermission = async () => { window.asked++; return 'default' }; Object.defineProperty(Notification, 'permission', { get: () => 'default' })");
        await ControlledAsync(window, "/");
        await page.GotoAsync($"/@{Shelf.Handle}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Follow", Exact = false }).First.ClickAsync();

        var offer = page.GetByRole(AriaRole.Region, new() { Name = "Be told when Edda Brook publishes?" });
        await Expect(offer).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>("asked")).ShouldBe(0);
        await window.CheckAsync("push-offer");
        await offer.GetByRole(AriaRole.Button, new() { Name = "Turn on notifications" }).ClickAsync();

        await Expect(offer).ToBeHiddenAsync();
        (await page.EvaluateAsync<int>("asked")).ShouldBe(1);
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
