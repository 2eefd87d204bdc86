using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace Blog.Browser.Tests;

/// <summary>
/// Three hands write one draft, two in tabs of one device and one on another, while lines break, answers are lost, sessions end, disks are full,
/// windows close, browsers crash and the server restarts. At the end the text is what a model says, to the letter. What happens follows from a seed:
/// BLOG_SEED; BLOG_EDITS says how long, and with BLOG_RESTARTS the service itself is stopped and started (<c>./blog faults</c> sets them).
/// </summary>
public sealed class AutosaveFaultTests(Site site) : BrowserTest(site)
{
    static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [Fact]
    public async Task Whatever_goes_wrong_what_was_typed_is_there_and_what_was_deleted_is_not()
    {
        var (seed, edits) = (Setting("BLOG_SEED", 1), Setting("BLOG_EDITS", 30));
        var restarts = Setting("BLOG_RESTARTS", 0) != 0;
        var cancel = TestContext.Current.CancellationToken;
        var person = await Site.PersonAsync("faults");
        var random = new Random(seed);
        string[] sections = ["A", "B", "C"];
        var model = sections.ToDictionary(section => section, section => new List<string> { $"{section}0 begins here." });
        string Text() => string.Join("\n\n", sections.SelectMany(section => model[section].Prepend($"## {section}")));
        var draft = await person.Writer.CreateAsync("Under faults", Text(), cancel);

        var devices = new[] { new Device(await OpenAsync(person: person)), new Device(await OpenAsync(person: person)) };
        var hands = new Dictionary<string, Device> { ["A"] = devices[0], ["B"] = devices[0], ["C"] = devices[1] };
        foreach (var device in devices) await device.BeginAsync();
        foreach (var (hand, device) in hands) await device.OpenAsync(hand, draft.Id);

        var (next, faults) = (1, new Dictionary<string, int>());
        for (var edit = 0; edit < edits; edit++)
        {
            var hand = sections[random.Next(sections.Length)];
            var own = model[hand];
            var at = random.Next(own.Count);
            var (find, with) = random.Next(own.Count > 6 ? 5 : 4) switch
            {
                0 => Put(own, at, own[at].TrimEnd('.') + $" and on {next}."),
                1 => Put(own, at, own[at].Replace(" begins", $" {next} begins", StringComparison.Ordinal)),
                2 or 3 => Add(own, at, $"{hand}{next} begins {(next % 3 == 0 ? "late" : "here")}."),
                _ => Remove(own, at),
            };
            next++;
            await hands[hand].TypeAsync(hand, find, with);
            if (random.Next(4) != 0) continue;

            var struck = devices[random.Next(devices.Length)];
            var fault = (Fault)random.Next(Enum.GetValues<Fault>().Length);
            var name = fault.ToString();
            faults[name] = faults.GetValueOrDefault(name) + 1;
            if (restarts) Console.WriteLine($"after edit {next - 1} by {hand}: {name} for {string.Join(" and ", struck.Hands)}");
            await StrikeAsync(fault, struck, draft.Id, random);
            if (fault is Fault.Restart && restarts)
            {
                await Blog.StopAsync("content", cancel);
                await Blog.StartAgainAsync("content", cancel);
            }
        }

        foreach (var device in devices) await device.CalmAsync();
        foreach (var (hand, device) in hands) await device.SavedAsync(hand);
        var kept = devices.SelectMany(device => device.KeptWithin).Order().ToArray();
        TestContext.Current.SendDiagnosticMessage("Seed {0}: {1} edits, {2}.", seed, edits, string.Join(", ", faults.OrderBy(f => f.Key).Select(f => $"{f.Value} × {f.Key}")));
        Console.WriteLine($"seed {seed}: {edits} edits; {string.Join(", ", faults.OrderBy(f => f.Key).Select(f => $"{f.Value} × {f.Key}"))}; before each end of a window the text was on the device within {(kept.Length > 0 ? kept[^1] : 0):0} ms");
        (await person.Writer.GetAsync(draft.Id, cancel)).Content.Markdown.ShouldBe(Text(), $"BLOG_SEED={seed} BLOG_EDITS={edits}");
        foreach (var (hand, device) in hands)
        {
            await device.ReopenAsync(hand, draft.Id);
            (await device.TextAsync(hand)).ShouldBe(Text(), $"{hand}, opened anew; BLOG_SEED={seed} BLOG_EDITS={edits}");
        }
    }

    static (string Find, string With) Put(List<string> own, int at, string text)
    {
        var before = own[at];
        own[at] = text;
        return (before, text);
    }

    static (string Find, string With) Add(List<string> own, int at, string text)
    {
        own.Insert(at + 1, text);
        return (own[at], $"{own[at]}\n\n{text}");
    }

