using System.Globalization;
using System.Security.Cryptography;
using Blog.SystemTesting;
using Microsoft.Playwright;

[assembly: Xunit.AssemblyFixture(typeof(Blog.Browser.Tests.Site))]

namespace Blog.Browser.Tests;

/// <summary>The running system and one Chromium, shared by all tests; each test has people, articles and windows of its own.</summary>
public sealed class Site : IAsyncLifetime
{
    static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    IPlaywright? playwright;
    IBrowser? chromium;

    /// <summary>The system.</summary>
    public RunningBlog Blog { get; private set; } = null!;

    /// <summary>Where a run leaves what helps to understand a failure.</summary>
    public static string Artifacts { get; } = Path.Combine(RunningBlog.RepositoryRoot, "artifacts", "browser");

    public async ValueTask InitializeAsync()
    {
        var starting = RunningBlog.StartAsync(TestContext.Current.CancellationToken);
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        Blog = await starting;
    }

    /// <summary>A window of somebody who has never been here, or who is signed in already.</summary>
    public Task<Window> OpenAsync(Screen screen, string? session = null, bool javaScript = true) => Window.OpenAsync(chromium!, Blog.Origin, screen, session, javaScript);

    /// <summary>Somebody with a confirmed account, and the cookies of a window in which they signed in.</summary>
    public async Task<Person> PersonAsync(string name)
    {
        var handle = NewHandle(name);
        var writer = await Writer.SignUpAsync(Blog, handle, TestContext.Current.CancellationToken);
        await using var window = await OpenAsync(Screen.Desktop);
        await window.Page.GotoAsync("/bff/login?returnUrl=/me/stories");
        await window.SignInAsync(writer.Email, writer.Password);
        await window.Page.WaitForURLAsync("**/me/stories");
        // Until the page has noted who is signed in, a public page does not ask.
        await window.Page.WaitForFunctionAsync("() => !['asked', null].includes(localStorage.getItem('session'))");
        return new(writer, await window.Page.Context.StorageStateAsync());
    }

    /// <summary>A handle that no other test has.</summary>
    public static string NewHandle(string name) => $"{name}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}".ToLower(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
        if (Blog is not null) await Blog.DisposeAsync();
    }
}

/// <param name="Writer">Writes through the API, for what a test needs before it begins.</param>
/// <param name="Session">The cookies of a signed-in window.</param>
public sealed record Person(Writer Writer, string Session);

/// <summary>What people look at a page with.</summary>
public enum Screen { Desktop, Phone }
