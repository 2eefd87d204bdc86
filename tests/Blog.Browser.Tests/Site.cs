using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Blog.SystemTesting;
using Microsoft.Playwright;

[assembly: Xunit.AssemblyFixture(typeof(Blog.Browser.Tests.Site))]

namespace Blog.Browser.Tests;

/// <summary>The running system and one Chromium, shared by all tests; each test has people, articles and windows of its own.</summary>
public sealed class Site : IAsyncLifetime
{
    static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    IPlaywright? playwright;
    IBrowser? chromium;
    Task<IBrowser>? complete;

    /// <summary>The system.</summary>
    public RunningBlog Blog { get; private set; } = null!;

    /// <summary>Where a run leaves what helps to understand a failure.</summary>
    public static string Artifacts { get; } = Path.Combine(RunningBlog.RepositoryRoot, "artifacts", "browser");

    public async ValueTask InitializeAsync()
    {
        // Everybody here signs up from one address.
        foreach (var part in (string[])["Burst", "PerSecond"]) Environment.SetEnvironmentVariable($"Blog__RateLimits__SignIn__{part}", "1000");
        var starting = RunningBlog.StartAsync(TestContext.Current.CancellationToken);
        playwright = await Playwright.CreateAsync();
        // What is expected may take long on a busy machine; what is there is seen at once.
        Assertions.SetDefaultExpectTimeout(20_000);
        // Chromium without windows around pages: it takes half of the time.
        chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium-headless-shell", Args = Flags });
        Blog = await starting;
    }

    /// <summary>A window of somebody who has never been here, or who is signed in already.</summary>
    public Task<Window> OpenAsync(Screen screen, string? session = null, bool javaScript = true) => Window.OpenAsync(chromium!, Blog.Origin, screen, session, javaScript);

    /// <summary>The same in a Chromium that has all of its parts: the shell shows no notifications.</summary>
    public async Task<Window> OpenCompleteAsync() =>
        await Window.OpenAsync(await (complete ??= playwright!.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--headless", .. Flags] })), Blog.Origin, Screen.Desktop, session: null, javaScript: true);

    /// <summary>Somebody with a confirmed account, and the cookies of a window in which they signed in.</summary>
    public async Task<Person> PersonAsync(string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        var writer = await Writer.SignUpAsync(Blog, NewHandle(name), cancel);
        // The window signs in by itself, so that signing out in it leaves the writer in.
        using var browser = new PlainBrowser(Blog.Origin);
        await writer.SignInAsync(browser, cancel);
        using var answer = await browser.SendAsync(new(HttpMethod.Get, new Uri("/bff/user", UriKind.Relative)), cancel);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("id").GetString()!;
        return new(writer, StateOf(browser, id));
    }

    /// <summary>What Playwright keeps of a window (https://playwright.dev/docs/api/class-browsercontext#browser-context-storage-state) in which somebody has signed in and the page has noted who.</summary>
    /// <remarks>Most tests of writing type Markdown; those of the rich editor choose it.</remarks>
    string StateOf(PlainBrowser browser, string person) => JsonSerializer.Serialize(new
    {
        cookies = browser.Cookies.Select(cookie => new { name = cookie.Key, value = cookie.Value, domain = Blog.Origin.Host, path = "/", expires = -1, httpOnly = true, secure = true, sameSite = "Lax" }),
        origins = new[] { new { origin = Blog.Origin.GetLeftPart(UriPartial.Authority), localStorage = new[] { new { name = "session", value = person }, new { name = "writing-mode", value = "markdown" } } } },
    });

    /// <summary>A handle that no other test has.</summary>
    public static string NewHandle(string name) => $"{name}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}".ToLower(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        if (complete is not null) await (await complete).DisposeAsync();
        playwright?.Dispose();
        if (Blog is not null) await Blog.DisposeAsync();
    }
}

/// <param name="Writer">Writes through the API, for what a test needs before it begins.</param>
/// <param name="Session">The cookies of a signed-in window.</param>
public sealed record Person(Writer Writer, string Session);

/// <summary>What people look at a page with.</summary>
public enum Screen { Desktop, Phone }
