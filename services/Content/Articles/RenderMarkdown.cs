using Blog.Content.Links;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.RenderMarkdownResponse> RenderMarkdown(V1.RenderMarkdownRequest request, ServerCallContext context)
    {
        var rendered = await rendering.RenderAsync(request.Markdown, context.CancellationToken);
        return new V1.RenderMarkdownResponse
        {
            Html = rendered.Html,
            Headings = { ToMessages(rendered.Headings) },
            WordCount = rendered.Words.Total,
            ReadingMinutes = rendered.Words.ReadingMinutes,
            PendingLinks = { await LinkCards.UnknownAsync(db, rendered.Links, context.CancellationToken) },
        };
    }
}
