using Blog.Events.V1;
using Blog.Interactions.Claps;
using Blog.Interactions.Responses;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ResponseChanged.Types;

namespace Blog.Interactions.Portability;

partial class PortabilityService
{
    const int MostResponses = 100_000, RenderedAtOnce = 8;

    /// <summary>A response of an archive as it will be kept.</summary>
    sealed record Arrived(V1.ImportResponsesRequest.Types.Response Sent, string Markdown, string Html, string Excerpt);

    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.ImportResponsesResponse> ImportResponses(IAsyncStreamReader<V1.ImportResponsesRequest> requestStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!await requestStream.MoveNext(cancel) || requestStream.Current.Head is not { } head)
            throw RpcErrors.InvalidArgument(("head", "The first message says to which article the responses belong."));
        var (owner, article) = (Owner(head.OwnerId), Id(head.ArticleId));
        if (article == Guid.Empty)
            throw RpcErrors.InvalidArgument(("article_id", "The id of an article is a UUID."));
        var sent = new List<V1.ImportResponsesRequest.Types.Response>();
        while (await requestStream.MoveNext(cancel))
            if (requestStream.Current.Response is { } response && sent.Count < MostResponses)
                sent.Add(response);

        // Other services are asked before the thread is held.
        var arrived = new Arrived?[sent.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, sent.Count), new ParallelOptions { MaxDegreeOfParallelism = RenderedAtOnce, CancellationToken = cancel },
            async (at, token) => arrived[at] = await RenderedAsync(sent[at], token));
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await db.Database.ExecuteSqlAsync($"insert into thread (article_id, responses, locked) values ({article}, 0, {head.Locked}) on conflict do nothing", cancel);
            var thread = (await db.Set<Responses.Thread>().FromSql($"select * from thread where article_id = {article} for update").ToListAsync(cancel)).Single();
            var created = await AddAsync(owner, thread, arrived.OfType<Arrived>(), cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            var refused = arrived.Count(response => response is null);
            return new V1.ImportResponsesResponse { Created = created, Refused = refused, Unchanged = arrived.Length - created - refused };
        });
    }

    /// <summary>Null: there is nothing that can be kept. Names in the text call nobody: they mean people of another site.</summary>
    async Task<Arrived?> RenderedAsync(V1.ImportResponsesRequest.Types.Response sent, CancellationToken cancel)
    {
        if (sent.State == V1.ResponseState.Deleted) return new(sent, "", "", "");
        var markdown = ResponseText.Normalize(sent.Markdown);
        if (ResponseText.Problem(markdown) is not null) return null;
        try
        {
            var rendered = await content.RenderResponseAsync(new() { Markdown = markdown }, cancellationToken: cancel);
            return rendered.Text.Length == 0 ? null : new(sent, markdown, rendered.Html, ResponseText.Excerpt(rendered.Text));
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.InvalidArgument)
        {
            return null;
        }
    }

    async Task<int> AddAsync(Guid owner, Responses.Thread thread, IEnumerable<Arrived> arrived, CancellationToken cancel)
    {
        var known = await db.Set<Response>().Where(r => r.ArticleId == thread.ArticleId).ToDictionaryAsync(r => r.Id, cancel);
        var byNumber = new Dictionary<int, Response>();
        var ids = new HashSet<Guid>();
        var created = 0;
        foreach (var response in arrived)
        {
            // What it answers may not have come: then it stands by itself.
            var parent = byNumber.GetValueOrDefault(response.Sent.Answers);
            var id = IdOf(thread.ArticleId, parent, response);
            for (var again = 2; !ids.Add(id); again++) id = NamedId.Of(id.ToString(), again.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (!known.TryGetValue(id, out var kept))
            {
                kept = Begin(owner, thread.ArticleId, id, parent, response);
                known[id] = kept;
                db.Add(kept);
                created++;
                Relist(kept, known);
                if (kept.State == ResponseState.Visible)
                {
                    thread.Responses++;
                    Tell(owner, kept);
                }
            }
            byNumber.TryAdd(response.Sent.Number, kept);
        }
        return created;
    }

    /// <summary>The same words of the same moment under the same words are the same response, however often they come.</summary>
    Guid IdOf(Guid article, Response? parent, Arrived response) => NamedId.Of(
        article.ToString(), parent?.Id.ToString() ?? "", response.Sent.Own ? "own" : "other", response.Sent.AuthorName, response.Sent.CreateTime?.ToString() ?? "", response.Markdown);

    Response Begin(Guid owner, Guid article, Guid id, Response? parent, Arrived response)
    {
        var (place, created, isGone) = (parent?.PlaceOfAnswer, Past(response.Sent.CreateTime), response.Sent.State == V1.ResponseState.Deleted);
        return new Response
        {
            ArticleId = article,
            Id = id,
            ParentId = parent?.Id,
            ParentAuthorId = parent?.AuthorHere,
            UnderId = place?.UnderId,
            Depth = place?.Depth ?? 0,
            AuthorId = response.Sent.Own && !isGone ? owner : Guid.Empty,
            AuthorName = response.Sent.Own || isGone ? "" : Line(response.Sent.AuthorName, LongestName),
            State = response.Sent.State switch { V1.ResponseState.Deleted => ResponseState.Deleted, V1.ResponseState.Hidden => ResponseState.Hidden, _ => ResponseState.Visible },
            Markdown = response.Markdown,
            Html = response.Html,
            Excerpt = response.Excerpt,
            MentionedIds = [],
            CreatedAt = created,
            EditedAt = response.Sent.EditTime is { } edited && !isGone ? Past(edited) : null,
            Revision = 1,
            Listed = false,
            Replies = 0,
            Score = Applause.Score(Applause.WeightAt(created)),
        };
    }

    static void Relist(Response response, Dictionary<Guid, Response> all)
    {
        while (response.Listed != response.ShouldBeListed)
        {
            response.Listed = response.ShouldBeListed;
            if (response.UnderId is not { } under) return;
            response = all[under];
            response.Replies++;
        }
    }

    /// <summary>Caches and counts follow; nobody is told.</summary>
    void Tell(Guid owner, Response response) => db.Publish(Topics.Responses, response.ArticleId, new ResponseChanged
    {
        ResponseId = response.Id.ToString(),
        ArticleId = response.ArticleId.ToString(),
        ArticleAuthorId = owner.ToString(),
        ParentId = response.ParentId?.ToString() ?? "",
        AuthorId = response.AuthorId.ToString(),
        Change = Change.Imported,
    }, time);
}
