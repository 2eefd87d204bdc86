using System.Buffers.Binary;
using System.Buffers.Text;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Responses;

/// <summary>Where the next page by applause begins.</summary>
readonly record struct ScoreToken(double Score, Guid Id)
{
    /// <summary>Null for the first page.</summary>
    public static ScoreToken? Read(string token)
    {
        if (token.Length == 0) return null;
        Span<byte> bytes = stackalloc byte[24];
        if (token.Length == 32 && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length == 24 && BinaryPrimitives.ReadDoubleBigEndian(bytes) is var score && double.IsFinite(score))
            return new ScoreToken(score, new Guid(bytes[8..], bigEndian: true));
        throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, Score);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}

partial class ResponsesService
{
    const int LargestPage = 50;

    public override async Task<V1.ListResponsesResponse> ListResponses(V1.ListResponsesRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var size = Math.Min(PageToken.Size(request.PageSize), LargestPage);
        var article = await PublishedAsync(request.ArticleId, cancel);
        var viewer = await ViewerAsync(request.Personal, context);
        var responses = SeenBy(viewer, article);

        var page = await (request switch
        {
            { ParentId.Length: > 0 } => InOrder(responses, Id(request.ParentId) ?? throw NoSuchResponse(), PageToken.Read(request.PageToken)),
            { Sort: V1.ResponseSort.Newest } => Newest(responses, PageToken.Read(request.PageToken)),
            _ => Best(responses, ScoreToken.Read(request.PageToken)),
        }).Take(size + 1).ToListAsync(cancel);

        var shown = page.Take(size).ToList();
        var thread = await db.Set<Thread>().AsNoTracking().SingleOrDefaultAsync(t => t.ArticleId == article.ArticleId, cancel);
        return new V1.ListResponsesResponse
        {
            Responses = { await ViewAsync(article, shown, viewer, cancel) },
            NextPageToken = page.Count <= size ? ""
                : request.ParentId.Length > 0 || request.Sort == V1.ResponseSort.Newest ? Next(shown[^1])
                : new ScoreToken(shown[^1].Score, shown[^1].Id).ToString(),
            Total = thread?.Responses ?? 0,
            Locked = thread?.Locked ?? false,
        };
    }

    static IQueryable<Response> Best(IQueryable<Response> responses, ScoreToken? from)
    {
        responses = responses.Where(r => r.UnderId == null);
        if (from is { } start)
            responses = responses.Where(r => EF.Functions.LessThan(ValueTuple.Create(r.Score, r.Id), ValueTuple.Create(start.Score, start.Id)));
        return responses.OrderByDescending(r => r.Score).ThenByDescending(r => r.Id);
    }

    static IQueryable<Response> Newest(IQueryable<Response> responses, PageToken? from)
    {
        responses = responses.Where(r => r.UnderId == null);
        if (from is { } start)
            responses = responses.Where(r => EF.Functions.LessThan(ValueTuple.Create(r.CreatedAt, r.Id), ValueTuple.Create(start.Time, start.Id)));
        return responses.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id);
    }

    /// <summary>Answers to one response, as they were given.</summary>
    static IQueryable<Response> InOrder(IQueryable<Response> responses, Guid parent, PageToken? from)
    {
        responses = responses.Where(r => r.UnderId == parent);
        if (from is { } start)
            responses = responses.Where(r => EF.Functions.GreaterThan(ValueTuple.Create(r.CreatedAt, r.Id), ValueTuple.Create(start.Time, start.Id)));
        return responses.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id);
    }
}