    static (string Find, string With) Remove(List<string> own, int at)
    {
        var gone = own[at];
        own.RemoveAt(at);
        return ($"\n\n{gone}", "");
    }

    enum Fault { Offline, Online, LostAnswers, Refusals, Restart, SignOut, SignIn, FullDisk, Room, CloseTab, Crash, Reload }

    static async Task StrikeAsync(Fault fault, Device device, string article, Random random)
    {
        switch (fault)
        {
            case Fault.Offline:
                await device.GoOfflineAsync();
                break;
            case Fault.Online:
                await device.GoOnlineAsync();
                break;
            case Fault.LostAnswers:
                device.LoseAnswers(1 + random.Next(3));
                break;
            case Fault.Refusals:
                device.Refuse(1 + random.Next(3));
                break;
            case Fault.Restart:
                device.Refuse(2);
                break;
            case Fault.SignOut:
                await device.SignOutAsync();
                break;
            case Fault.SignIn:
                await device.SignInAsync();
                break;
            case Fault.FullDisk:
                await device.FillDiskAsync();
                break;
            case Fault.Room:
                await device.FreeDiskAsync();
                break;
            case Fault.CloseTab:
                await device.CloseAndReopenAsync(device.Hands[random.Next(device.Hands.Count)], article);
                break;
            case Fault.Crash:
                await device.CrashAsync(article);
                break;
            default:
                await device.ReloadAsync(device.Hands[random.Next(device.Hands.Count)]);
                break;
        }
    }

    /// <summary>A browser with its own storage and session, and tabs in which hands write.</summary>
    sealed class Device(Window window)
    {
        readonly Dictionary<string, IPage> tabs = [];
        IReadOnlyList<Cookie> session = [];
        int lost, refused;
        bool full, offline, signedOut;

        public List<string> Hands { get; } = [];

        /// <summary>Milliseconds from the last edit of a window until its text was on the device, for each window that ended.</summary>
        public List<double> KeptWithin { get; } = [];

        IBrowserContext Context => window.Page.Context;

