using Blog.Archives.Files;
using Blog.Archives.Markdown;
using Blog.Content.Text;
using Blog.Anchoring;
using Blog.Search.Engines;
using Blog.ServiceDefaults.Text;
using Blog.SystemTesting;

namespace Blog.Bench.Search;

/// <param name="Names">What a judged query may call it: path of the front matter, file, last part of either.</param>
sealed record RealPost(ArticleDocument Document, IReadOnlyList<string> Names);

/// <summary>The posts of the shared data folder as the importer reads them and Content renders them.</summary>
static class RealPosts
{
    public static string Folder => Environment.GetEnvironmentVariable("BLOG_DATA") ?? Path.GetFullPath("../shared/data/rust-blog/content", RunningBlog.RepositoryRoot);

    public static IReadOnlyList<RealPost> Read(CancellationToken cancel)
    {
        var source = new FolderFiles(Folder);
        var posts = new List<RealPost>();
        foreach (var path in source.Paths.Where(MarkdownReader.IsMarkdown))
        {
            var text = File.ReadAllText(Path.Combine(Folder, path));
            // Pages of the site's own (lists of posts) are no articles.
            if (Path.GetFileName(path).StartsWith('_') || MarkdownFile.Read(path, text) is not { Body.Length: > 50 } read)
                continue;
            var file = read.Fitted();
            var front = FrontMatter.Read(text).Text("path") ?? "";
            var bare = path.EndsWith("/index.md", StringComparison.Ordinal) ? path[..^"/index.md".Length] : path[..^Path.GetExtension(path).Length];
            var author = file.Authors is [var first, ..] ? first : "";
            var html = MarkdownRenderer.Render(file.Body, new Dictionary<Guid, KnownPicture>(), new RenderBudget(RenderBudget.Limit, cancel)).Html;
            posts.Add(new(
                new ArticleDocument(Guid.CreateVersion7().ToString(), 1)
                {
                    AuthorId = new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(author)).AsSpan(0, 16)), AuthorName = author, AuthorHandle = Slug.From(author),
                    Slug = file.Slug, Title = file.Title, Description = file.Description, Body = ArticleText.Of(html),
                    Topics = [.. file.Topics.Select(topic => new TopicName(Slug.FromTopic(topic), topic))], Language = "en", PublishTime = file.Date ?? DateTimeOffset.UnixEpoch,
                },
                [.. new[] { front, path, bare, Last(front), Last(bare) }.Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)]));
        }
        return posts;

        static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];
    }
}
