using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Blog.Browser.Tests;

/// <summary>
/// A window of one person. It watches while a test runs: what the page complains of (errors, violations of the content policy, requests to other
/// origins) makes the test fail at its end, unless the test provoked it and said so by <see cref="Expects"/>.
/// </summary>
public sealed partial class Window : IAsyncDisposable
{
    static readonly ConcurrentDictionary<string, bool> seenInTheDark = new(StringComparer.Ordinal);

    readonly IBrowserContext context;
    readonly ConcurrentQueue<string> complaints = new();
    readonly List<string> expected = [];
    readonly List<string> console = [];

    Window(IBrowserContext context, IPage page, Screen screen)
    {
        this.context = context;
        Page = page;
        Screen = screen;
    }

    /// <summary>What is shown.</summary>
    public IPage Page { get; }

    /// <summary>How large it is.</summary>
    public Screen Screen { get; }

    /// <summary>Where the text of a draft is safe.</summary>
    public ILocator State => Page.Locator("[data-state]");

    /// <summary>The text of a story on the writer's desk.</summary>
    public ILocator Text => Page.GetByLabel("Story, in Markdown");

    /// <summary>The story in the rich editor.</summary>
    public ILocator Story => Page.GetByRole(AriaRole.Textbox, new() { Name = "Story", Exact = true });

    /// <summary>The title of a story on the writer's desk.</summary>
    public ILocator Title => Page.GetByRole(AriaRole.Textbox, new() { Name = "Title", Exact = true });

    /// <summary>What went wrong, said at once; not the empty place in which Next tells of navigations.</summary>
    public ILocator Alert => Page.Locator("[role=alert]:not(#__next-route-announcer__)");

    internal static async Task<Window> OpenAsync(IBrowser browser, Uri origin, Screen screen, string? session, bool javaScript)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = origin.ToString(),
            ViewportSize = screen is Screen.Desktop ? new() { Width = 1440, Height = 900 } : new() { Width = 390, Height = 844 },
            HasTouch = screen is Screen.Phone,
            IsMobile = screen is Screen.Phone,
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = session,
            JavaScriptEnabled = javaScript,
        });
        context.SetDefaultTimeout(20_000);
        await context.AddInitScriptAsync("document.addEventListener('securitypolicyviolation', e => console.error(`Content policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`))");
        var window = new Window(context, await context.NewPageAsync(), screen);
        window.Watch(origin);
        return window;
    }

    void Watch(Uri origin)
    {
        Page.Console += (_, message) =>
        {
            var line = $"{message.Type}: {message.Text} ({message.Location})";
            lock (console) console.Add(line);
            if (message.Type is "error") complaints.Enqueue(line);
        };
        Page.PageError += (_, error) => complaints.Enqueue($"exception: {error}");
        context.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is "http" or "https" && address.Authority != origin.Authority) complaints.Enqueue($"request to another origin: {request.Url}");
        };
    }

    /// <summary>The test provokes this: a complaint that contains the text is as it should be.</summary>
    public void Expects(string complaint) => expected.Add(complaint);

    /// <summary>Fills in the sign-in page.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Everything typed is on the server, and when.</summary>
    public Task SavedAsync() => Assertions.Expect(State).ToHaveTextAsync(Saved());

    [GeneratedRegex(@"^Saved \d")]
    private static partial Regex Saved();

    /// <summary>Loads a page anew until it shows something: what a change brings to readers comes by an event, within moments.</summary>
    public async Task LoadUntilAsync(string address, Func<IPage, ILocator> wanted)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        do
        {
            await Page.GotoAsync(address);
            if (await wanted(Page).CountAsync() > 0) return;
        }
        while (TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30));
        await Assertions.Expect(wanted(Page)).ToBeVisibleAsync();
    }

    /// <summary>Asks the page again and again, for up to half a minute, until an asynchronous function answers with something (WaitForFunction takes the promise itself for an answer).</summary>
    public Task<T> UntilAsync<T>(string function, object? argument = null) => Page.EvaluateAsync<T>(
        $$"""
        async argument => {
          const ask = {{function}};
          for (let tries = 0; tries < 600; tries++) {
            const answer = await ask(argument);
            if (answer) return answer;
            await new Promise(go => setTimeout(go, 50));
          }
          throw new Error(`In vain: ${ask}`);
        }
        """, argument);

    /// <summary>Nobody is kept out of this page: no violation of accessibility rules in light and in dark, nothing to scroll sideways.</summary>
    /// <param name="name">What to call it in pictures; with the environment variable BLOG_SHOTS (a folder) each is photographed.</param>
    public async Task CheckAsync(string name)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await ShootAsync($"{name}-{Screen}-{scheme}");
            // In the dark nothing but colours is other than in the light, and the colours of a page are the same on a phone: they are looked at once.
            if (scheme is ColorScheme.Dark && !seenInTheDark.TryAdd(name, true)) continue;
            (await (scheme is ColorScheme.Light ? Axe.ViolationsAsync(Page) : Axe.ViolationsAsync(Page, "cat.color"))).ShouldBeEmpty($"{name}, {Screen}, {scheme}, {Page.Url}");
        }
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        (await OverhangAsync()).ShouldBe(0, $"{name}, {Screen}: scrolls sideways");
    }

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)");

    async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("BLOG_SHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name.ToLowerInvariant() + ".png"), FullPage = true });
    }

    /// <summary>What the page complained of, without what was expected.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints.Where(complaint => !expected.Exists(complaint.Contains))];

    /// <summary>Leaves a picture, the page and its console for whoever looks into a failure.</summary>
    public async Task LeaveTracesAsync(string name)
    {
        Directory.CreateDirectory(Site.Artifacts);
        var path = Path.Combine(Site.Artifacts, NotInNames().Replace(name, "-"));
        lock (console) File.WriteAllLines(path + ".log", [Page.Url, .. console, .. complaints]);
        await File.WriteAllTextAsync(path + ".html", await Page.ContentAsync());
        await Page.ScreenshotAsync(new() { Path = path + ".png" });
    }

    [GeneratedRegex(@"[^\w.]+")]
    private static partial Regex NotInNames();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
