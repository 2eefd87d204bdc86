using System.Globalization;
using System.Net.Http.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class ScheduleTests(Site site) : BrowserTest(site)
{
    [Fact]
    public async Task A_story_is_scheduled_listed_changed_taken_back_and_goes_out_at_its_time()
    {
        var cancel = TestContext.Current.CancellationToken;
        var person = await Site.PersonAsync("early");
        var draft = await person.Writer.CreateAsync("Morning harbour", "The harbour is loud before six.", cancel);
        var window = await OpenAsync(Screen.Phone, person);
        var page = window.Page;
        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        async Task OpenPanelAsync(string button)
        {
            await page.GotoAsync($"/write/{draft.Id}");
            await Button(button).ClickAsync();
        }

        await OpenPanelAsync("Publish");
        await Button("Publish later").ClickAsync();
        await page.GetByLabel("Goes out on").FillAsync("2020-01-01T09:00");
        await Button("Schedule").ClickAsync();
        await Expect(page.GetByText("Choose a time that is still to come.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Goes out on")).ToHaveValueAsync("2020-01-01T09:00");
        await window.CheckAsync("schedule-choose");
        var day = DateTime.UtcNow.AddDays(9).Date;
        await page.GetByLabel("Goes out on").FillAsync($"{day:yyyy-MM-dd}T09:00");
        await Button("Schedule").ClickAsync();
        await Expect(page.GetByText($"Goes out on {day.ToString("dddd", CultureInfo.InvariantCulture)}")).ToBeVisibleAsync();
        await window.CheckAsync("schedule-chosen");

        await page.GotoAsync("/me/stories?status=scheduled");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Morning harbour", Exact = true })).ToBeVisibleAsync();
        await window.CheckAsync("stories-scheduled");
        await OpenPanelAsync("Scheduled");
        await Button("Cancel the schedule").ClickAsync();
        await Expect(Button("Publish later")).ToBeVisibleAsync();

        var now = await person.Writer.GetAsync(draft.Id, cancel);
        window.Expects("status of 404");
        using var soon = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/v1/me/articles/{draft.Id}/schedule", UriKind.Relative))
        {
            Content = JsonContent.Create(new { revision = now.Revision, scheduleTime = DateTimeOffset.UtcNow.AddSeconds(2) }),
        };
        (await person.Writer.Browser.SendAsync(soon, cancel)).EnsureSuccessStatusCode();
        await window.LoadUntilAsync($"/@{person.Writer.Handle}/morning-harbour", found => found.GetByText("The harbour is loud before six."));
    }
}
