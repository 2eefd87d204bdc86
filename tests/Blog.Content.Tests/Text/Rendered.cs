using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Blog.Content.Text;

namespace Blog.Content.Tests;

static class Rendered
{
    public static readonly Guid Wide = new("018f0000-0000-7000-8000-000000000001"), Small = new("018f0000-0000-7000-8000-000000000002"), Moving = new("018f0000-0000-7000-8000-000000000003");

    public static readonly IReadOnlyDictionary<Guid, KnownPicture> Pictures = new[]
    {
        new KnownPicture(Wide, 1000, 500, false), new KnownPicture(Small, 100, 80, false), new KnownPicture(Moving, 300, 200, true),
    }.ToDictionary(picture => picture.Id);

    public static RenderedArticle Article(string markdown) => MarkdownRenderer.Render(markdown, Pictures, new RenderBudget(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

    public static string Html(string markdown) => Article(markdown).Html;

    public static IElement Body(string html) => new HtmlParser().ParseDocument($"<!doctype html><html><body>{html}</body></html>").Body!;
}
