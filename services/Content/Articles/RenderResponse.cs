using Blog.Content.Text;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    // Many times what a response may have; the service that asks knows the rule for people.
    const int LongestResponse = 100_000;

    [Authorize(Policy = Policies.Service)]
    public override Task<V1.RenderResponseResponse> RenderResponse(V1.RenderResponseRequest request, ServerCallContext context)
    {
        if (request.Markdown.Length > LongestResponse)
            throw RpcErrors.InvalidArgument(("markdown", "The text is too long for a response."));
        try
        {
            var rendered = ResponseRenderer.Render(request.Markdown, request.Handles);
            return Task.FromResult(new V1.RenderResponseResponse { Html = rendered.Html, Text = rendered.Text, Handles = { rendered.Handles } });
        }
        catch (MarkdownRefusedException refused)
        {
            throw RpcErrors.InvalidArgument(("markdown", refused.Message));
        }
    }
}
