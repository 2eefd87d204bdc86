using Blog.Content.Text;

namespace Blog.Content.Tests;

public sealed class RealArticlesTests
{
    [Fact]
    public void Every_real_article_is_rendered_with_unique_anchors()
    {
        var folder = Folder();
        Assert.SkipWhen(folder is null, "The shared folder with real articles (../shared/data/rust-blog/content) is not here.");

        var files = Directory.GetFiles(folder!, "*.md", SearchOption.AllDirectories);
        files.Length.ShouldBeGreaterThan(700);
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            var body = text[(text.IndexOf("\n+++", StringComparison.Ordinal) + 4)..];
            var rendered = MarkdownRenderer.Render(body, Rendered.Pictures, new RenderBudget(RenderBudget.Limit));
            if (body.Trim().Length > 50)
            {
                rendered.Html.ShouldStartWith("<", customMessage: file);
                rendered.Words.Total.ShouldBeGreaterThan(5, file);
            }
            rendered.Headings.Select(heading => heading.Anchor).ShouldBeUnique(file);
        }
    }

    static string? Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var wanted = Path.Combine(at.FullName, "shared/data/rust-blog/content");
            if (Directory.Exists(wanted))
                return wanted;
        }
        return null;
    }
}
