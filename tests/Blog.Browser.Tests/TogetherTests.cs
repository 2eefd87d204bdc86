using System.IO.Compression;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class TogetherTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string NameOf(Person person) => $"Person {person.Writer.Handle}";

    static ILocator Button(Window window, string name) => window.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static ILocator Link(Window window, string name) => window.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    [Fact]
    public async Task Two_people_write_one_story_and_one_of_them_leaves_it_to_the_other()
    {
        var (ada, bo) = (await Site.PersonAsync("ada"), await Site.PersonAsync("bo"));
        var draft = await ada.Writer.CreateAsync("Two hands", "A story of two people.\n\nAnd a second paragraph.", Cancel);
        var (first, second) = (await OpenAsync(person: ada), await OpenAsync(Screen.Phone, bo));

        await first.Page.GotoAsync($"/write/{draft.Id}/authors");
        first.Expects("status of 400");
        await first.Page.GetByLabel("Handle").FillAsync("nobody-here");
        await Button(first, "Send invitation").ClickAsync();
        await Expect(first.Page.GetByText("Nobody here has this handle.")).ToBeVisibleAsync();
        await Expect(first.Page.GetByLabel("Handle")).ToHaveValueAsync("nobody-here");
        await first.Page.GetByLabel("Handle").FillAsync($"@{bo.Writer.Handle}");
        await Button(first, "Send invitation").ClickAsync();
        await Expect(first.Page.GetByRole(AriaRole.Heading, new() { Name = "Asked, no answer yet" })).ToBeVisibleAsync();
        await first.CheckAsync("authors");

        await second.LoadUntilAsync("/me/notifications", page => page.GetByText($"{NameOf(ada)} asks you to take part"));
        await second.Page.GotoAsync("/me/invitations");
        await Expect(second.Page.GetByText("Two hands")).ToBeVisibleAsync();
        await second.CheckAsync("invitations");
        await Button(second, "Accept").ClickAsync();
        await Expect(second.Page.GetByText("You are an author of “Two hands” now.")).ToBeVisibleAsync();

        var now = await bo.Writer.GetAsync(draft.Id, Cancel);
        var story = (await bo.Writer.PublishAsync(now, Cancel)).Url!;
        story.ShouldStartWith($"/@{ada.Writer.Handle}/");
        await first.LoadUntilAsync(story, page => page.Locator(".article-head .who").Nth(1));
        await Expect(first.Page.Locator(".article-head")).ToContainTextAsync($"{NameOf(ada)} and {NameOf(bo)}");
        await first.CheckAsync("story-by-two");
        await second.LoadUntilAsync($"/@{bo.Writer.Handle}", page => Link(second, "Two hands"));

        await first.Page.GotoAsync($"/write/{draft.Id}/authors");
        await Button(first, "Leave this story").ClickAsync();
        await first.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Leave this story" }).ClickAsync();
        await first.Page.WaitForURLAsync("**/me/stories");
        await second.LoadUntilAsync(story, page => page.Locator($".article-head a[href='/@{bo.Writer.Handle}']"));
        second.Page.Url.ShouldContain($"/@{bo.Writer.Handle}/");
    }

    [Fact]
    public async Task A_story_goes_through_the_hands_of_an_editor_into_a_publication()
    {
        var (owner, writer) = (await Site.PersonAsync("ada"), await Site.PersonAsync("bo"));
        var slug = Site.NewHandle("notes");
        var draft = await writer.Writer.CreateAsync("First light", "Too short.", Cancel);
        var (editing, writing) = (await OpenAsync(person: owner), await OpenAsync(Screen.Phone, writer));

        await editing.Page.GotoAsync("/me/publications");
        await Link(editing, "Start a publication").ClickAsync();
        await editing.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Harbour Notes");
        editing.Expects("status of 400");
        await editing.Page.GetByLabel("Address").FillAsync("no good");
        await Button(editing, "Start it").ClickAsync();
        await Expect(editing.Page.GetByText("An address has 2 to 40 letters").First).ToBeVisibleAsync();
        await editing.Page.GetByLabel("Address").FillAsync(slug);
        await editing.Page.GetByLabel("Description").FillAsync("What the tide brings.");
        await editing.CheckAsync("publication-new");
        await Button(editing, "Start it").ClickAsync();
        await editing.Page.WaitForURLAsync(url => url.Contains("/me/publications/") && !url.EndsWith("/new", StringComparison.Ordinal));
        var desk = new Uri(editing.Page.Url).AbsolutePath;
        await editing.Page.GetByLabel("Handle").FillAsync(writer.Writer.Handle);
        await Button(editing, "Send invitation").ClickAsync();
        await Expect(editing.Page.GetByRole(AriaRole.Heading, new() { Name = "Asked, no answer yet" })).ToBeVisibleAsync();
        await editing.CheckAsync("publication-desk");

        await writing.Page.GotoAsync("/me/invitations");
        await Button(writing, "Accept").ClickAsync();
        await Expect(writing.Page.GetByText("You are a member of Harbour Notes now.")).ToBeVisibleAsync();
        async Task SubmitAsync()
        {
            await writing.Page.GotoAsync($"/write/{draft.Id}/authors");
            await writing.Page.GetByLabel("Note to the editors").FillAsync("Is it for you?");
            await Button(writing, "Submit").ClickAsync();
            await Expect(writing.Page.GetByText("Waits for an answer of Harbour Notes.")).ToBeVisibleAsync();
        }
        await SubmitAsync();
        await writing.CheckAsync("story-submitted");

        await editing.Page.GotoAsync(desk);
        await Link(editing, "First light").ClickAsync();
        await Expect(editing.Page.GetByText("Too short.")).ToBeVisibleAsync();
        await Button(editing, "Send back").ClickAsync();
        await Expect(editing.Page.GetByText("Say what should change")).ToBeVisibleAsync();
        await editing.Page.GetByLabel("Feedback").FillAsync("Tell more of the harbour.");
        await editing.CheckAsync("submission");
        await Button(editing, "Send back").ClickAsync();
        await editing.Page.WaitForURLAsync($"**{desk}");

        await writing.LoadUntilAsync("/me/notifications", page => page.GetByText($"{NameOf(owner)} answered your submission"));
        await writing.Page.GotoAsync("/me/publications");
        await Link(writing, "First light").ClickAsync();
        await Expect(writing.Page.GetByText("Tell more of the harbour.")).ToBeVisibleAsync();
        await writing.CheckAsync("submission-sent-back");
        var known = await writer.Writer.GetAsync(draft.Id, Cancel);
        await writer.Writer.SaveAsync(known, known.Content with { Markdown = "The harbour is loud before six, and then it is not." }, Cancel);
        await SubmitAsync();

        await editing.Page.GotoAsync(desk);
        await Link(editing, "First light").ClickAsync();
        await Button(editing, "Accept and publish").ClickAsync();
        await editing.Page.WaitForURLAsync($"**{desk}");
        var download = await editing.Page.RunAndWaitForDownloadAsync(() => Button(editing, "Download the publication (ZIP)").ClickAsync());
        download.SuggestedFilename.ShouldBe($"{slug}.zip");
        await TakenAlongAsync(editing, await download.PathAsync());
        await writing.LoadUntilAsync($"/p/{slug}", page => Link(writing, "First light"));
        await writing.CheckAsync("publication");
        await Button(writing, "Follow Harbour Notes").ClickAsync();
        await Expect(Button(writing, "Following Harbour Notes")).ToBeVisibleAsync();
        await Link(writing, "First light").ClickAsync();
        await Expect(writing.Page.Locator(".article-head")).ToContainTextAsync("in Harbour Notes");
        await writing.CheckAsync("story-in-publication");

        await writing.Page.GotoAsync(desk);
        await Expect(Button(writing, "Leave")).ToBeVisibleAsync();
        await Expect(Button(writing, "Download the publication (ZIP)")).ToHaveCountAsync(0);
        await Button(writing, "Leave").ClickAsync();
        await writing.CheckAsync("publication-leave");
        await Button(writing, "Leave and take my stories").ClickAsync();
        await writing.Page.WaitForURLAsync("**/me/publications");
        await editing.LoadUntilAsync($"/p/{slug}", page => page.GetByText("Nothing has appeared in Harbour Notes yet"));
    }

    /// <summary>The page that lists what is in the file, opened from disk.</summary>
    static async Task TakenAlongAsync(Window window, string zip)
    {
        var folder = Directory.CreateTempSubdirectory("blog-taken-");
        try
        {
            await ZipFile.ExtractToDirectoryAsync(zip, folder.FullName, Cancel);
            await window.Page.GotoAsync(new Uri(Path.Combine(folder.FullName, "index.html")).AbsoluteUri);
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Harbour Notes" })).ToBeVisibleAsync();
            await Expect(Link(window, "2 members")).ToBeVisibleAsync();
            await window.CheckAsync("publication-taken-along");
            (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "stories", "first-light.md"), Cancel)).ShouldContain("The harbour is loud before six");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
