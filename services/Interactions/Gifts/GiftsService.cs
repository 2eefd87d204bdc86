using System.Buffers.Text;
using System.Security.Cryptography;
using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Gifts;

/// <summary>blog.interactions.v1.Gifts.</summary>
sealed class GiftsService(InteractionsDbContext db, TimeProvider time) : V1.Gifts.GiftsBase
{
    const int TokenBytes = 16, LongestToken = 64;

    static Guid Caller(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty;

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.CreateGiftResponse> CreateGift(V1.CreateGiftRequest request, ServerCallContext context)
    {
        var (person, articleId, cancel) = (Caller(context), Id(request.ArticleId), context.CancellationToken);
        if (!await db.Set<KnownArticle>().AnyAsync(a => a.ArticleId == articleId && a.Published, cancel))
            throw RpcErrors.NotFound("There is no such article for readers.");
        var now = time.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);

        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // The tenth and the eleventh at once take turns.
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"gifts {person}"}, 0))", cancel);
            var made = await db.Set<Gift>().CountAsync(g => g.PersonId == person && g.CreateTime >= month, cancel);
            var gift = await db.Set<Gift>().OrderByDescending(g => g.CreateTime)
                .FirstOrDefaultAsync(g => g.PersonId == person && g.ArticleId == articleId && !g.Revoked && g.ExpireTime > now, cancel);
            if (gift is null)
            {
                if (made++ >= Gift.MostPerMonth)
                    throw RpcErrors.Create(StatusCode.FailedPrecondition, $"You gave {Gift.MostPerMonth} articles this month. The next ones are yours to give on the first.", "GIFTS_USED_UP");
                gift = new Gift
                {
                    Id = Guid.CreateVersion7(now),
                    PersonId = person,
                    ArticleId = articleId,
                    Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)),
                    CreateTime = now,
                    ExpireTime = now + Gift.Lifetime,
                };
                db.Add(gift);
                await db.SaveChangesAsync(cancel);
            }
            await transaction.CommitAsync(cancel);
            return new V1.CreateGiftResponse { Gift = gift.ToMessage(), Left = Gift.MostPerMonth - made };
        });
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListMyGiftsResponse> ListMyGifts(V1.ListMyGiftsRequest request, ServerCallContext context)
    {
        var (person, size) = (Caller(context), PageToken.Size(request.PageSize));
        var gifts = db.Set<Gift>().AsNoTracking().Where(g => g.PersonId == person);
        if (PageToken.Read(request.PageToken) is { } from)
            gifts = gifts.Where(g => EF.Functions.LessThan(ValueTuple.Create(g.CreateTime, g.Id), ValueTuple.Create(from.Time, from.Id)));
        var page = await gifts.OrderByDescending(g => g.CreateTime).ThenByDescending(g => g.Id).Take(size + 1).ToListAsync(context.CancellationToken);
        return new V1.ListMyGiftsResponse
        {
            Gifts = { page.Take(size).Select(g => g.ToMessage()) },
            NextPageToken = page.Count > size ? new PageToken(page[size - 1].CreateTime, page[size - 1].Id).ToString() : "",
        };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.RevokeGiftResponse> RevokeGift(V1.RevokeGiftRequest request, ServerCallContext context)
    {
        var (id, person) = (Id(request.Id), Caller(context));
        var found = await db.Set<Gift>().Where(g => g.Id == id && g.PersonId == person).ExecuteUpdateAsync(g => g.SetProperty(x => x.Revoked, true), context.CancellationToken);
        return found > 0 ? new V1.RevokeGiftResponse() : throw RpcErrors.NotFound("There is no such gift of yours.");
    }

    public override async Task<V1.CheckGiftResponse> CheckGift(V1.CheckGiftRequest request, ServerCallContext context)
    {
        var (articleId, now, cancel) = (Id(request.ArticleId), time.GetUtcNow(), context.CancellationToken);
        if (request.Token.Length is 0 or > LongestToken || request.Token.Contains('\0', StringComparison.Ordinal))
            return new V1.CheckGiftResponse();
        var gift = await db.Set<Gift>().AsNoTracking().SingleOrDefaultAsync(g => g.Token == request.Token && g.ArticleId == articleId && !g.Revoked && g.ExpireTime > now, cancel);
        if (gift is null)
            return new V1.CheckGiftResponse();
        if (request.Count)
            await db.Set<Gift>().Where(g => g.Id == gift.Id).ExecuteUpdateAsync(g => g.SetProperty(x => x.Opens, x => x.Opens + 1), cancel);
        return new V1.CheckGiftResponse { Opens = true, PersonId = gift.PersonId.ToString(), ExpireTime = Timestamp.FromDateTimeOffset(gift.ExpireTime) };
    }
}
