using System.Text.RegularExpressions;
using Blog.SystemTesting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Readers clap and talk to each other under a story.</summary>
public sealed class TalkTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<Writer.Article> StoryAsync(Person author, string title)
    {
        var draft = await author.Writer.CreateAsync(title, $"The water rose all night.\n\n{string.Concat(Enumerable.Repeat("Nobody slept, and the bells of the lower town did not stop before the morning came.\n\n", 12))}", Cancel);
        return await author.Writer.PublishAsync(draft, Cancel);
    }

    static ILocator Responses(Window window) => window.Page.Locator("#responses");

    static ILocator Response(Window window, string text) => Responses(window).Locator("li.response").Filter(new() { HasText = text }).Last;

    static async Task WriteAsync(ILocator form, string text, string button)
    {
        await form.GetByRole(AriaRole.Textbox).FillAsync(text);
        await form.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }

    /// <summary>Waits until the service counts so many.</summary>
    static Task<bool> ClapsAsync(Window window, string articleId, int claps) => window.UntilAsync<bool>(
        "async ([id, claps]) => (await (await fetch(`/api/v1/articles/${id}/counts`, { cache: 'no-store' })).json()).claps === Number(claps)",
        new[] { articleId, claps.ToString(System.Globalization.CultureInfo.InvariantCulture) });

    static ILocator Menu(ILocator response) => response.Locator("summary").First;

    [Fact]
    public async Task Two_people_talk_one_answers_deletes_and_the_author_hides()
    {
        var (ada, ben) = (await Site.PersonAsync("ada"), await Site.PersonAsync("ben"));
        var story = await StoryAsync(ada, "High water");

        var bens = await OpenAsync(person: ben);
        await bens.LoadUntilAsync(story.Url!, page => page.Locator("#responses"));
        await bens.Page.GetByRole(AriaRole.Link, new() { Name = "Respond to this story" }).First.ClickAsync();
        await WriteAsync(Responses(bens).Locator("form").First, "Was the **mill** flooded?", "Respond");
        await Expect(Response(bens, "Was the mill flooded?").Locator("strong")).ToHaveTextAsync("mill");
        await Expect(Responses(bens).GetByRole(AriaRole.Heading, new() { Name = "1 response" })).ToBeVisibleAsync();

        var adas = await OpenAsync(person: ada);
        await adas.Page.GotoAsync($"{story.Url}#responses");
        await Response(adas, "Was the mill flooded?").GetByRole(AriaRole.Button, new() { NameRegex = new("^Reply to") }).ClickAsync();
        await WriteAsync(Responses(adas).Locator("li form"), "Up to the second floor.", "Reply");
        await Expect(Response(adas, "Up to the second floor.").GetByText("Author", new() { Exact = true })).ToBeVisibleAsync();
        await adas.CheckAsync("responses");

        await bens.Page.GotoAsync($"{story.Url}#responses");
        await bens.Page.ReloadAsync();
        await Expect(Response(bens, "Up to the second floor.")).ToBeVisibleAsync();
        await Menu(Response(bens, "Was the mill flooded?").Locator("xpath=ancestor-or-self::li[1]")).ClickAsync();
        await Responses(bens).GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        await WriteAsync(Responses(bens).Locator("li form"), "Was the old mill flooded?", "Save");
        await Expect(Response(bens, "Was the old mill flooded?").GetByText("edited", new() { Exact = true })).ToBeVisibleAsync();

        await Menu(Responses(bens).Locator("li.response").First).ClickAsync();
        await Responses(bens).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await bens.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(Responses(bens).GetByText("This response was deleted.").First).ToBeVisibleAsync();
        await Expect(Response(bens, "Up to the second floor.")).ToBeVisibleAsync();
        await WriteAsync(Responses(bens).Locator("form").First, "Buy my boots, cheap!", "Respond");
        await Expect(Response(bens, "Buy my boots")).ToBeVisibleAsync();

        await adas.Page.ReloadAsync();
        await Menu(Response(adas, "Buy my boots")).ClickAsync();
        await Responses(adas).GetByRole(AriaRole.Button, new() { Name = "Hide from readers" }).ClickAsync();
        await Expect(Response(adas, "Buy my boots").GetByText("Hidden: only you and its author see this.")).ToBeVisibleAsync();

        var anybody = await OpenAsync(Screen.Phone);
        await anybody.Page.GotoAsync($"{story.Url}/responses");
        await Expect(Responses(anybody).GetByText("Up to the second floor.")).ToBeVisibleAsync();
        await Expect(Responses(anybody).GetByText("Buy my boots")).ToHaveCountAsync(0);
        await anybody.CheckAsync("responses-page");
        await adas.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Response(adas, "Buy my boots").GetByText("Hidden:")).ToHaveCountAsync(0);
        await anybody.LoadUntilAsync($"{story.Url}/responses", page => page.GetByText("Buy my boots"));
    }

    [Fact]
    public async Task Claps_add_up_arrive_once_and_can_be_taken_back()
    {
        var (ada, ben) = (await Site.PersonAsync("ada"), await Site.PersonAsync("ben"));
        var story = await StoryAsync(ada, "Applause");
        var window = await OpenAsync(person: ben);
        await window.LoadUntilAsync(story.Url!, page => page.Locator(".actions"));
        var clap = window.Page.Locator(".actions [data-clap] button").First;
        await Expect(clap).ToHaveAttributeAsync("aria-label", "Clap. 0 claps");

        await clap.EvaluateAsync("button => { for (let i = 0; i < 5; i++) button.click(); }");
        await Expect(clap).ToHaveAttributeAsync("aria-label", "Clap again. 5 claps, 5 of them yours");
        await ClapsAsync(window, story.Id, 5);

        await window.Page.ReloadAsync();
        await Expect(clap).ToHaveAttributeAsync("aria-label", "Clap again. 5 claps, 5 of them yours");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "take your claps back" }).ClickAsync();
        await Expect(clap).ToHaveAttributeAsync("aria-label", "Clap. 0 claps");
        await ClapsAsync(window, story.Id, 0);

        // The author's own hands stay still.
        var own = await OpenAsync(Screen.Phone, ada);
        await own.Page.GotoAsync(story.Url!);
        await Expect(own.Page.Locator(".actions [data-clap] button").First).ToHaveAttributeAsync("aria-disabled", "true");
        await own.CheckAsync("actions");
    }

    [Fact]
    public async Task Words_survive_a_reload_a_refusal_and_signing_in()
    {
        var (ada, ben) = (await Site.PersonAsync("ada"), await Site.PersonAsync("ben"));
        var story = await StoryAsync(ada, "Kept words");
        var window = await OpenAsync();
        await window.LoadUntilAsync($"{story.Url}#responses", page => page.Locator("#responses form"));
        var form = Responses(window).Locator("form").First;
        await form.GetByRole(AriaRole.Textbox).FillAsync("Written before signing in.");
        await Expect(form.GetByText("Kept on this device")).ToBeVisibleAsync();
        await window.Page.ReloadAsync();
        await Expect(form.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("Written before signing in.");

        await form.GetByRole(AriaRole.Button, new() { Name = "Sign in to respond" }).ClickAsync();
        await window.SignInAsync(ben.Writer.Email, ben.Writer.Password);
        await window.Page.WaitForURLAsync(new Regex("#responses$"));
        await Expect(form.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("Written before signing in.");

        await form.GetByRole(AriaRole.Textbox).FillAsync(new string('x', 10_001));
        await form.GetByRole(AriaRole.Button, new() { Name = "Respond", Exact = true }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("1 characters too many");
        (await form.GetByRole(AriaRole.Textbox).InputValueAsync()).Length.ShouldBe(10_001);

        await WriteAsync(form, "Sent after all.", "Respond");
        await Expect(Response(window, "Sent after all.")).ToBeVisibleAsync();
        await Expect(form.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Responses_are_read_sorted_and_linked_to_without_scripts()
    {
        var (ada, ben) = (await Site.PersonAsync("ada"), await Site.PersonAsync("ben"));
        var story = await StoryAsync(ada, "Plain reading");
        using var posted = await ben.Writer.Browser.SendAsync(
            new(HttpMethod.Post, new Uri($"/api/v1/me/reader/{story.Id}/responses", UriKind.Relative)) { Content = System.Net.Http.Json.JsonContent.Create(new { markdown = "Seen by all." }) }, Cancel);
        posted.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await posted.Content.ReadAsStringAsync(Cancel));

        var window = await OpenAsync(javaScript: false);
        await window.LoadUntilAsync($"{story.Url}/responses", page => page.GetByText("Seen by all."));
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Newest", Exact = true }).ClickAsync();
        await Expect(window.Page.GetByText("Seen by all.")).ToBeVisibleAsync();
        await window.Page.GetByTitle("Link to this response").First.ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("/responses/[0-9a-f-]{36}$"));
        await Expect(window.Page.GetByText("Seen by all.")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the story" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Plain reading" })).ToBeVisibleAsync();
    }
}
