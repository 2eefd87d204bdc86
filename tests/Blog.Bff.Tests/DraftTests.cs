using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;

namespace Blog.Bff.Tests;

/// <summary>Drafts behind links, at the entrance.</summary>
public sealed class DraftTests(SharedWorld shared) : IClassFixture<SharedWorld>
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
    public async Task A_link_is_made_read_and_commented_on_without_an_account_and_revoked()
    {
        var article = Guid.CreateVersion7();
        using var author = await World.SignInAsync();
        var made = await Json(await author.PostAsJsonAsync($"/api/v1/me/articles/{article}/review/links", new { name = "Grace" }, Cancel));
        var url = made.GetProperty("url").GetString()!;
        url.ShouldStartWith("/drafts/token-");
        made.GetProperty("link").GetProperty("canComment").GetBoolean().ShouldBeTrue();

        using var reviewer = World.NewBrowser();
        reviewer.DefaultRequestHeaders.Add("X-CSRF", "1");
        var opened = await reviewer.GetAsync($"/api/v1{url}", Cancel);
        opened.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Json(opened)).GetProperty("authors")[0].GetProperty("id").GetString().ShouldBe(World.Identity.Subject);
        (await Json(await reviewer.PostAsJsonAsync($"/api/v1{url}/comments", new { text = "Nice.", name = "" }, Cancel), HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("guestName").GetArrayLength().ShouldBe(1);
        var said = await Json(await reviewer.PostAsJsonAsync($"/api/v1{url}/comments", new { text = "Nice.", name = "Grace", passage = new { exact = "Words" } }, Cancel));
        (said.GetProperty("name").GetString(), said.GetProperty("place").GetString(), said.GetProperty("person").ValueKind).ShouldBe(("Grace", "anchored", JsonValueKind.Null));
        var own = await Json(await author.PostAsJsonAsync($"/api/v1{url}/comments", new { text = "Mine.", name = "somebody else" }, Cancel));
        own.GetProperty("person").GetProperty("id").GetString().ShouldBe(World.Identity.Subject);

        (await author.DeleteAsync($"/api/v1/me/articles/{article}/review/links/{made.GetProperty("link").GetProperty("id").GetString()}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await reviewer.GetAsync($"/api/v1{url}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await reviewer.GetAsync("/api/v1/drafts/never", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_one_said_of_a_draft_is_taken_back_by_oneself_alone()
    {
        using var author = await World.SignInAsync();
        var url = (await Json(await author.PostAsJsonAsync($"/api/v1/me/articles/{Guid.CreateVersion7()}/review/links", new { name = "Grace" }, Cancel))).GetProperty("url").GetString()!;
        using var guest = World.NewBrowser();
        guest.DefaultRequestHeaders.Add("X-CSRF", "1");
        async Task<(string Address, string? Secret)> SayAsync(HttpClient by)
        {
            var said = await Json(await by.PostAsJsonAsync($"/api/v1{url}/comments", new { text = "Nice.", name = "Grace" }, Cancel));
            return ($"/api/v1{url}/comments/{said.GetProperty("id").GetString()}/withdraw", said.GetProperty("secret").GetString());
        }

        var (byGuest, byAuthor) = (await SayAsync(guest), await SayAsync(author));
        byAuthor.Secret.ShouldBeNull();
        (await Json(await guest.GetAsync($"/api/v1{url}", Cancel))).GetProperty("comments").EnumerateArray().ShouldAllBe(comment => comment.GetProperty("secret").ValueKind == JsonValueKind.Null);
        (await guest.PostAsJsonAsync(byGuest.Address, new { }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await guest.PostAsJsonAsync(byAuthor.Address, new { secret = byGuest.Secret }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await guest.PostAsJsonAsync(byGuest.Address, new { secret = byGuest.Secret }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await author.PostAsJsonAsync(byAuthor.Address, new { }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Json(await guest.GetAsync($"/api/v1{url}", Cancel))).GetProperty("comments").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_address_of_a_draft_is_told_to_nobody()
    {
        (await World.Client.GetAsync("/drafts/some-token", Cancel)).Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        (await World.Client.GetAsync("/topics", Cancel)).Headers.GetValues("Referrer-Policy").ShouldBe(["strict-origin-when-cross-origin"]);
    }
}
