using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blog.SystemTesting;

namespace Blog.SystemTests;

public sealed class ImportTests(SystemFixture system)
{
    readonly RunningBlog blog = system.Blog;
    readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_real_post_is_imported_once_with_its_pictures()
    {
        var folder = Path.GetFullPath("../shared/data/rust-blog/content", RunningBlog.RepositoryRoot);
        Assert.SkipUnless(Directory.Exists(folder), $"needs the real posts at {folder}");
        var posts = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Count(f => Path.GetFileName(f) != "_index.md" && HasText(f));

        var (code, first) = await blog.ImportAsync(folder, null, cancel);
        var (_, second) = await blog.ImportAsync(folder, null, cancel);

        code.ShouldBe(0, first);
        first.ShouldContain($"{posts} created, 0 updated, 0 unchanged");
        first.ShouldContain("0 failed");
        second.ShouldContain($"0 created, 0 updated, {posts} unchanged");

        using var http = new HttpClient { BaseAddress = blog.Origin };
        // A post whose picture lies beside it: the page shows it, and the picture is there.
        var html = await FindPageWith(http, "gats-stabilization-push");
        var picture = Regex.Match(html, """<img[^>]*src="(/(?:images|media)/[^"]+)"[^>]*width="\d+"[^>]*height="\d+""").Groups[1].Value;
        picture.ShouldNotBeEmpty();
        using var bytes = await http.GetAsync(picture, cancel);
        bytes.EnsureSuccessStatusCode();
        bytes.Content.Headers.ContentType!.MediaType!.ShouldStartWith("image/");
    }

    [Fact]
    public async Task An_import_belongs_to_whom_it_says_and_reaches_nothing_outside_the_folder()
    {
        using var writer = await Writer.SignUpAsync(blog, "importing-writer", cancel);
        var parent = Directory.CreateTempSubdirectory("blog-import-");
        try
        {
            var folder = parent.CreateSubdirectory("notes");
            await File.WriteAllTextAsync(Path.Combine(parent.FullName, "secret.png"), "secret", cancel);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "first.md"), "---\ntitle: First\ndate: 2020-02-02\n---\nSee [the other](second.md#part). ![x](../secret.png)", cancel);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "second.md"), "# Second\n\n## Part\n\nText", cancel);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "broken.md"), "---\ntitle: [\n---\nText", cancel);

            var (code, output) = await blog.ImportAsync(folder.FullName, writer.Handle, cancel);
            var (unknown, message) = await blog.ImportAsync(folder.FullName, "nobody-here", cancel);

            code.ShouldBe(1);
            output.ShouldContain("2 created");
            output.ShouldContain("broken.md");
            output.ShouldContain("leads out of the folder");
            unknown.ShouldBe(2);
            message.ShouldContain("nobody-here");
            using var http = new HttpClient { BaseAddress = blog.Origin };
            var page = await http.GetFromJsonAsync<JsonObject>("/api/v1/people/importing-writer/articles/first", cancel);
            page!["html"]!.ToString().ShouldContain("""href="/@importing-writer/second#part""");
            page["publishedAt"]!.ToString().ShouldStartWith("2020-02-02");
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    static bool HasText(string file) => !string.IsNullOrWhiteSpace(Regex.Replace(File.ReadAllText(file), @"\A\+\+\+.*?^\+\+\+\s*$", "", RegexOptions.Singleline | RegexOptions.Multiline));

    async Task<string> FindPageWith(HttpClient http, string slug)
    {
        string? token = null;
        do
        {
            var list = await http.GetFromJsonAsync<JsonObject>($"/api/v1/articles?pageSize=100{(token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}")}", cancel);
            if (list!["items"]!.AsArray().FirstOrDefault(a => a!["slug"]!.ToString() == slug) is { } found) return await http.GetStringAsync(found["url"]!.ToString(), cancel);
            token = list["nextPageToken"]?.ToString();
        }
        while (token is not null);
        throw new InvalidOperationException($"No article {slug} was found.");
    }
}
