using Blog.Archives.Markdown;
using Blog.Bench.Search;
using Blog.SystemTesting;
using Microsoft.Playwright;

namespace Blog.Bench;

/// <summary>
/// From a key to the frame that shows its letter, in the rich editor, about the middle of a story of 10,000 words: one with headings, lists, tables and code that is far denser than what people write, and a real
/// post. A frame here begins as soon as there is something to draw (Chromium without its limit of 60 a second), so what is measured is work, not the wait for the screen. Autosave, journal and word count run as they
/// do for everybody.
/// </summary>
static class TypingLatency
{
    const int Words = 10_000, Rounds = 5, WarmUp = 40, Keys = 200, BetweenKeys = 70;

    // Ten times a second Chromium looks where the page's links are, and asks for a frame that draws nothing; the next one then waits for the end of its sixtieth of a second, limit or not. Without that look
    // (NavigationPredictor) a key does not meet it.
    static readonly string[] Flags =
    [
        "--disable-features=NavigationPredictor", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu-vsync", "--disable-frame-rate-limit",
    ];

    // After a key the next frame is drawn; a message posted from its callback is handled when it is done.
    const string Watch =
        """
        () => addEventListener('keydown', event => {
          const pressed = event.timeStamp;
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => { port1.close(); window.keyTimes.push(performance.now() - pressed); };
            port2.postMessage(null);
          });
        }, { capture: true })
        """;

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        await using var blog = await RunningBlog.StartAsync(cancel);
        using var writer = await Writer.SignUpAsync(blog, "typing", cancel);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        foreach (var (name, markdown, heading) in new[] { ("typing-latency", Dense(), "Part 20"), ("typing-latency-real", await RealAsync(cancel), "Librarification Initiatives") })
        {
            if (markdown is null)
            {
                Figures.Say($"{name} is left out: there is no {RealPosts.Folder}");
                continue;
            }
            var draft = await writer.CreateAsync("Ten thousand words", markdown, cancel);
            await using var context = await chromium.NewContextAsync(new() { BaseURL = blog.Origin.ToString(), ViewportSize = new() { Width = 1440, Height = 900 } });
            var page = await context.NewPageAsync();
            await page.GotoAsync($"/bff/login?returnUrl=/write/{draft.Id}");
            await page.GetByLabel("E-mail").FillAsync(writer.Email);
            await page.GetByLabel("Password").FillAsync(writer.Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
            var story = page.GetByRole(AriaRole.Textbox, new() { Name = "Story", Exact = true });
            await page.EvaluateAsync(Watch);
            var rounds = new List<double[]>();
            while (rounds.Count < Rounds) rounds.Add(await RoundAsync(page, story.GetByRole(AriaRole.Heading, new() { Name = heading }), cancel));
            foreach (var percent in new[] { 50, 95, 99 })
                figures.AddMedian($"{name}-p{percent}", rounds.Select(times => times[times.Length * percent / 100]), "ms");
        }
    }

    /// <summary>A paragraph typed after the heading, in ms from each key to its frame, in ascending order.</summary>
    static async Task<double[]> RoundAsync(IPage page, ILocator heading, CancellationToken cancel)
    {
        await heading.First.ClickAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter");
        await TypeAsync(page, WarmUp, cancel);
        await page.EvaluateAsync("() => { window.keyTimes = []; }");
        await TypeAsync(page, Keys, cancel);
        var times = await page.EvaluateAsync<double[]>("() => window.keyTimes");
        return times.Length >= Keys ? [.. times.Order()] : throw new InvalidOperationException($"Of {Keys} keys {times.Length} were seen.");
    }

    static async Task TypeAsync(IPage page, int keys, CancellationToken cancel)
    {
        const string letters = "the tide came in and ";
        for (var key = 0; key < keys; key++)
        {
            await page.Keyboard.TypeAsync(letters[key % letters.Length].ToString());
            await Task.Delay(BetweenKeys, cancel);
        }
    }

    /// <summary>The longest post of one author in the shared data, as it is; null: it is not there.</summary>
    static async Task<string?> RealAsync(CancellationToken cancel)
    {
        var file = Path.Combine(RealPosts.Folder, "inside-rust", "compiler-team-2022-midyear-report.md");
        return File.Exists(file) ? MarkdownFile.Read(file, await File.ReadAllTextAsync(file, cancel))?.Body : null;
    }

    /// <summary>Hardly six words of a paragraph without a link, code or emphasis.</summary>
    static string Dense()
    {
        var parts = Enumerable.Range(1, Words / 200).Select(part =>
            $"## Part {part}\n\n{Paragraph(part, 80)}\n\n{Paragraph(part + 7, 80)}\n\n- {Paragraph(part, 8)}\n- **{Paragraph(part + 3, 8)}**\n\n| tone | hours |\n| --- | --: |\n| M2 | 12.42 |\n\n```rust\nfn part() -> u32 {{ {part} }} // the lag\n```");
        return string.Join("\n\n", parts) + "\n";
    }

    static string Paragraph(int seed, int words)
    {
        string[] all = ["tide", "clock", "water", "harbour", "moon", "*quiet*", "weather", "promise", "[gauge](https://example.org/)", "notebook", "`lag`", "wrong", "useful", "hand", "hour", "the", "of", "and", "in"];
        return string.Join(' ', Enumerable.Range(0, words).Select(word => all[(word * 7 + seed * 3 + word / 5) % all.Length])) + ".";
    }
}
