using System.Collections.Concurrent;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Highlights as their contract says they behave, in memory.</summary>
sealed class FakeHighlights : Interactions.V1.Highlights.HighlightsBase
{
    public ConcurrentDictionary<string, (string Person, Highlight Highlight)> Kept { get; } = new();
    int reads;

    /// <summary>How often the passages were asked for.</summary>
    public int Reads => reads;

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public override Task<CreateHighlightResponse> CreateHighlight(CreateHighlightRequest request, ServerCallContext context)
    {
        if (request.Selector.Exact == "forged")
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "The article does not say that any more.", "QUOTE_NOT_FOUND");
        var highlight = new Highlight
        {
            Id = Guid.CreateVersion7().ToString(), ArticleId = request.ArticleId, Quote = request.Selector.Exact, Selector = request.Selector, State = HighlightState.Anchored,
            Note = request.Note, Public = request.Public, CreateTime = Timestamp.FromDateTime(DateTime.UtcNow), Revision = 1,
        };
        Kept[highlight.Id] = (Caller(context), highlight);
        return Task.FromResult(new CreateHighlightResponse { Highlight = highlight });
    }

    public override Task<UpdateHighlightResponse> UpdateHighlight(UpdateHighlightRequest request, ServerCallContext context)
    {
        var highlight = Kept[request.Id].Highlight;
        if (highlight.Revision != request.ExpectedRevision) throw RpcErrors.StaleRevision(highlight);
        if (request.UpdateMask.Paths.Contains("note")) highlight.Note = request.Note;
        if (request.UpdateMask.Paths.Contains("public")) highlight.Public = request.Public;
        highlight.Revision++;
        return Task.FromResult(new UpdateHighlightResponse { Highlight = highlight });
    }

    public override Task<GetReaderHighlightsResponse> GetReaderHighlights(GetReaderHighlightsRequest request, ServerCallContext context) => Task.FromResult(new GetReaderHighlightsResponse
    {
        Highlights = { Kept.Values.Where(h => h.Person == Caller(context) && h.Highlight.ArticleId == request.ArticleId).Select(h => h.Highlight) },
    });

    public override Task<ListPassagesResponse> ListPassages(ListPassagesRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref reads);
        return Task.FromResult(new ListPassagesResponse
        {
            Passages =
            {
                Kept.Values.Where(h => h.Highlight.Public && h.Highlight.ArticleId == request.ArticleId).Select(h => new Passage
                {
                    Selector = h.Highlight.Selector, People = 1, Highlights = { new PublicHighlight { Id = h.Highlight.Id, PersonId = h.Person, Note = h.Highlight.Note } },
                }),
            },
        });
    }

    public override Task<ListMyHighlightsResponse> ListMyHighlights(ListMyHighlightsRequest request, ServerCallContext context) => Task.FromResult(new ListMyHighlightsResponse
    {
        Articles =
        {
            Kept.Values.Where(h => h.Person == Caller(context)).GroupBy(h => h.Highlight.ArticleId)
                .Select(article => new ArticleHighlights { ArticleId = article.Key, Title = "As it was called", Highlights = { article.Select(h => h.Highlight) } }),
        },
    });
}

/// <summary>Gift links as their contract says they behave, in memory.</summary>
sealed class FakeGifts : Interactions.V1.Gifts.GiftsBase
{
    public ConcurrentDictionary<string, (string Person, Gift Gift)> Made { get; } = new();

    public override Task<CreateGiftResponse> CreateGift(CreateGiftRequest request, ServerCallContext context)
    {
        var gift = new Gift
        {
            Id = Guid.CreateVersion7().ToString(), ArticleId = request.ArticleId, Token = "aToken", CreateTime = Timestamp.FromDateTime(DateTime.UtcNow),
            ExpireTime = Timestamp.FromDateTime(DateTime.UtcNow.AddDays(30)),
        };
        Made[gift.Token] = (FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]), gift);
        return Task.FromResult(new CreateGiftResponse { Gift = gift, Left = 9 });
    }

    public override Task<CheckGiftResponse> CheckGift(CheckGiftRequest request, ServerCallContext context)
    {
        if (!Made.TryGetValue(request.Token, out var made) || made.Gift.ArticleId != request.ArticleId) return Task.FromResult(new CheckGiftResponse());
        if (request.Count) made.Gift.Opens++;
        return Task.FromResult(new CheckGiftResponse { Opens = true, PersonId = made.Person, ExpireTime = made.Gift.ExpireTime });
    }
}
