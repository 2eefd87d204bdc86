using Blog.ServiceDefaults.ReadModels;
using Blog.ServiceDefaults.Text;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Responses;

partial class ResponsesService
{
    const int MostMentions = 10;

    /// <summary>A text as it will be kept.</summary>
    sealed record Written(string Markdown, string Html, string Excerpt, Guid[] MentionedIds);

    /// <summary>Checks and renders what somebody wrote, and finds out whom it names. Asks other services: not for inside a transaction.</summary>
    async Task<Written> WriteAsync(Guid author, string markdown, CancellationToken cancel)
    {
        var text = ResponseText.Checked(markdown);
        var named = await NamedAsync(text, cancel);
        var rendered = await content.RenderResponseAsync(new() { Markdown = text, Handles = { named.Keys } }, cancellationToken: cancel);
        if (rendered.Text.Length == 0)
            throw ServiceDefaults.Grpc.RpcErrors.InvalidArgument(("markdown", "There is nothing to read in this response. Write a few words."));
        var mentioned = rendered.Handles.Select(handle => named[handle]).Where(id => id != author).Distinct().ToArray();
        var apart = mentioned.Length == 0 ? [] : await db.Set<Relation>()
            .Where(r => r.Blocked && ((r.PersonId == author && mentioned.Contains(r.OtherId)) || (r.OtherId == author && mentioned.Contains(r.PersonId))))
            .Select(r => r.PersonId == author ? r.OtherId : r.PersonId).ToListAsync(cancel);
        return new(text, rendered.Html, ResponseText.Excerpt(rendered.Text), [.. mentioned.Except(apart)]);
    }

    async Task<Dictionary<string, Guid>> NamedAsync(string text, CancellationToken cancel)
    {
        var handles = Mentions.In(text).Select(mention => mention.Handle).Distinct().Take(MostMentions).ToArray();
        var found = await Task.WhenAll(handles.Select(async handle =>
        {
            try
            {
                return (handle, Id: Guid.Parse((await users.GetProfileAsync(new() { Handle = handle }, cancellationToken: cancel)).Profile.Id));
            }
            catch (RpcException nobody) when (nobody.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
            {
                return (handle, Id: Guid.Empty);
            }
        }));
        return found.Where(person => person.Id != Guid.Empty).ToDictionary(person => person.handle, person => person.Id);
    }
}
