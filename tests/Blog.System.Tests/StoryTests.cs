using System.Net;
using Blog.SystemTesting;

namespace Blog.SystemTests;

public sealed class StoryTests(SystemFixture system)
{
    readonly RunningBlog blog = system.Blog;
    readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_writer_publishes_and_a_reader_without_an_account_reads()
    {
        using var writer = await Writer.SignUpAsync(blog, "story-writer", cancel);
        using var reader = new PlainBrowser(blog.Origin);

        var draft = await writer.CreateAsync("The harbour clock", "There is a **clock** on the gauge house.", cancel);
        (await reader.OpenAsync("/@story-writer/the-harbour-clock", cancel)).Status.ShouldBe(HttpStatusCode.NotFound);

        var published = await writer.PublishAsync(draft, cancel);
        published.Url.ShouldBe("/@story-writer/the-harbour-clock");
        var (status, page) = await reader.OpenAsync(published.Url!, cancel);
        status.ShouldBe(HttpStatusCode.OK);
        page.QuerySelector("h1")!.TextContent.ShouldBe("The harbour clock");
        page.QuerySelector(".prose strong")!.TextContent.ShouldBe("clock");

        // A new title and address: readers get the new text at once, and the old address leads there.
        var edited = await writer.SaveAsync(published, published.Content with { Title = "The tide clock", Slug = "the-tide-clock", Markdown = "It points at the *sea*." }, cancel);
        (await reader.OpenAsync(published.Url!, cancel)).Page.QuerySelector("h1")!.TextContent.ShouldBe("The harbour clock");
        var again = await writer.PublishAsync(edited, cancel);
        (await reader.OpenAsync(published.Url!, cancel)).Page.QuerySelector("h1")!.TextContent.ShouldBe("The tide clock");
        reader.Location.AbsolutePath.ShouldBe("/@story-writer/the-tide-clock");
        (await reader.OpenAsync("/", cancel)).Page.Body!.TextContent.ShouldContain("The tide clock");
        (await reader.OpenAsync("/@story-writer/feed.xml", cancel)).Status.ShouldBe(HttpStatusCode.OK);

        await writer.UnpublishAsync(again, cancel);
        (await reader.OpenAsync(again.Url!, cancel)).Status.ShouldBe(HttpStatusCode.Gone);
        (await reader.OpenAsync("/", cancel)).Page.Body!.TextContent.ShouldNotContain("The tide clock");
    }

    [Fact]
    public async Task A_stale_save_overwrites_nothing_and_shows_what_is_stored()
    {
        using var writer = await Writer.SignUpAsync(blog, "stale-writer", cancel);
        var draft = await writer.CreateAsync("Two tabs", "one", cancel);
        await writer.SaveAsync(draft, draft.Content with { Markdown = "first tab" }, cancel);

        var stale = await Should.ThrowAsync<HttpRequestException>(() => writer.SaveAsync(draft, draft.Content with { Markdown = "second tab" }, cancel));

        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        stale.Message.ShouldContain("first tab");
        (await writer.GetAsync(draft.Id, cancel)).Content.Markdown.ShouldBe("first tab");
    }

    [Fact]
    public async Task Signing_out_ends_the_session_at_once()
    {
        using var writer = await Writer.SignUpAsync(blog, "leaving-writer", cancel);
        using (var before = await writer.Browser.SendAsync(new(HttpMethod.Get, new Uri("/bff/user", UriKind.Relative)), cancel))
            before.StatusCode.ShouldBe(HttpStatusCode.OK);

        await writer.SignOutAsync(cancel);

        using var after = await writer.Browser.SendAsync(new(HttpMethod.Get, new Uri("/bff/user", UriKind.Relative)), cancel);
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_new_password_signs_every_device_out()
    {
        using var writer = await Writer.SignUpAsync(blog, "forgetful-writer", cancel);
        using var elsewhere = new PlainBrowser(blog.Origin);

        var (_, forgot) = await elsewhere.OpenAsync("/account/forgot", cancel);
        await elsewhere.SubmitAsync(forgot, new Dictionary<string, string> { ["email"] = writer.Email }, cancel);
        var mail = await blog.Mailbox.WaitForAsync(writer.Email, "password", cancel);
        var (_, reset) = await elsewhere.OpenAsync(Mailbox.LinkIn(mail).ToString(), cancel);
        await elsewhere.SubmitAsync(reset, new Dictionary<string, string> { ["password"] = "another long passphrase 7" }, cancel);

        using var response = await writer.Browser.SendAsync(new(HttpMethod.Get, new Uri("/bff/user", UriKind.Relative)), cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
