using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.Testing;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

/// <summary>Forms of pages without scripts, one click of mail programs, and what authors see.</summary>
public sealed class NewsletterTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<(BffWorld World, FakeNewsletters Newsletters)> StartAsync(RedisFixture redis, string burst = "1000")
    {
        var newsletters = new FakeNewsletters();
        var server = await FakeServer.StartAsync(services => services.AddSingleton(newsletters).AddGrpc(), app => app.MapGrpcService<FakeNewsletters>());
        newsletters.Server = server;
        return (await BffWorld.StartAsync(redis, settings: [("services:notifications:grpc:0", server.Grpc), ("Blog:RateLimits:Newsletter:Burst", burst)]), newsletters);
    }

    static Task<HttpResponseMessage> Post(HttpClient client, string address, params (string Name, string Value)[] fields) =>
        client.PostAsync(new Uri(address, UriKind.Relative), new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Cancel);

    [Fact]
    public async Task The_form_asks_for_a_subscription_and_answers_everyone_alike()
    {
        var (world, newsletters) = await StartAsync(redis);
        await using var _ = world;
        await using var __ = newsletters;
        var author = world.Users.Add("ada");

        var first = await Post(world.Client, "/newsletter/subscribe", ("to", "ada"), ("email", "x@example.org"), ("website", ""));
        var program = await Post(world.Client, "/newsletter/subscribe", ("to", "ada"), ("email", "y@example.org"), ("website", "http://spam.example"));
        var wrong = await Post(world.Client, "/newsletter/subscribe", ("to", "ada"), ("email", "nonsense"));

        first.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        first.Headers.Location!.ToString().ShouldBe("/newsletter/subscribe?to=ada&done=1");
        program.Headers.Location.ShouldBe(first.Headers.Location);
        wrong.Headers.Location!.ToString().ShouldBe("/newsletter/subscribe?to=ada&problem=email");
        newsletters.Asked.ShouldBe([(author.Id, "x@example.org")]);
    }

    [Fact]
    public async Task Nobody_sends_mail_to_many_addresses_by_the_form()
    {
        // What is counted lies in Redis: one of its own.
        await using var own = new RedisFixture();
        await own.InitializeAsync();
        var (world, newsletters) = await StartAsync(own, burst: "4");
        await using var _ = world;
        await using var __ = newsletters;
        world.Users.Add("bob");
        var client = world.NewBrowser();
        client.DefaultRequestHeaders.Add("Accept", "text/html");

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++) statuses.Add((await Post(client, "/newsletter/subscribe", ("to", "bob"), ("email", $"x{i}@example.org"))).StatusCode);

        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
        newsletters.Asked.Count.ShouldBeLessThan(8);
    }

    [Fact]
    public async Task One_click_unsubscribes_without_cookies_or_redirects_and_looking_does_not()
    {
        var (world, newsletters) = await StartAsync(redis);
        await using var _ = world;
        await using var __ = newsletters;

        await world.Client.GetAsync(new Uri("/unsubscribe?t=good", UriKind.Relative), Cancel);
        newsletters.Ended.ShouldBeEmpty();

        var click = await Post(world.Client, "/unsubscribe?t=good", ("List-Unsubscribe", "One-Click"));
        click.StatusCode.ShouldBe(HttpStatusCode.OK);
        newsletters.Ended.ShouldBe([("good", false)]);
        (await Post(world.Client, "/unsubscribe?t=forged", ("List-Unsubscribe", "One-Click"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        newsletters.Ended.Count.ShouldBe(1);
        // A post that means nothing does nothing.
        await Post(world.Client, "/unsubscribe?t=good");
        newsletters.Ended.Count.ShouldBe(1);

        var button = await Post(world.Client, "/unsubscribe?t=good", ("action", "everything"));
        (button.StatusCode, button.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.SeeOther, "/unsubscribe?t=good&done=ended"));
        newsletters.Ended.Last().ShouldBe(("good", true));
    }

    [Fact]
    public async Task A_link_says_what_it_is_about_and_an_old_one_that_it_is_old()
    {
        var (world, newsletters) = await StartAsync(redis);
        await using var _ = world;
        await using var __ = newsletters;
        newsletters.Author = world.Users.Add("cleo").Id;

        var link = await world.Client.GetAsync(new Uri("/api/v1/mail-links/good", UriKind.Relative), Cancel);
        var body = await link.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        link.Headers.CacheControl!.NoStore.ShouldBeTrue();
        body.GetProperty("newsletter").GetProperty("author").GetProperty("handle").GetString().ShouldBe("cleo");
        body.GetProperty("newsletter").GetProperty("state").GetString().ShouldBe("pending");
        (await world.Client.GetAsync(new Uri("/api/v1/mail-links/old", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await world.Client.GetAsync(new Uri("/api/v1/mail-links/forged", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Authors_take_all_of_their_subscribers_along_as_a_file_that_no_spreadsheet_runs()
    {
        var (world, newsletters) = await StartAsync(redis);
        await using var _ = world;
        await using var __ = newsletters;
        var author = await world.SignInAsync("dora");

        var file = await author.GetAsync(new Uri("/api/v1/me/newsletter/subscribers.csv", UriKind.Relative), Cancel);

        file.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        file.Content.Headers.ContentDisposition!.FileName.ShouldBe("subscribers.csv");
        (await file.Content.ReadAsStringAsync(Cancel)).ShouldBe("email,subscribed_at\r\na@example.org,2026-01-02T03:04:05Z\r\n'=cmd@example.org,2026-01-02T03:04:05Z\r\n");
        (await world.Client.GetAsync(new Uri("/api/v1/me/newsletter/subscribers.csv", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    sealed class FakeNewsletters : Newsletters.NewslettersBase, IAsyncDisposable
    {
        public FakeServer Server { get; set; } = null!;
        public string Author { get; set; } = "";
        public ConcurrentQueue<(string Target, string Email)> Asked { get; } = new();
        public ConcurrentQueue<(string Token, bool Everything)> Ended { get; } = new();

        static void Check(string token)
        {
            if (token == "old") throw RpcErrors.Create(StatusCode.FailedPrecondition, "This link is too old.", "LINK_EXPIRED");
            if (token != "good") throw RpcErrors.NotFound("This link did not come from us.");
        }

        public override Task<SubscribeResponse> Subscribe(SubscribeRequest request, ServerCallContext context)
        {
            if (!request.Email.Contains('@', StringComparison.Ordinal)) throw RpcErrors.InvalidArgument(("email", "No address."));
            Asked.Enqueue((request.TargetId, request.Email));
            return Task.FromResult(new SubscribeResponse());
        }

        public override Task<GetMailLinkResponse> GetMailLink(GetMailLinkRequest request, ServerCallContext context)
        {
            Check(request.Token);
            return Task.FromResult(new GetMailLinkResponse { Newsletter = new() { TargetId = Author, State = NewsletterLink.Types.State.Pending, MaskedEmail = "x…@example.org", Confirms = true } });
        }

        public override Task<UnsubscribeResponse> Unsubscribe(UnsubscribeRequest request, ServerCallContext context)
        {
            Check(request.Token);
            Ended.Enqueue((request.Token, request.Everything));
            return Task.FromResult(new UnsubscribeResponse());
        }

        public override Task<ListSubscribersResponse> ListSubscribers(ListSubscribersRequest request, ServerCallContext context)
        {
            var time = Timestamp.FromDateTime(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
            return Task.FromResult(request.PageToken == ""
                ? new ListSubscribersResponse { Subscribers = { new Subscriber { Email = "a@example.org", ConfirmTime = time } }, NextPageToken = "2" }
                : new ListSubscribersResponse { Subscribers = { new Subscriber { Email = "=cmd@example.org", ConfirmTime = time } } });
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
