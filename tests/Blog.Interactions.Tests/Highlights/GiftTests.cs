using Blog.Interactions.Tests.Lists;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Interactions.Tests.Highlights;

public sealed class GiftTests(ReadersFixture world) : IClassFixture<ReadersFixture>
{
    readonly Guid giver = Guid.CreateVersion7();

    V1.Gifts.GiftsClient Of(Guid person) => new(world.Host.CallInvoker(world.Issuer.PersonToken(person)));

    Task<CheckGiftResponse> CheckAsync(string article, string token, bool count = false) =>
        new V1.Gifts.GiftsClient(world.Host.CallInvoker()).CheckGiftAsync(new() { ArticleId = article, Token = token, Count = count }).ResponseAsync;

    [Fact]
    public async Task A_gift_opens_its_article_for_thirty_days_and_counts_who_comes()
    {
        var article = await world.ArticleAsync();
        var other = await world.ArticleAsync();
        var mine = Of(giver);
        var made = await mine.CreateGiftAsync(new() { ArticleId = article });
        (made.Gift.Token.Length, made.Left).ShouldBe((22, 9));
        (await mine.CreateGiftAsync(new() { ArticleId = article })).ShouldBe(made, "the link that opens is given again");

        (await CheckAsync(article, made.Gift.Token, count: true)).ShouldBe(new CheckGiftResponse { Opens = true, PersonId = giver.ToString(), ExpireTime = made.Gift.ExpireTime });
        (await CheckAsync(article, made.Gift.Token)).Opens.ShouldBeTrue();
        (await CheckAsync(other, made.Gift.Token)).ShouldBe(new CheckGiftResponse());
        (await CheckAsync(article, "guessed")).ShouldBe(new CheckGiftResponse());
        (await mine.ListMyGiftsAsync(new())).Gifts.ShouldHaveSingleItem().Opens.ShouldBe(1);

        (await Should.ThrowAsync<RpcException>(async () => await Of(Guid.CreateVersion7()).RevokeGiftAsync(new() { Id = made.Gift.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        await mine.RevokeGiftAsync(new() { Id = made.Gift.Id });
        (await CheckAsync(article, made.Gift.Token)).Opens.ShouldBeFalse();

        var again = (await mine.CreateGiftAsync(new() { ArticleId = article })).Gift;
        again.Token.ShouldNotBe(made.Gift.Token);
        world.Clock.Advance(TimeSpan.FromDays(31));
        (await CheckAsync(article, again.Token)).Opens.ShouldBeFalse();
        (await Should.ThrowAsync<RpcException>(async () => await mine.CreateGiftAsync(new() { ArticleId = Guid.CreateVersion7().ToString() }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Ten_a_month_are_given_and_revoking_gives_none_back()
    {
        var mine = Of(giver);
        for (var i = 0; i < 10; i++)
        {
            var article = await world.ArticleAsync();
            var gift = await mine.CreateGiftAsync(new() { ArticleId = article });
            gift.Left.ShouldBe(9 - i);
            if (i == 0) await mine.RevokeGiftAsync(new() { Id = gift.Gift.Id });
        }
        var eleventh = await world.ArticleAsync();
        (await Should.ThrowAsync<RpcException>(async () => await mine.CreateGiftAsync(new() { ArticleId = eleventh }))).Reason().ShouldBe("GIFTS_USED_UP");
        world.Clock.Advance(TimeSpan.FromDays(32));
        (await mine.CreateGiftAsync(new() { ArticleId = eleventh })).Left.ShouldBe(9);
    }
}
