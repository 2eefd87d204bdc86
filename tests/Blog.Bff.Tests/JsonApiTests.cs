using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Blog.Bff.Api;
using Blog.Bff.Tests.World;
using Blog.Testing;
using Grpc.Core;

namespace Blog.Bff.Tests;

public sealed class JsonApiTests(RedisFixture redis, SharedWorld shared)
{
    const int MegaByte = 1024 * 1024;
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<JsonElement> Problem(HttpResponseMessage answer, int status, string? reason)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        if (reason is not null) problem.GetProperty("reason").GetString().ShouldBe(reason);
        return problem;
    }

    static async Task<JsonElement> Draft(HttpClient author, string markdown = "words", string slug = "first") =>
        await (await author.PostAsJsonAsync("/api/v1/me/articles", new { content = new { title = "First", markdown, slug } }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);

    [Fact]
    public async Task A_cookie_alone_authorises_nothing()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var browser = await world.SignInAsync();
        browser.DefaultRequestHeaders.Remove("X-CSRF");

        await Problem(await browser.GetAsync("/api/v1/me", Cancel), 403, "CSRF_HEADER_MISSING");
        await Problem(await browser.PostAsJsonAsync("/api/v1/me/articles", new { }, Cancel), 403, "CSRF_HEADER_MISSING");
        world.Content.Drafts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_session_the_answer_is_401()
    {
        var world = shared.World;
        using var browser = world.NewBrowser();
        browser.DefaultRequestHeaders.Add("X-CSRF", "1");

        await Problem(await browser.GetAsync("/api/v1/me", Cancel), 401, "NOT_SIGNED_IN");
    }

    [Fact]
    public async Task Calls_carry_the_persons_token_and_the_idempotency_key()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = await world.SignInAsync();
        author.DefaultRequestHeaders.Add("Idempotency-Key", "k-1");

        var draft = await Draft(author);

        draft.GetProperty("status").GetString().ShouldBe("draft");
        draft.GetProperty("content").GetProperty("topics").GetArrayLength().ShouldBe(0);
        var call = world.Content.Calls.Last();
        call.GetValue("idempotency-key").ShouldBe("k-1");
        FakeIdentity.SubjectOf(call.GetValue("authorization")!["Bearer ".Length..]).ShouldBe(world.Identity.Subject);
    }

    [Fact]
    public async Task Wrong_fields_are_named_as_the_form_names_them()
    {
        var world = shared.World;
        var author = await world.SignInAsync();

        var answer = await author.PostAsJsonAsync("/api/v1/me/articles", new { content = new { title = new string('x', 300), markdown = "" } }, Cancel);

        var errors = (await Problem(answer, 400, "INVALID_FIELDS")).GetProperty("errors");
        errors.GetProperty("title")[0].GetString().ShouldBe("A title has up to 200 characters.");
        errors.GetProperty("coverAlt")[0].GetString().ShouldBe("Describe the picture.");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"content":{"title":5,"markdown":""}}""")]
    [InlineData("""{"content":{"title":"no text"}}""")]
    [InlineData("[]")]
    public async Task Malformed_JSON_is_a_bad_request(string body)
    {
        var world = shared.World;
        var author = await world.SignInAsync();

        await Problem(await author.PostAsync("/api/v1/me/articles", new StringContent(body, Encoding.UTF8, "application/json"), Cancel), 400, "BAD_REQUEST");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task A_stale_save_is_a_conflict_that_shows_what_is_stored(int length)
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = await world.SignInAsync();
        var id = (await Draft(author)).GetProperty("id").GetString();

        (await author.PutAsJsonAsync($"/api/v1/me/articles/{id}", new { content = new { title = "Mine", markdown = new string('a', length) }, revision = 1 }, Cancel)).EnsureSuccessStatusCode();
        var stale = await author.PutAsJsonAsync($"/api/v1/me/articles/{id}", new { content = new { title = "Other", markdown = "b" }, revision = 1 }, Cancel);

        var current = (await Problem(stale, 409, "STALE_REVISION")).GetProperty("current");
        current.GetProperty("content").GetProperty("title").GetString().ShouldBe("Mine");
        current.GetProperty("content").GetProperty("markdown").GetString().ShouldBe(new string('a', length));
        current.GetProperty("revision").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData(2, HttpStatusCode.OK, null)]
    [InlineData(6, HttpStatusCode.RequestEntityTooLarge, "MARKDOWN_TOO_LARGE")]
    [InlineData(12, HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE")]
    public async Task Markdown_is_accepted_or_refused_by_its_size(int megaBytes, HttpStatusCode expected, string? reason)
    {
        var world = shared.World;
        var author = await world.SignInAsync();
        var id = (await Draft(author)).GetProperty("id").GetString();

        var answer = await author.PutAsJsonAsync($"/api/v1/me/articles/{id}", new { content = new { title = "Long", markdown = new string('x', megaBytes * MegaByte) }, revision = 1 }, Cancel);

        if (reason is null) answer.StatusCode.ShouldBe(expected);
        else await Problem(answer, (int)expected, reason);
    }

    [Fact]
    public async Task A_taken_handle_is_an_error_of_that_field_and_a_free_one_moves_the_address()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Users.Add("grace");
        var browser = await world.SignInAsync("ada");

        var taken = await Problem(await browser.PatchAsJsonAsync("/api/v1/me", new { handle = "grace", revision = 1 }, Cancel), 409, "HANDLE_TAKEN");
        (await world.Client.GetAsync("/api/v1/people/ada", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.PatchAsJsonAsync("/api/v1/me", new { handle = "lovelace", name = "Ada L.", revision = 1 }, Cancel)).EnsureSuccessStatusCode();
        var moved = await world.Client.GetAsync("/api/v1/people/ada", Cancel);

        taken.GetProperty("errors").GetProperty("handle").GetArrayLength().ShouldBe(1);
        ((int)moved.StatusCode).ShouldBe(308);
        moved.Headers.Location!.ToString().ShouldBe("/api/v1/people/lovelace");
        (await browser.GetFromJsonAsync<JsonElement>("/bff/user", Cancel)).GetProperty("name").GetString().ShouldBe("Ada L.");
    }

    [Fact]
    public async Task Old_addresses_move_and_what_was_taken_back_is_gone()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = world.Users.Add("ada");
        world.Users.FormerHandles["countess"] = ada.Id;
        world.Content.Publish(ada.Id, "new");
        world.Content.Moved[$"{ada.Id}/old"] = "new";
        world.Content.Gone[$"{ada.Id}/gone"] = true;

        foreach (var old in (string[])["/api/v1/people/ada/articles/old", "/api/v1/people/countess/articles/new", "/api/v1/people/countess/articles/old"])
        {
            var moved = await world.Client.GetAsync(old, Cancel);
            ((int)moved.StatusCode).ShouldBe(308, old);
            moved.Headers.Location!.ToString().ShouldBe("/api/v1/people/ada/articles/new");
        }

        await Problem(await world.Client.GetAsync("/api/v1/people/ada/articles/gone", Cancel), 410, "GONE");
        await Problem(await world.Client.GetAsync("/api/v1/people/ada/articles/never", Cancel), 404, "NOT_FOUND");
        await Problem(await world.Client.GetAsync("/api/v1/people/nobody", Cancel), 404, "NOT_FOUND");
        await Problem(await world.Client.GetAsync("/api/v1/nothing", Cancel), 404, "NOT_FOUND");
    }

    [Fact]
    public async Task An_article_has_the_shape_of_the_contract_and_times_in_UTC()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = world.Users.Add("ada");
        world.Content.Publish(ada.Id, "der-große-wurf");

        var article = await world.Client.GetFromJsonAsync<JsonElement>("/api/v1/people/ada/articles/der-gro%C3%9Fe-wurf", Cancel);
        var list = await world.Client.GetFromJsonAsync<JsonElement>("/api/v1/articles", Cancel);

        article.GetProperty("url").GetString().ShouldBe("/@ada/der-gro%C3%9Fe-wurf");
        article.GetProperty("publishedAt").GetString().ShouldBe("2026-05-04T03:02:01Z");
        article.GetProperty("editedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        article.GetProperty("author").GetProperty("handle").GetString().ShouldBe("ada");
        list.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(article.GetProperty("id").GetString());
        list.GetProperty("nextPageToken").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task What_is_away_is_said_so_with_a_time_to_come_back()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = await world.SignInAsync();
        world.Content.Away = true;

        var answer = await author.PostAsJsonAsync("/api/v1/me/articles", new { }, Cancel);

        await Problem(answer, 503, "DATABASE_AWAY");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_picture_arrives_byte_for_byte()
    {
        var world = shared.World;
        var author = await world.SignInAsync();
        var bytes = new byte[(3 * MegaByte) + 7];
        Random.Shared.NextBytes(bytes);
        bytes[0] = 1;

        var answer = await author.PostAsync("/api/v1/me/media", Raw(bytes), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await answer.Content.ReadFromJsonAsync<UploadedMedia>(Cancel))!.Id;
        world.Media.Stored[id].ShouldBe(bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picture_of_25_MB_is_refused_by_name_whether_or_not_it_says_its_length(bool saysLength)
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = await world.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/me/media") { Content = Raw(new byte[25 * MegaByte]) };
        request.Headers.TransferEncodingChunked = !saysLength;

        var problem = await Problem(await author.SendAsync(request, Cancel), 413, "MEDIA_TOO_LARGE");

        problem.GetProperty("detail").GetString()!.ShouldContain("20 MB");
        world.Media.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_web_page_renamed_to_a_picture_is_refused_with_what_it_looks_like()
    {
        var world = shared.World;
        var author = await world.SignInAsync();
        var html = Encoding.UTF8.GetBytes("<html>" + new string(' ', 2 * MegaByte));

        var problem = await Problem(await author.PostAsync("/api/v1/me/media", Raw(html), Cancel), 415, "UNSUPPORTED_MEDIA");

        problem.GetProperty("detail").GetString()!.ShouldContain("HTML");
    }

    static ByteArrayContent Raw(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    [Theory]
    [InlineData(StatusCode.InvalidArgument, null, 400)]
    [InlineData(StatusCode.Unauthenticated, null, 401)]
    [InlineData(StatusCode.PermissionDenied, null, 403)]
    [InlineData(StatusCode.FailedPrecondition, "NOT_PUBLISHED", 409)]
    [InlineData(StatusCode.FailedPrecondition, "GONE", 410)]
    [InlineData(StatusCode.ResourceExhausted, "MEDIA_TOO_LARGE", 413)]
    [InlineData(StatusCode.ResourceExhausted, "QUOTA", 429)]
    [InlineData(StatusCode.DeadlineExceeded, null, 504)]
    [InlineData(StatusCode.Internal, "INTERNAL", 500)]
    [InlineData(StatusCode.DataLoss, null, 500)]
    public void Each_status_of_a_service_has_one_of_HTTP(StatusCode code, string? reason, int status) => ProblemMapping.StatusFor(code, reason).ShouldBe(status);

    [Fact]
    public async Task The_committed_OpenAPI_document_is_the_present_one()
    {
        var world = shared.World;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Blog.sln"))) folder = folder.Parent;

        var committed = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "services/Bff/openapi/v1.json"), Cancel);

        (await OpenApiDocument.RenderAsync(world.Bff.Services)).ShouldBe(committed, "Renew it: ./blog openapi");
    }
}
