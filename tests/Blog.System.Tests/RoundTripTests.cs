using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Blog.SystemTesting;

namespace Blog.SystemTests;

/// <summary>Out of one system and into another: two whole systems, with nothing in common but the file.</summary>
public sealed class RoundTripTests(SystemFixture system)
{
    readonly RunningBlog blog = system.Blog;
    readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    // One red pixel.
    static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC");

    [Fact]
    public async Task What_somebody_takes_into_an_empty_system_comes_out_of_it_again_byte_for_byte()
    {
        using var ada = await Writer.SignUpAsync(blog, "rounded", cancel);
        using var bob = await Writer.SignUpAsync(blog, "round-bob", cancel);
        await WriteAsync(ada, bob);
        var first = await ExportAsync(ada);
        first.Keys.Order(StringComparer.Ordinal).Where(name => !name.StartsWith("media/", StringComparison.Ordinal)).ShouldBe(
        [
            "changes/صباح-الخير.md", "drafts/begun.md", "drafts/withdrawn.md", "drafts/صباح-الخير-newer.md", "index.html", "lists/001-reading-list.json", "lists/002-spater.json", "my-responses.json",
            "responses/صباح-الخير.json", "series/harbours.json", "stories/the-second-title.md", "stories/صباح-الخير.md",
        ]);
        foreach (var (name, bytes) in first) Encoding.UTF8.GetString(bytes).ShouldNotContain(name.StartsWith("media/", StringComparison.Ordinal) ? "\0\0\0nothing" : "rounded", Case.Sensitive, name);

        await using var empty = await RunningBlog.StartAsync(cancel);
        using var again = await Writer.SignUpAsync(empty, "somebody-else", cancel);
        var done = await ImportAsync(again, await ZipAsync(ada));
        done["counts"]!["failed"]!.GetValue<int>().ShouldBe(0, done.ToJsonString());
        var second = await ExportAsync(again);

        second.Keys.Order(StringComparer.Ordinal).ShouldBe(first.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, bytes) in first)
            if (!bytes.AsSpan().SequenceEqual(second[name])) Encoding.UTF8.GetString(second[name]).ShouldBe(Encoding.UTF8.GetString(bytes), name);

        // Bob is nobody there, and what he said is nobody's.
        var story = await again.LookAsync("/api/v1/people/somebody-else/articles/%D8%B5%D8%A8%D8%A7%D8%AD-%D8%A7%D9%84%D8%AE%D9%8A%D8%B1", cancel);
        var said = (await again.LookAsync($"/api/v1/articles/{story["id"]}/responses?sort=newest", cancel))["items"]!.AsArray();
        said.Select(response => (response!["importedFrom"]?.ToString(), response["author"]?["handle"]?.ToString())).ShouldBe([("Person round-bob", null)]);
        said[0]!["replies"]!.AsArray().Select(response => response!["author"]?["handle"]?.ToString()).ShouldBe(["somebody-else"]);

        var twice = await ImportAsync(again, await ZipAsync(ada));
        (twice["counts"]!["created"]!.GetValue<int>(), twice["counts"]!["updated"]!.GetValue<int>(), twice["counts"]!["failed"]!.GetValue<int>()).ShouldBe((0, 0, 0), twice.ToJsonString());
        var third = await ExportAsync(again);
        foreach (var (name, bytes) in first) third[name].ShouldBe(bytes, name);

