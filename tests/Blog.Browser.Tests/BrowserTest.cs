using Blog.SystemTesting;

namespace Blog.Browser.Tests;

/// <summary>A test with windows: they are watched while it runs and closed after it.</summary>
public abstract class BrowserTest(Site site) : IAsyncDisposable
{
    readonly List<Window> windows = [];

    /// <summary>The system and the browser.</summary>
    protected Site Site { get; } = site;

    /// <summary>The system.</summary>
    protected RunningBlog Blog => Site.Blog;

    /// <summary>Opens a window.</summary>
    protected async Task<Window> OpenAsync(Screen screen = Screen.Desktop, Person? person = null, bool javaScript = true)
    {
        var window = await Site.OpenAsync(screen, person?.Session, javaScript);
        windows.Add(window);
        return window;
    }

    /// <summary>Opens a window of a browser that has all of its parts.</summary>
    protected async Task<Window> OpenCompleteAsync()
    {
        var window = await Site.OpenCompleteAsync();
        windows.Add(window);
        return window;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var complaints = windows.SelectMany(window => window.Complaints).ToList();
        var failed = complaints.Count > 0 || TestContext.Current.TestState?.Result is TestResult.Failed;
        for (var i = 0; i < windows.Count; i++)
        {
            if (failed) await windows[i].LeaveTracesAsync($"{TestContext.Current.Test?.TestDisplayName}-{i + 1}");
            await windows[i].DisposeAsync();
        }
        complaints.ShouldBeEmpty();
    }
}
