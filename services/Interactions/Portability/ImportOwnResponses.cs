using Blog.Interactions.Lists;
using Blog.Interactions.Responses;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Portability;

partial class PortabilityService
{
    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.ImportOwnResponsesResponse> ImportOwnResponses(V1.ImportOwnResponsesRequest request, ServerCallContext context)
    {
        var (owner, cancel, answer) = (Owner(request.OwnerId), context.CancellationToken, new V1.ImportOwnResponsesResponse());
        if (request.Responses.Count > MostAtOnce)
            throw RpcErrors.InvalidArgument(("responses", $"At most {MostAtOnce} come at a time."));
        foreach (var sent in request.Responses)
        {
            var markdown = ResponseText.Normalize(sent.Markdown);
            if (ResponseText.Problem(markdown) is null)
                answer.Created += await KeepAsync(owner, sent, markdown, cancel);
            else
                answer.Refused++;
        }
        return answer;
    }

    Task<int> KeepAsync(Guid owner, V1.OwnResponse sent, string markdown, CancellationToken cancel)
    {
        var (title, address, created) = (Line(sent.StoryTitle, ReadingListItem.MaxTitle), WebAddress(sent.StoryAddress), Past(sent.CreateTime));
        DateTimeOffset? edited = sent.EditTime is null ? null : Past(sent.EditTime);
        var id = NamedId.Of(owner.ToString(), title, address, sent.CreateTime?.ToString() ?? "", markdown);
        return db.Database.ExecuteSqlAsync($"""
            insert into responses_elsewhere (owner_id, id, story_title, story_address, markdown, created_at, edited_at)
            values ({owner}, {id}, {title}, {address}, {markdown}, {created}, {edited}) on conflict do nothing
            """, cancel);
    }
}
