using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Cache;
using Blog.Bff.Tests.World;
using Blog.Content.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

/// <summary>Publications at the entrance.</summary>
public sealed class PublicationApiTests(SharedWorld shared) : IClassFixture<SharedWorld>
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
    public async Task A_public_page_names_its_people_and_a_former_address_leads_to_it()
    {
        var (publication, ada) = (World.Publications.Add("tides"), World.Users.Add("tide-ada"));
        World.Publications.Members[(publication.Id, ada.Id)] = PublicationRole.Owner;
        World.Publications.Former["old-tides"] = "tides";

        var page = await Json(await World.Client.GetAsync("/api/v1/publications/tides", Cancel));
        (page.GetProperty("url").GetString(), page.GetProperty("people")[0].GetProperty("handle").GetString()).ShouldBe(("/p/tides", "tide-ada"));
        var moved = await World.Client.GetAsync("/api/v1/publications/old-tides/articles?pageSize=5", Cancel);
        (moved.StatusCode, moved.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.PermanentRedirect, "/api/v1/publications/tides/articles?pageSize=5"));
        (await World.Client.GetAsync("/api/v1/publications/nowhere", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_story_names_its_publication_and_follows_when_that_is_renamed()
    {
        var (publication, ada) = (World.Publications.Add("named"), World.Users.Add("named-ada"));
        World.Content.Publish(ada.Id, "inside").Summary.PublicationId = publication.Id;
        async Task<string?> NameAsync() => (await Json(await World.Client.GetAsync("/api/v1/people/named-ada/articles/inside", Cancel))).GetProperty("publication").GetProperty("name").GetString();

        (await NameAsync()).ShouldBe("Harbour Notes");
        publication.Name = "Tide Tables";
        World.Bff.Services.GetRequiredService<PageCache>().PublicationChanged(publication.Id, ["named"]);
        (await NameAsync()).ShouldBe("Tide Tables");
    }

    [Fact]
    public async Task The_desk_is_for_members_and_a_taken_address_is_told_at_its_field()
    {
        var others = World.Publications.Add("theirs");
        using var me = await World.SignInAsync();
        (await me.GetAsync($"/api/v1/me/publications/{others.Id}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Json(await me.PostAsJsonAsync("/api/v1/me/publications", new { name = "Mine", slug = "theirs" }, Cancel), HttpStatusCode.Conflict)).GetProperty("errors").GetProperty("slug").GetArrayLength().ShouldBe(1);

        var made = await Json(await me.PostAsJsonAsync("/api/v1/me/publications", new { name = "Mine", slug = "mine" }, Cancel), HttpStatusCode.Created);
        var desk = await Json(await me.GetAsync($"/api/v1/me/publications/{made.GetProperty("id").GetString()}", Cancel));
        (desk.GetProperty("role").GetString(), desk.GetProperty("members")[0].GetProperty("person").GetProperty("handle").GetString()).ShouldBe(("owner", "shared"));
    }

    [Fact]
    public async Task An_answer_carries_the_revision_that_was_read()
    {
        var (publication, writer) = (World.Publications.Add("answers"), World.Users.Add("answer-writer"));
        var submission = new Submission { Id = Guid.CreateVersion7().ToString(), PublicationId = publication.Id, ArticleId = Guid.CreateVersion7().ToString(), AuthorId = writer.Id, Title = "First light", State = SubmissionState.Waiting };
        World.Publications.Submissions[submission.Id] = submission;
        using var me = await World.SignInAsync();

        var answered = await Json(await me.PostAsJsonAsync($"/api/v1/me/submissions/{submission.Id}/answer", new { verdict = "send_back", revision = 7, feedback = "More." }, Cancel));
        (answered.GetProperty("state").GetString(), answered.GetProperty("answeredBy").GetProperty("handle").GetString()).ShouldBe(("sent_back", "shared"));
        var sent = World.Publications.Answers.Single(answer => answer.Id == submission.Id);
        (sent.Verdict, sent.ArticleRevision, sent.Feedback).ShouldBe((AnswerSubmissionRequest.Types.Verdict.SendBack, 7, "More."));
    }

    [Fact]
    public async Task Only_what_there_is_can_be_followed()
    {
        var publication = World.Publications.Add("followed");
        using var me = await World.SignInAsync();
        (await me.PutAsync($"/api/v1/me/following/publications/{Guid.CreateVersion7()}", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Json(await me.PutAsync($"/api/v1/me/following/publications/{publication.Id}", null, Cancel))).GetProperty("following").GetBoolean().ShouldBeTrue();
        (await Json(await me.GetAsync($"/api/v1/me/relations?publications={publication.Id}", Cancel))).GetProperty("publications")[0].GetProperty("following").GetBoolean().ShouldBeTrue();
    }
}