        await APublicationComesOutAsItWentInAsync(ada, bob, empty);
    }

    /// <summary>Whoever runs the other system brings it in with everybody who is in it, and takes it out.</summary>
    async Task APublicationComesOutAsItWentInAsync(Writer ada, Writer bob, RunningBlog empty)
    {
        var publication = await ada.PostAsync("/api/v1/me/publications", new { name = "Harbour \"Notes\"", slug = "harbour", description = "What the tide brings.", pictureMediaId = await UploadAsync(ada) }, cancel);
        await ada.PostAsync($"/api/v1/me/publications/{publication["id"]}/invitations", new { handle = bob.Handle, role = "editor" }, cancel);
        var invitation = (await bob.LookAsync("/api/v1/me/invitations", cancel))["items"]![0]!["id"];
        await bob.SendAsync(HttpMethod.Post, $"/api/v1/me/invitations/{invitation}/accept", null, cancel);
        var tides = await bob.CreateAsync("Tides", $"See ![a](/media/{await UploadAsync(bob)}) and nothing else.", cancel);
        var submission = await bob.PostAsync($"/api/v1/me/articles/{tides.Id}/submissions", new { publicationId = publication["id"]!.ToString(), note = "" }, cancel);
        var seen = await ada.LookAsync($"/api/v1/me/submissions/{submission["id"]}", cancel);
        await ada.PostAsync($"/api/v1/me/submissions/{submission["id"]}/answer", new { verdict = "publish", revision = seen["revision"]!.GetValue<long>(), feedback = "" }, cancel);
        await bob.SaveAsync(await bob.GetAsync(tides.Id, cancel), tides.Content with { Markdown = "A draft of Bob's alone" }, cancel);
        await ada.PostAsync($"/api/v1/me/reader/{tides.Id}/responses", new { markdown = "Well said" }, cancel);

        var folder = Directory.CreateTempSubdirectory("blog-publication-");
        try
        {
            var (first, second) = (Path.Combine(folder.FullName, "harbour.zip"), Path.Combine(folder.FullName, "again"));
            await File.WriteAllBytesAsync(first, await ZipAsync(bob, $"/api/v1/me/publications/{publication["id"]}/export.zip"), cancel);
            var (code, said) = await empty.CommandAsync(["import", first], cancel);
            code.ShouldBe(0, said);
            (code, said) = await empty.CommandAsync(["export", second, "--publication", "harbour"], cancel);
            code.ShouldBe(0, said);

            await using var zip = new ZipArchive(File.OpenRead(first));
            var files = await FilesAsync(zip);
            files.Keys.Where(name => !name.StartsWith("media/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(["index.html", "publication.json", "responses/tides.json", "stories/tides.md"]);
            files.Keys.Count(name => name.StartsWith("media/", StringComparison.Ordinal)).ShouldBe(1);
            foreach (var (name, bytes) in files) Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(second, name), cancel)).ShouldBe(Encoding.UTF8.GetString(bytes), name);
            Directory.GetFiles(second, "*", SearchOption.AllDirectories).Length.ShouldBe(files.Count);
            Encoding.UTF8.GetString(files["stories/tides.md"]).ShouldContain($"publication: \"Harbour \\\"Notes\\\"\"\nauthors: [\"Person {bob.Handle}\"]");
            foreach (var bytes in files.Values) Encoding.UTF8.GetString(bytes).ShouldNotContain("A draft of Bob's alone");

            (code, said) = await empty.CommandAsync(["export", second, "--publication", "harbour"], cancel);
            (code, said).ShouldBe((2, $"{second} is there already. Nothing was overwritten; name another.{Environment.NewLine}"));
            (code, said) = await empty.CommandAsync(["export", Path.Combine(folder.FullName, "none.zip"), "--as", "nobody-here"], cancel);
            (code, said).ShouldBe((2, $"--as: nobody has the handle nobody-here.{Environment.NewLine}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A person with everything.</summary>
    async Task WriteAsync(Writer ada, Writer bob)
    {
        var picture = await UploadAsync(ada);
        var morning = await ada.CreateAsync("صباح الخير", $"Good ![a](/media/{picture}#wide \"Cap\") morning.\n\n![one](/media/{picture}) ![two](/media/{picture})\n\n> a quote\r\n\nlast", cancel);
        morning = await ada.PublishAsync(await ada.SaveAsync(morning, morning.Content with { Description = "A \"quoted\" description: # all", Topics = ["Ships", "C#"], CoverMediaId = picture, CoverAlt = "Cover", CanonicalUrl = "https://elsewhere.example/x?a=b", Language = "ar" }, cancel), cancel);
        var other = await ada.PublishAsync(await ada.CreateAsync("The first title", $"See [morning]({morning.Url}#part), by @round-bob.", cancel), cancel);
        other = await ada.PublishAsync(await ada.SaveAsync(other, other.Content with { Title = "The second title" }, cancel), cancel);
        await ada.SaveAsync(morning, morning.Content with { Title = "صباح الخير, newer", Markdown = $"[other]({other.Url}) draft ![a](/media/{picture})" }, cancel);
        await ada.CreateAsync("Begun", "\n\n# Heading\n", cancel);
        await ada.UnpublishAsync(await ada.PublishAsync(await ada.CreateAsync("Withdrawn", "Gone", cancel), cancel), cancel);

        await ada.PostAsync($"/api/v1/me/articles/{morning.Id}/translations", new { language = "en" }, cancel);

        var series = await ada.PostAsync("/api/v1/me/series", new { title = "Harbours" }, cancel);
        foreach (var part in (string[])[other.Id, morning.Id])
            await ada.SendAsync(HttpMethod.Put, $"/api/v1/me/articles/{part}/series", new { seriesId = series["id"]!.ToString() }, cancel);

        var theirs = await bob.PublishAsync(await bob.CreateAsync("Bob's \"story\"", "By Bob", cancel), cancel);
        var later = await ada.PostAsync("/api/v1/me/lists", new { name = "Später", description = "two\nlines", visibility = "public" }, cancel);
        foreach (var (article, note) in ((string, string)[])[(theirs.Id, "his \"words\"\n\nnext"), (other.Id, "mine")])
            await ada.SendAsync(HttpMethod.Put, $"/api/v1/me/lists/{later["id"]}/items/{article}", new { note }, cancel);
        await ada.SendAsync(HttpMethod.Put, $"/api/v1/me/saved/{theirs.Id}", null, cancel);

        var question = await bob.PostAsync($"/api/v1/me/reader/{morning.Id}/responses", new { markdown = "Why *so*, @somebody-not-really?\n\n- a\n- b" }, cancel);
        var answer = await ada.PostAsync($"/api/v1/me/reader/{morning.Id}/responses", new { markdown = "Because 😀", parentId = question["id"]!.ToString() }, cancel);
        var deep = await bob.PostAsync($"/api/v1/me/reader/{morning.Id}/responses", new { markdown = "Deep", parentId = answer["id"]!.ToString() }, cancel);
        await ada.PostAsync($"/api/v1/me/reader/{morning.Id}/responses", new { markdown = "Deeper", parentId = deep["id"]!.ToString() }, cancel);
        await bob.SendAsync(HttpMethod.Delete, $"/api/v1/me/reader/{morning.Id}/responses/{deep["id"]}", null, cancel);
        await ada.PostAsync($"/api/v1/me/reader/{theirs.Id}/responses", new { markdown = "Under Bob's" }, cancel);
    }

    async Task<string> UploadAsync(Writer writer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/me/media", UriKind.Relative)) { Content = new ByteArrayContent(Png) { Headers = { ContentType = new("application/octet-stream") } } };
        using var answer = await writer.Browser.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!["id"]!.ToString();
    }

    async Task<byte[]> ZipAsync(Writer writer, string address = "/api/v1/me/export.zip")
    {
        using var answer = await writer.Browser.SendAsync(new(HttpMethod.Get, new Uri(address, UriKind.Relative)), cancel);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync(cancel);
    }

    async Task<Dictionary<string, byte[]>> ExportAsync(Writer writer)
    {
        await using var zip = new ZipArchive(new MemoryStream(await ZipAsync(writer)));
        return await FilesAsync(zip);
    }

    async Task<Dictionary<string, byte[]>> FilesAsync(ZipArchive zip)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            await using var stream = await entry.OpenAsync(cancel);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancel);
            files.Add(entry.FullName, bytes.ToArray());
        }
        return files;
    }

    async Task<JsonNode> ImportAsync(Writer writer, byte[] zip)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/me/imports", UriKind.Relative)) { Content = new ByteArrayContent(zip) { Headers = { ContentType = new("application/octet-stream") } } };
        request.Headers.Add("X-File-Name", "taken.zip");
        using var answer = await writer.Browser.SendAsync(request, cancel);
        var import = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!;
        var id = import["id"]!.ToString();
        var ready = await UntilAsync(writer, id, "ready");
        (ready["counts"]!["lists"]!.GetValue<int>(), ready["counts"]!["responses"]!.GetValue<int>(), ready["counts"]!["series"]!.GetValue<int>()).ShouldBe((2, 5, 1));
        await writer.PostAsync($"/api/v1/me/imports/{id}/start", new { asDrafts = false }, cancel);
        return await UntilAsync(writer, id, "done");
    }

    async Task<JsonNode> UntilAsync(Writer writer, string id, string state)
    {
        while (true)
        {
            var import = await writer.LookAsync($"/api/v1/me/imports/{id}", cancel);
            if (import["state"]!.ToString() == state) return import;
            import["state"]!.ToString().ShouldNotBe("failed", import.ToJsonString());
            await Task.Delay(100, cancel);
        }
    }
}
