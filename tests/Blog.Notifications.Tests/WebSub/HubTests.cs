using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Blog.Events.V1;
using Blog.Notifications.Tests.Mail;
using Blog.Notifications.V1;
using Blog.Notifications.WebSub;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using static Blog.Notifications.V1.RequestSubscriptionRequest.Types;

namespace Blog.Notifications.Tests.WebSub;

/// <summary>The hub with a site whose feed a test writes, and subscribers that do as the Recommendation says.</summary>
public sealed class HubWorld(PostgresFixture postgres) : IAsyncLifetime
{
    FakeServer site = null!, subscribers = null!;

    internal MailWorld World { get; private set; } = null!;

    /// <summary>Whether the instance in this process tells subscribers; otherwise that is left to others.</summary>
    internal bool TellsFeeds { get; init; } = true;

    internal string Feed { get; set; } = "<feed>one</feed>";
    internal ConcurrentDictionary<string, bool> Gone { get; } = new();

    internal sealed record Question(string Mode, string Topic, string Challenge, string Lease);
    internal sealed record Content(string Body, string Type, string Signature, string Link);

    /// <summary>By the path of the callback.</summary>
    internal ConcurrentDictionary<string, ConcurrentQueue<Question>> Questions { get; } = new();
    internal ConcurrentDictionary<string, ConcurrentQueue<Content>> Contents { get; } = new();

    /// <summary>What a callback answers; null: what a subscriber that wants it does.</summary>
    internal Func<HttpContext, Task<IResult?>> Answer { get; set; } = _ => Task.FromResult<IResult?>(null);

    internal string Callback(string name) => $"{subscribers.Http}/{name}";

    public async ValueTask InitializeAsync()
    {
        site = await FakeServer.StartAsync(_ => { }, app => app.Run(http => Gone.ContainsKey(http.Request.Path)
            ? Results.NotFound().ExecuteAsync(http)
            : Results.Text(Feed + http.Request.Path + http.Request.QueryString, "application/atom+xml", Encoding.UTF8).ExecuteAsync(http)));
        subscribers = await FakeServer.StartAsync(_ => { }, app => app.Run(async http =>
        {
            var (path, query) = (http.Request.Path.Value![1..], http.Request.Query);
            var answer = await Answer(http);
            if (HttpMethods.IsGet(http.Request.Method))
            {
                Questions.GetOrAdd(path, _ => new()).Enqueue(new(query["hub.mode"]!, query["hub.topic"]!, query["hub.challenge"]!, query["hub.lease_seconds"].ToString()));
                await (answer ?? Results.Text(query["hub.challenge"])).ExecuteAsync(http);
                return;
            }
            var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            if (answer is null) Contents.GetOrAdd(path, _ => new()).Enqueue(new(body, http.Request.ContentType!, http.Request.Headers["X-Hub-Signature"].ToString(), http.Request.Headers.Link.ToString()));
            await (answer ?? Results.StatusCode(202)).ExecuteAsync(http);
        }));
        World = new(postgres) { TellsFeeds = TellsFeeds, Settings = { ["Blog:Push:AllowLoopback"] = "true", ["services:site:http:0"] = site.Http } };
        await World.InitializeAsync();
    }

    internal async Task RequestAsync(string topic, string callback, Mode mode = Mode.Subscribe, string secret = "", long lease = 0) =>
        await new Hub.HubClient(World.Host.CallInvoker()).RequestSubscriptionAsync(new() { Mode = mode, Topic = topic, Callback = callback, Secret = secret, LeaseSeconds = lease });

    /// <summary>Requests, and waits until the callback has confirmed.</summary>
    internal async Task SubscribeAsync(string topic, string callback, string secret = "", long lease = 0)
    {
        await RequestAsync(topic, callback, secret: secret, lease: lease);
        await SettledAsync(callback);
    }

    /// <summary>On a busy machine a question may have to be asked again: that takes as long as the claim of the first lasts.</summary>
    internal Task SettledAsync(string callback) => World.UntilAsync(async db => await CountAsync(db, $"select count(*)::int as \"Value\" from websub_requests where callback = {callback}") == 0, HubWorker.Lease + TimeSpan.FromMinutes(1));

