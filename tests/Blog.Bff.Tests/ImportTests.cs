using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Content.V1;
using Blog.Testing;
using Google.Protobuf.WellKnownTypes;

namespace Blog.Bff.Tests;

/// <summary>Imports at the entrance.</summary>
public sealed class ImportTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<JsonElement> Json(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    static Uri At(string path) => new("/api/v1/me/imports" + path, UriKind.Relative);

    static async Task<HttpResponseMessage> UploadAsync(HttpClient client, int bytes)
    {
        using var body = new ByteArrayContent(new byte[bytes]);
        body.Headers.Add("X-File-Name", "my%20archive.zip");
        body.Headers.ContentType = new("application/octet-stream");
        return await client.PostAsync(At(""), body, Cancel);
    }

    [Fact]
    public async Task An_archive_goes_up_in_a_stream_and_is_started_stopped_reported_and_forgotten()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = await world.SignInAsync();

        var uploaded = await Json(await UploadAsync(ada, 300_000), HttpStatusCode.Created);
        (uploaded.GetProperty("fileName").GetString(), uploaded.GetProperty("size").GetInt64(), uploaded.GetProperty("state").GetString(), uploaded.GetProperty("site").GetString()).ShouldBe(("my archive.zip", 300_000, "ready", "ada"));
        uploaded.GetProperty("canStart").GetBoolean().ShouldBeTrue();
        var id = "/" + uploaded.GetProperty("id").GetString();

        var refused = await Json(await ada.PostAsJsonAsync(At(id + "/start"), new { site = "nonsense" }, Cancel), HttpStatusCode.BadRequest);
        refused.GetProperty("errors").GetProperty("site")[0].GetString().ShouldNotBeNull();
        (await Json(await ada.PostAsJsonAsync(At(id + "/start"), new { asDrafts = true }, Cancel))).GetProperty("state").GetString().ShouldBe("running");
        (await Json(await ada.PostAsync(At(id + "/cancel"), null, Cancel))).GetProperty("state").GetString().ShouldBe("cancelled");
        (await Json(await ada.PostAsync(At(id + "/cancel"), null, Cancel), HttpStatusCode.Conflict)).GetProperty("reason").GetString().ShouldBe("WRONG_STATE");

        var items = await Json(await ada.GetAsync(At(id + "/items"), Cancel));
        (items.GetProperty("items")[0].GetProperty("outcome").GetString(), items.GetProperty("nextPageToken").GetString()).ShouldBe(("waiting", "1"));
        (items.GetProperty("items")[0].GetProperty("kind").GetString(), items.GetProperty("items")[0].GetProperty("entries").GetInt32()).ShouldBe(("publication", 2));
        var report = await ada.GetAsync(At(id + "/report.csv"), Cancel);
        report.Content.Headers.ContentDisposition!.FileName.ShouldBe("import.csv");
        (await report.Content.ReadAsStringAsync(Cancel)).ShouldBe("item,title,outcome,reason,notes,story\r\na.json,A,waiting,,one; two,\r\n'=cmd,,skipped,\"is in the bin, \"\"they\"\" say\",,\r\n");

        (await ada.DeleteAsync(At(id), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ada.GetAsync(At(id + "/report.csv"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Json(await ada.GetAsync(At(""), Cancel))).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "old.example", "/2019/05/my-post/", "/@ada/my-post")]
    [InlineData("HEAD", "www.old.example", "/?p=12", "/@ada/my-post")]
    [InlineData("GET", "old.example", "/", "/@ada")]
    [InlineData("GET", "old.example", "/feed/", "/@ada/feed.xml")]
    [InlineData("GET", "old.example", "/2019/05/unknown/", null)]
    [InlineData("GET", "old.example", "/api/v1/articles", null)]
    [InlineData("POST", "old.example", "/", null)]
    public async Task An_old_address_leads_to_the_story_when_the_old_host_leads_here(string method, string host, string path, string? expected)
    {
        await using var world = await BffWorld.StartAsync(redis, null, ("Blog:FormerSites:old.example", "ada"));
        var ada = world.Users.Add("ada").Id;
        foreach (var old in (string[])["/2019/05/my-post", "/?p=12"]) world.Content.Moved[$"{ada}/{old}"] = "my-post";
        // What is cached for everybody else is not for this host.
        await world.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);

        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative)) { Headers = { Host = host } };
        var answer = await world.Client.SendAsync(request, Cancel);
        answer.StatusCode.ShouldBe(expected is null ? HttpStatusCode.NotFound : HttpStatusCode.MovedPermanently);
        if (expected is not null) answer.Headers.Location!.ToString().ShouldEndWith(FakeIdentity.Origin + expected);
    }

    [Fact]
    public async Task Everything_somebody_wrote_can_be_taken_along()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = await world.SignInAsync();
        var me = (await Json(await ada.PostAsJsonAsync(new Uri("/api/v1/me/articles", UriKind.Relative), new { content = new { title = "x", markdown = "" } }, Cancel), HttpStatusCode.Created)).GetProperty("authorIds")[0].GetString()!;
        var (reader, time) = (world.Users.Add("reader"), Timestamp.FromDateTime(new(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc)));
        var theirs = world.Content.Publish(reader.Id, "theirs", "Their story").Summary.Id;
        ExportedArticle Article(string author, ArticleStatus status, string slug, string title, string markdown) => new()
        {
            Key = new() { Id = Guid.CreateVersion7().ToString(), AuthorId = author, Status = status, Slug = slug, Title = title }, Content = new() { Title = title, Markdown = markdown }, CreateTime = time, UpdateTime = time, PublishTime = slug.Length > 0 ? time : null,
        };
        var clocks = Article(me, ArticleStatus.Published, "clocks", "Clocks", "Late.");
        world.Exports.Articles.AddRange([clocks, Article(me, ArticleStatus.Draft, "", "Tides", "See ![t](/media/0196f2a0-0000-7000-8000-000000000001) and [clocks](/@ada/clocks)."), Article(reader.Id, ArticleStatus.Published, "not-mine", "Not mine", "x")]);
        world.Exports.Responses.AddRange([new() { Id = "2", ParentId = "1", AuthorId = me, State = V1State, Markdown = "Yes", CreateTime = time }, new() { Id = "1", AuthorId = reader.Id, State = V1State, Markdown = "Late?", CreateTime = time }]);
        world.Exports.Lists.Add((new() { Id = "l", Slug = "later", Name = "Later" }, [new() { ArticleId = clocks.Key.Id, AddTime = time }, new() { ArticleId = theirs, Note = "n", AddTime = time }, new() { Title = "Far", Address = "https://far.example/", AddTime = time }]));
        world.Exports.Own.AddRange([new() { ArticleId = theirs, Markdown = "Well said", CreateTime = time }, new() { ArticleId = clocks.Key.Id, Markdown = "Yes", CreateTime = time }]);

        var answer = await ada.GetAsync(new Uri("/api/v1/me/export.zip", UriKind.Relative), Cancel);
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("ada.zip");
        using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancel)));
        zip.Entries.Select(entry => entry.FullName).Where(name => !name.StartsWith("media/", StringComparison.Ordinal))
            .ShouldBe(["drafts/tides.md", "stories/clocks.md", "responses/clocks.json", "series/all.json", "lists/001-later.json", "my-responses.json", "index.html"]);
        zip.Entries.Count(entry => entry.FullName.StartsWith("media/", StringComparison.Ordinal)).ShouldBe(1);
        (await TextAsync(zip, "drafts/tides.md")).ShouldStartWith("---\ntitle: \"Tides\"\nslug: \"tides\"\ncreated: \"2024-05-06T07:08:09.000000Z\"\ndraft: true\nchanged: \"2024-05-06T07:08:09.000000Z\"\n---\n\nSee ![t](../media/");
        (await TextAsync(zip, "drafts/tides.md")).ShouldEndWith("[clocks](../stories/clocks.md).");
        var said = JsonDocument.Parse(await TextAsync(zip, "responses/clocks.json")).RootElement.GetProperty("responses");
        (said[0].GetProperty("by").GetString(), said[0].GetProperty("text").GetString()).ShouldBe((reader.Name, "Late?"));
        (said[1].GetProperty("answers").GetInt32(), said[1].GetProperty("own").GetBoolean(), said[1].TryGetProperty("by", out _)).ShouldBe((1, true, false));
        var list = JsonDocument.Parse(await TextAsync(zip, "lists/001-later.json")).RootElement.GetProperty("items");
        (list[0].GetProperty("story").GetString(), list[1].GetProperty("title").GetString(), list[1].GetProperty("address").GetString(), list[2].GetProperty("address").GetString())
            .ShouldBe(("../stories/clocks.md", "Their story", FakeIdentity.Origin + "/@reader/theirs", "https://far.example/"));
        JsonDocument.Parse(await TextAsync(zip, "my-responses.json")).RootElement.GetProperty("responses").EnumerateArray().ShouldHaveSingleItem().GetProperty("text").GetString().ShouldBe("Well said");
        (await TextAsync(zip, "index.html")).ShouldContain("<a href=\"stories/clocks.md\">Clocks</a>");
    }

    [Fact]
    public async Task A_publication_is_taken_along_under_its_name_and_who_may_not_have_it_gets_no_file()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = await world.SignInAsync();
        var (owner, id) = (world.Users.Add("owner"), Guid.CreateVersion7());
        world.Exports.Publication = (id, new() { Slug = "harbour", Name = "Harbour", PictureMediaId = "0196f2a0-0000-7000-8000-000000000001", Members = { new Member { PersonId = owner.Id, Role = PublicationRole.Owner } } });

        var answer = await ada.GetAsync(new Uri($"/api/v1/me/publications/{id}/export.zip", UriKind.Relative), Cancel);
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("harbour.zip");
        using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancel)));
        zip.Entries.Select(entry => entry.FullName).Where(name => !name.StartsWith("media/", StringComparison.Ordinal)).ShouldBe(["publication.json", "index.html"]);
        var about = JsonDocument.Parse(await TextAsync(zip, "publication.json")).RootElement;
        (about.GetProperty("name").GetString(), about.GetProperty("members")[0].GetProperty("name").GetString()).ShouldBe(("Harbour", owner.Name));
        zip.GetEntry(about.GetProperty("picture").GetString()!).ShouldNotBeNull();

        var none = await Json(await ada.GetAsync(new Uri($"/api/v1/me/publications/{Guid.CreateVersion7()}/export.zip", UriKind.Relative), Cancel), HttpStatusCode.NotFound);
        none.GetProperty("detail").GetString().ShouldBe("There is no such publication that you can export.");
    }

    const Interactions.V1.ResponseState V1State = Interactions.V1.ResponseState.Visible;

    static async Task<string> TextAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return await reader.ReadToEndAsync(Cancel);
    }

    [Fact]
    public async Task An_archive_that_is_too_large_is_said_so_and_nobody_imports_unseen()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = await world.SignInAsync();

        (await Json(await UploadAsync(ada, 5 << 20), HttpStatusCode.RequestEntityTooLarge)).GetProperty("reason").GetString().ShouldBe("ARCHIVE_TOO_LARGE");
        using var stranger = world.NewBrowser();
        stranger.DefaultRequestHeaders.Add("X-CSRF", "1");
        (await stranger.GetAsync(At(""), Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
