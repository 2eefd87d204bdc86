using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Content.V1;

namespace Blog.Bff.Tests;

/// <summary>Writing with others, at the entrance.</summary>
public sealed class TogetherTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    static async Task<JsonElement> Json(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement;
    }

    [Fact]
    public async Task Somebody_is_asked_by_handle_and_the_list_of_authors_says_so_until_it_is_withdrawn()
    {
        var (article, bo) = (Guid.CreateVersion7().ToString(), World.Users.Add("asked-bo"));
        World.Together.Bylines[article] = [World.Identity.Subject];
        using var writer = await World.SignInAsync();

        var asked = await Json(await writer.PostAsJsonAsync($"/api/v1/me/articles/{article}/invitations", new { handle = "@asked-bo" }, Cancel));
        asked.GetProperty("person").GetProperty("id").GetString().ShouldBe(bo.Id);
        var listed = await Json(await writer.GetAsync($"/api/v1/me/articles/{article}/authors", Cancel));
        listed.GetProperty("authors").EnumerateArray().Select(author => author.GetProperty("id").GetString()).ShouldBe([World.Identity.Subject]);
        listed.GetProperty("invited")[0].GetProperty("person").GetProperty("handle").GetString().ShouldBe("asked-bo");

        (await writer.DeleteAsync($"/api/v1/me/articles/{article}/invitations/{asked.GetProperty("id").GetString()}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Json(await writer.GetAsync($"/api/v1/me/articles/{article}/authors", Cancel))).GetProperty("invited").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_at_the_field_or_as_a_conflict()
    {
        var article = Guid.CreateVersion7().ToString();
        World.Together.Bylines[article] = [World.Identity.Subject];
        using var writer = await World.SignInAsync();

        (await Json(await writer.PostAsJsonAsync($"/api/v1/me/articles/{article}/invitations", new { handle = "nobody-at-all" }, Cancel), HttpStatusCode.BadRequest))
            .GetProperty("errors").GetProperty("handle").GetArrayLength().ShouldBe(1);
        (await Json(await writer.PostAsJsonAsync($"/api/v1/me/articles/{article}/invitations", new { handle = "shared" }, Cancel), HttpStatusCode.Conflict)).GetProperty("reason").GetString().ShouldBe("ALREADY_AUTHOR");
        (await Json(await writer.DeleteAsync($"/api/v1/me/articles/{article}/authors/{World.Identity.Subject}", Cancel), HttpStatusCode.Conflict)).GetProperty("reason").GetString().ShouldBe("LAST_AUTHOR");
        (await writer.GetAsync($"/api/v1/me/articles/{Guid.CreateVersion7()}/authors", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_invitation_is_accepted_once_and_the_page_shows_the_new_byline_at_once()
    {
        var ada = World.Users.Add("first-ada");
        var published = World.Content.Publish(ada.Id, "together");
        World.Together.Bylines[published.Summary.Id] = [ada.Id];
        var invitation = new Invitation { Id = Guid.CreateVersion7().ToString(), ArticleId = published.Summary.Id, ArticleTitle = "Two hands", InviterId = ada.Id, InviteeId = World.Identity.Subject };
        World.Together.Open[invitation.Id] = invitation;
        using var me = await World.SignInAsync();
        (await Json(await World.Client.GetAsync("/api/v1/people/first-ada/articles/together", Cancel))).GetProperty("coAuthors").GetArrayLength().ShouldBe(0);

        var open = (await Json(await me.GetAsync("/api/v1/me/invitations", Cancel))).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetString() == invitation.Id);
        (open.GetProperty("by").GetProperty("handle").GetString(), open.GetProperty("title").GetString()).ShouldBe(("first-ada", "Two hands"));
        published.Summary.CoAuthorIds.Add(World.Identity.Subject);
        await Json(await me.PostAsync($"/api/v1/me/invitations/{invitation.Id}/accept", null, Cancel));
        (await Json(await World.Client.GetAsync("/api/v1/people/first-ada/articles/together", Cancel))).GetProperty("coAuthors")[0].GetProperty("handle").GetString().ShouldBe("shared");
        (await me.PostAsync($"/api/v1/me/invitations/{invitation.Id}/accept", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_article_whose_first_author_left_leads_to_the_next_one()
    {
        var (ada, bo) = (World.Users.Add("left-ada"), World.Users.Add("heir-bo"));
        World.Content.MovedTo[$"{ada.Id}/handed-over"] = (bo.Id, "handed-over-2");
        var moved = await World.Client.GetAsync("/api/v1/people/left-ada/articles/handed-over", Cancel);
        (moved.StatusCode, moved.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.PermanentRedirect, "/api/v1/people/heir-bo/articles/handed-over-2"));
    }
}