    internal Task<int> SubscriptionsAsync(string callback) => World.InDatabaseAsync(db => CountAsync(db, $"select count(*)::int as \"Value\" from websub_subscriptions where callback = {callback}"));

    internal static async Task<int> CountAsync(Data.NotificationsDbContext db, FormattableString sql) => (await db.Database.SqlQuery<int>(sql).ToListAsync())[0];

    internal Task PublishAsync(Guid author, string topic = "rust", ArticleChanged.Types.Change change = ArticleChanged.Types.Change.Published, bool imported = false, Guid? id = null, long revision = 1)
    {
        var article = id ?? Guid.CreateVersion7();
        return World.HappensAsync(Topics.Articles, article.ToString(), new ArticleChanged
        {
            ArticleId = article.ToString(), AuthorId = author.ToString(), Change = change, Slug = "s", Title = "T", Revision = revision, Imported = imported,
            TopicSlugs = { topic }, PresentTopicSlugs = { topic },
        });
    }

    internal int ContentsOf(string name) => Contents.TryGetValue(name, out var contents) ? contents.Count : 0;

    internal static async Task Until(Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60)).ShouldBeTrue("It did not happen in a minute.");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await subscribers.DisposeAsync();
        await site.DisposeAsync();
    }
}

public sealed class HubTests(HubWorld hub) : IClassFixture<HubWorld>
{
    const string SiteFeed = MailWorld.Origin + "/feed.atom";

    readonly string name = Guid.NewGuid().ToString("N");

    string Callback => hub.Callback(name);

    string FeedOf(Guid person) => $"{MailWorld.Origin}/@{hub.World.People.HandleOf(person)}/feed.xml";