        public async Task BeginAsync()
        {
            // What is provoked here is told in the console.
            foreach (var complaint in (string[])["Failed to load resource", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]) window.Expects(complaint);
            session = [.. (await Context.CookiesAsync()).Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path, Secure = c.Secure, HttpOnly = c.HttpOnly, SameSite = c.SameSite, Expires = c.Expires })];
            await Context.AddInitScriptAsync("""
                (() => {
                  localStorage.setItem("writing-mode", "markdown");
                  const put = IDBObjectStore.prototype.put;
                  IDBObjectStore.prototype.put = function (...entry) {
                    if (window.diskIsFull) throw new DOMException("The disk is full.", "QuotaExceededError");
                    return put.apply(this, entry);
                  };
                })();
                """);
            await Context.RouteAsync("**/api/v1/me/articles/**", async route =>
            {
                if (route.Request.Method is not ("PUT" or "POST")) await route.ContinueAsync();
                else if (Interlocked.Decrement(ref refused) >= 0) await route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" });
                else if (Interlocked.Decrement(ref lost) >= 0)
                {
                    await route.FetchAsync();
                    await route.AbortAsync();
                }
                else await route.ContinueAsync();
            });
        }

        public async Task OpenAsync(string hand, string article)
        {
            if (!Hands.Contains(hand)) Hands.Add(hand);
            var page = tabs[hand] = await Context.NewPageAsync();
            await page.GotoAsync($"/write/{article}");
            await SavedAsync(hand);
        }

        public async Task ReopenAsync(string hand, string article)
        {
            var page = await Context.NewPageAsync();
            (var before, tabs[hand]) = (tabs[hand], page);
            if (!before.IsClosed) await before.CloseAsync();
            await page.GotoAsync($"/write/{article}");
            await SavedAsync(hand);
        }

        /// <summary>Replaces one passage by another as a person does: select, then type.</summary>
        public async Task TypeAsync(string hand, string find, string with)
        {
            var done = await tabs[hand].EvaluateAsync<string>("""
                ({ find, text }) => {
                  const field = document.querySelector("textarea.markdown");
                  if (!field) return "there is no text field: " + document.querySelector("main")?.innerText;
                  const at = field.value.indexOf(find);
                  if (at < 0) return "this is gone: " + find + "\nfrom: " + field.value;
                  field.focus();
                  field.setSelectionRange(at, at + find.length);
                  return document.execCommand(text ? "insertText" : "delete", false, text) ? "" : "not typed";
                }
                """, new { find, text = with });
            done.ShouldBe("", $"{hand} types");
        }

        public Task<string> TextAsync(string hand) => tabs[hand].Locator("textarea.markdown").InputValueAsync();

        /// <summary>Everything typed is on the server.</summary>
        public async Task SavedAsync(string hand)
        {
            var state = tabs[hand].Locator("[data-state]");
            for (var wait = Stopwatch.StartNew(); ; await Task.Delay(50))
            {
                var now = await state.CountAsync() > 0 ? await state.First.GetAttributeAsync("data-state") : null;
                if (now == "saved") return;
                now.ShouldNotBe("conflict", $"{hand}: nothing here touches what another hand did");
                wait.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), $"{hand} is {now}");
            }
        }

        /// <summary>The device, or the server, has what is in the window: only then may the window end.</summary>
        async Task KeptAsync(string hand)
        {
            var from = Stopwatch.GetTimestamp();
            await tabs[hand].EvaluateAsync("""
                async () => {
                  const kept = () => new Promise((resolve) => {
                    const request = indexedDB.open("blog", 1);
                    request.onsuccess = () => {
                      const all = request.result.transaction("drafts").objectStore("drafts").getAll();
                      all.onsuccess = () => { request.result.close(); resolve(all.result); };
                    };
                  });
                  for (let tries = 0; tries < 2000; tries++) {
                    const text = document.querySelector("textarea.markdown")?.value;
                    if (document.querySelector("[data-state]")?.dataset.state === "saved") return;
                    if ((await kept()).some(({ content }) => content.markdown === text)) return;
                    await new Promise((go) => setTimeout(go, 5));
                  }
                  throw new Error("The text was not kept on the device.");
                }
                """);
            KeptWithin.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        /// <summary>Nothing can be opened without a line and a session, nor kept without room.</summary>
        public async Task CalmAsync()
        {
            (lost, refused) = (0, 0);
            await FreeDiskAsync();
            await SignInAsync();
            await GoOnlineAsync();
        }

        public async Task CloseAndReopenAsync(string hand, string article)
        {
            if (full) await CalmAsync();
            await KeptAsync(hand);
            var page = await Context.NewPageAsync();
            await ClosedAsync(tabs[hand]);
            await CalmAsync();
            tabs[hand] = page;
            await page.GotoAsync($"/write/{article}");
            await SavedAsync(hand);
        }

        /// <summary>With the events that a page gets when its tab is closed, which Playwright does not wait for.</summary>
        static async Task ClosedAsync(IPage page)
        {
            var closed = new TaskCompletionSource();
            page.Close += (_, _) => closed.TrySetResult();
            await page.CloseAsync(new() { RunBeforeUnload = true });
            await closed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        public async Task ReloadAsync(string hand)
        {
            if (full) await CalmAsync();
            await KeptAsync(hand);
            await CalmAsync();
            await tabs[hand].ReloadAsync();
            await SavedAsync(hand);
        }

        /// <summary>The browser is gone with all of its tabs.</summary>
        public async Task CrashAsync(string article)
        {
            if (full) await CalmAsync();
            foreach (var hand in Hands) await KeptAsync(hand);
            foreach (var hand in Hands)
            {
                var before = tabs[hand];
                tabs[hand] = await Context.NewPageAsync();
                try
                {
                    await before.GotoAsync("chrome://crash", new() { Timeout = 5_000 });
                }
                catch (PlaywrightException)
                {
                    // As it should.
                }
                catch (TimeoutException)
                {
                    // A dead page answers nothing.
                }
                await before.CloseAsync();
            }
            await CalmAsync();
            foreach (var hand in Hands)
            {
                await tabs[hand].GotoAsync($"/write/{article}");
                await SavedAsync(hand);
            }
        }

        public void LoseAnswers(int count) => lost = count;

        public void Refuse(int count) => refused = count;

        public Task GoOfflineAsync()
        {
            offline = true;
            return Context.SetOfflineAsync(true);
        }

        public async Task GoOnlineAsync()
        {
            if (!offline) return;
            offline = false;
            await Context.SetOfflineAsync(false);
        }

        public Task SignOutAsync()
        {
            signedOut = true;
            return Context.ClearCookiesAsync();
        }

        public async Task SignInAsync()
        {
            if (!signedOut) return;
            signedOut = false;
            await Context.AddCookiesAsync(session);
            await EverywhereAsync("() => dispatchEvent(new Event('focus'))");
        }

        public Task FillDiskAsync()
        {
            full = true;
            return EverywhereAsync("() => { window.diskIsFull = true }");
        }

        public async Task FreeDiskAsync()
        {
            if (!full) return;
            full = false;
            await EverywhereAsync("() => { window.diskIsFull = false }");
        }

        async Task EverywhereAsync(string script)
        {
            foreach (var page in tabs.Values.Where(page => !page.IsClosed)) await page.EvaluateAsync(script);
        }
    }
}