    [Fact]
    public async Task A_subscriber_confirms_and_then_gets_the_whole_feed_signed_when_a_story_appears()
    {
        var ada = hub.World.People.Add("Ada");
        await hub.SubscribeAsync(FeedOf(ada), Callback + "?mine=1", secret: "hush", lease: 86_400);

        var question = hub.Questions[name].ShouldHaveSingleItem();
        (question.Mode, question.Topic, question.Lease).ShouldBe(("subscribe", FeedOf(ada), "86400"));
        question.Challenge.Length.ShouldBeGreaterThan(20);

        await hub.PublishAsync(ada);
        await HubWorld.Until(() => hub.ContentsOf(name) == 1);

        var content = hub.Contents[name].Single();
        content.Body.ShouldBe(hub.Feed + new Uri(FeedOf(ada)).PathAndQuery);
        content.Type.ShouldBe("application/atom+xml; charset=utf-8");
        content.Link.ShouldBe($"<{MailWorld.Origin}/websub>; rel=\"hub\", <{FeedOf(ada)}>; rel=\"self\"");
        content.Signature.ShouldBe("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("hush"u8, Encoding.UTF8.GetBytes(content.Body))));
    }

    [Fact]
    public async Task Each_feed_has_its_own_news()
    {
        var (bo, cy) = (hub.World.People.Add("Bo"), hub.World.People.Add("Cy"));
        await hub.SubscribeAsync(FeedOf(bo), hub.Callback(name + "bo"));
        await hub.SubscribeAsync(FeedOf(cy), hub.Callback(name + "cy"));
        await hub.SubscribeAsync($"{MailWorld.Origin}/topics/zebras/feed.json?content=summary", hub.Callback(name + "topic"));

        await hub.PublishAsync(cy, "zebras", imported: true);
        await hub.PublishAsync(cy, "zebras");
        await HubWorld.Until(() => hub.ContentsOf(name + "cy") == 1 && hub.ContentsOf(name + "topic") == 1);

        hub.ContentsOf(name + "bo").ShouldBe(0);
        hub.Contents[name + "topic"].Single().Signature.ShouldBe("");
    }

    [Fact]
    public async Task Whoever_does_not_confirm_gets_nothing()
    {
        hub.Answer = http => Task.FromResult<IResult?>(http.Request.Path.Value!.EndsWith(name, StringComparison.Ordinal) ? Results.Text("something else") : null);
        await hub.SubscribeAsync(SiteFeed, Callback);
        (await hub.SubscriptionsAsync(Callback)).ShouldBe(0);

        hub.Answer = http => Task.FromResult<IResult?>(http.Request.Path.Value!.EndsWith(name, StringComparison.Ordinal) ? Results.NotFound() : null);
        await hub.SubscribeAsync(SiteFeed, Callback);
        (await hub.SubscriptionsAsync(Callback)).ShouldBe(0);
        hub.Questions[name].Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stranger_cannot_end_a_subscription_and_its_owner_can()
    {
        await hub.SubscribeAsync(SiteFeed, Callback);
        hub.Answer = http => Task.FromResult<IResult?>(http.Request.Query["hub.mode"] == "unsubscribe" && http.Request.Path.Value!.EndsWith(name, StringComparison.Ordinal) ? Results.NotFound() : null);
        await hub.RequestAsync(SiteFeed, Callback, Mode.Unsubscribe);
        await hub.SettledAsync(Callback);
        (await hub.SubscriptionsAsync(Callback)).ShouldBe(1);

        hub.Answer = _ => Task.FromResult<IResult?>(null);
        await hub.RequestAsync(SiteFeed, Callback, Mode.Unsubscribe);
        await hub.SettledAsync(Callback);
        (await hub.SubscriptionsAsync(Callback)).ShouldBe(0);
    }

    [Fact]
    public async Task A_subscriber_that_is_away_is_tried_again_and_one_that_is_gone_is_forgotten()
    {
        var dee = hub.World.People.Add("Dee");
        await hub.SubscribeAsync(FeedOf(dee), Callback);
        await hub.SubscribeAsync(FeedOf(dee), hub.Callback(name + "-gone"));
        var asked = 0;
        hub.Answer = http => Task.FromResult<IResult?>(!http.Request.Path.Value!.Contains(name, StringComparison.Ordinal) ? null
            : http.Request.Path.Value.EndsWith("-gone", StringComparison.Ordinal) ? Results.StatusCode(410)
            : Interlocked.Increment(ref asked) < 3 ? Results.StatusCode(503) : null);

        await hub.PublishAsync(dee);
        await HubWorld.Until(() =>
        {
            hub.World.Clock.Advance(TimeSpan.FromSeconds(1));
            return hub.ContentsOf(name) == 1;
        });

        asked.ShouldBe(3);
        (await hub.SubscriptionsAsync(Callback)).ShouldBe(1);
        (await hub.SubscriptionsAsync(hub.Callback(name + "-gone"))).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_edited_again_and_again_is_told_with_pauses_and_the_last_words_arrive()
    {
        var (eve, article) = (hub.World.People.Add("Eve"), Guid.CreateVersion7());
        await hub.SubscribeAsync(FeedOf(eve), Callback);
        const int Edits = 8;
        for (var revision = 1; revision <= Edits; revision++)
        {
            hub.Feed = $"<feed>edit {revision}</feed>";
            await hub.PublishAsync(eve, change: revision == 1 ? ArticleChanged.Types.Change.Published : ArticleChanged.Types.Change.Updated, id: article, revision: revision);
        }
        await HubWorld.Until(() => hub.ContentsOf(name) >= 1);

        hub.World.Clock.Advance(FeedNews.Pause);
        await HubWorld.Until(() => hub.ContentsOf(name) >= 1 && hub.Contents[name].Last().Body.StartsWith($"<feed>edit {Edits}<", StringComparison.Ordinal));
        hub.ContentsOf(name).ShouldBeLessThan(Edits / 2);
    }

    [Fact]
    public async Task A_subscription_ends_with_its_lease_unless_it_is_renewed()
    {
        var flo = hub.World.People.Add("Flo");
        await hub.SubscribeAsync(FeedOf(flo), hub.Callback(name + "ends"), lease: 3600);
        await hub.SubscribeAsync(FeedOf(flo), hub.Callback(name + "stays"), lease: 3600);
        await hub.SubscribeAsync(FeedOf(flo), hub.Callback(name + "stays"), lease: 7 * 86_400);
        hub.World.Clock.Advance(TimeSpan.FromHours(2));

        await hub.PublishAsync(flo);
        await HubWorld.Until(() => hub.ContentsOf(name + "stays") == 1);

        hub.ContentsOf(name + "ends").ShouldBe(0);
        await hub.World.UntilAsync(async _ => await hub.SubscriptionsAsync(hub.Callback(name + "ends")) == 0);
    }

    [Theory]
    [InlineData("https://elsewhere.example/feed.xml", null, "topic")]
    [InlineData(MailWorld.Origin + "/@nobody/feed.xml", null, "topic")]
    [InlineData(MailWorld.Origin + "/topics/unknown/feed.xml", null, "topic")]
    [InlineData(MailWorld.Origin + "/settings", null, "topic")]
    [InlineData(MailWorld.Origin + "/feed.xml?page=x", null, "topic")]
    [InlineData(SiteFeed, "https://10.0.0.1/hook", "callback")]
    [InlineData(SiteFeed, "https://169.254.169.254/latest/meta-data", "callback")]
    [InlineData(SiteFeed, "https://[::ffff:10.0.0.1]/hook", "callback")]
    [InlineData(SiteFeed, "http://callback.example/hook", "callback")]
    [InlineData(SiteFeed, "https://user@callback.example/hook", "callback")]
    [InlineData(SiteFeed, "", "callback")]
    [InlineData(SiteFeed, "long secret", "secret")]
    public async Task What_cannot_be_subscribed_to_is_refused_and_says_why(string topic, string? callback, string field)
    {
        var secret = callback == "long secret" ? new string('s', 200) : "";
        var refusal = await Should.ThrowAsync<RpcException>(() => hub.RequestAsync(topic, callback is null or "long secret" ? Callback : callback, secret: secret));

        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        ServiceDefaults.Grpc.RpcErrors.Detail<Google.Rpc.BadRequest>(refusal)!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Fact]
    public async Task A_host_is_not_flooded_with_questions_it_did_not_ask_for()
    {
        // Nobody answers there, so every request waits.
        var host = $"https://{name}.invalid";
        for (var i = 0; i < 20; i++) await hub.RequestAsync(SiteFeed, $"{host}/{i}");

        var refusal = await Should.ThrowAsync<RpcException>(() => hub.RequestAsync(SiteFeed, $"{host}/one-more"));
        refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }
}

/// <summary>Whatever dies, each subscriber gets the news.</summary>
public sealed class HubFaultTests(PostgresFixture postgres) : IAsyncLifetime
{
    const int Subscribers = 20;

    readonly HubWorld hub = new(postgres) { TellsFeeds = false };

    public ValueTask InitializeAsync() => hub.InitializeAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task A_hub_killed_in_the_middle_is_followed_by_another_and_nobody_is_left_out()
    {
        var author = hub.World.People.Add("Killed");
        var topic = $"{MailWorld.Origin}/@{hub.World.People.HandleOf(author)}/feed.atom";
        await using var process = await hub.World.StartProcessAsync();
        await Task.WhenAll(Enumerable.Range(0, Subscribers).Select(i => hub.SubscribeAsync(topic, hub.Callback($"s{i}"), secret: $"hush {i}")));
        var (posts, killed) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        hub.Answer = async http =>
        {
            if (!HttpMethods.IsPost(http.Request.Method) || killed.Task.IsCompleted) return null;
            var post = Interlocked.Increment(ref posts);
            if (post < Subscribers / 2) return null;
            if (post == Subscribers / 2)
            {
                using var victim = System.Diagnostics.Process.GetProcessById(process.Id);
                victim.Kill();
                await victim.WaitForExitAsync();
                killed.SetResult();
            }
            // What else the victim sends in its last moments gets no answer either.
            await killed.Task;
            return Results.StatusCode(500);
        };

        await hub.PublishAsync(author);
        await killed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Enumerable.Range(0, Subscribers).Count(i => hub.ContentsOf($"s{i}") == 0).ShouldBeGreaterThan(0);
        // For the next one, the claims of the dead one have run out.
        hub.World.Clock.Advance(HubWorker.Lease);
        await using var next = hub.World.Start(sendsIssues: false, tellsFeeds: true);

        await HubWorld.Until(() => Enumerable.Range(0, Subscribers).All(i => hub.ContentsOf($"s{i}") >= 1));
        foreach (var i in Enumerable.Range(0, Subscribers))
            hub.Contents[$"s{i}"].ShouldAllBe(content => content.Signature == "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"hush {i}"), Encoding.UTF8.GetBytes(content.Body))));
    }
}
