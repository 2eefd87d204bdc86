using System.Threading.Channels;
using Blog.Notifications.V1;
using Blog.Testing;
using Grpc.Core;
using static Blog.Notifications.V1.Notifications;
using static Blog.Notifications.V1.WatchRequest.Types;
using static Blog.Notifications.V1.WatchResponse.Types;

namespace Blog.Notifications.Tests;

public sealed class WatchTests(NotificationsFixture blog) : IClassFixture<NotificationsFixture>
{
    static Guid Someone() => Guid.CreateVersion7();

    /// <summary>A stream as the public entrance holds it.</summary>
    sealed class Watcher : IAsyncDisposable
    {
        readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call;
        readonly Channel<Update> updates = System.Threading.Channels.Channel.CreateUnbounded<Update>();

        public Watcher(ServiceHost<Program> host)
        {
            call = new NotificationsClient(host.CallInvoker()).Watch();
            _ = Task.Run(async () =>
            {
                try
                {
                    await foreach (var response in call.ResponseStream.ReadAllAsync())
                        foreach (var update in response.Updates)
                            updates.Writer.TryWrite(update);
                }
                catch (RpcException broken)
                {
                    updates.Writer.TryComplete(broken);
                }
            });
        }

        public Task SubscribeAsync(long id, string token, long? after = null)
        {
            var subscribe = new Subscribe { Subscription = id, AccessToken = token };
            if (after is { } seen)
                subscribe.After = seen;
            return call.RequestStream.WriteAsync(new() { Subscribe = subscribe });
        }

        public Task UnsubscribeAsync(long id) => call.RequestStream.WriteAsync(new() { Unsubscribe = id });

        public async Task<Update> NextAsync() => await updates.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        /// <summary>The next update that brings a change.</summary>
        public async Task<Update> ChangeAsync()
        {
            while (true)
                if (await NextAsync() is { Changes.Count: > 0 } update)
                    return update;
        }

        public bool IsQuiet => !updates.Reader.TryPeek(out _);

        public ValueTask DisposeAsync()
        {
            call.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task A_change_arrives_at_everyone_who_shows_the_bell_and_at_nobody_else()
    {
        var (ana, ben) = (Someone(), Someone());
        await using var watcher = new Watcher(blog.Host);
        await watcher.SubscribeAsync(1, blog.Issuer.PersonToken(ana));
        await watcher.SubscribeAsync(2, blog.Issuer.PersonToken(ana));
        await watcher.SubscribeAsync(3, blog.Issuer.PersonToken(ben));
        for (var i = 0; i < 3; i++)
            (await watcher.NextAsync()).ShouldSatisfyAllConditions(u => u.Changes.ShouldBeEmpty(), u => u.Bell.Sequence.ShouldBe(0), u => u.Reset.ShouldBeFalse());

        await blog.FollowAsync(ben, ana);
        var both = new[] { await watcher.NextAsync(), await watcher.NextAsync() };
        both.Select(u => u.Subscription).Order().ShouldBe([1, 2]);
        both.ShouldAllBe(u => u.Changes.Count == 1 && u.Changes[0].Kind == NotificationKind.NewFollower && u.Bell.Unseen == 1);
        watcher.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task After_a_break_comes_exactly_what_was_missed_also_from_another_instance()
    {
        var (ana, article) = (Someone(), Someone());
        long seen;
        await using (var watcher = new Watcher(blog.Host))
        {
            await watcher.SubscribeAsync(1, blog.Issuer.PersonToken(ana));
            await watcher.NextAsync();
            await blog.ClapAsync(Someone(), article, ana);
            seen = (await watcher.ChangeAsync()).Bell.Sequence;
        }
        await blog.ClapAsync(Someone(), article, ana);
        var ben = Someone();
        await blog.FollowAsync(ben, ana);
        await blog.FollowAsync(ben, ana, following: false);

        await using var other = blog.Start();
        await using var resumed = new Watcher(other);
        await resumed.SubscribeAsync(7, blog.Issuer.PersonToken(ana), after: seen);
        var missed = await resumed.NextAsync();
        missed.Reset.ShouldBeFalse();
        missed.Changes.Select(n => (n.Kind, n.ActorCount, n.Withdrawn)).ShouldBe([(NotificationKind.Claps, 2, false), (NotificationKind.NewFollower, 0, true)]);
        missed.Bell.Unread.ShouldBe(1);

        await blog.FollowAsync(Someone(), ana);
        (await resumed.ChangeAsync()).Changes.ShouldHaveSingleItem().Kind.ShouldBe(NotificationKind.NewFollower);
    }

    [Fact]
    public async Task The_first_notification_ever_arrives_live()
    {
        var ana = Someone();
        await using var watcher = new Watcher(blog.Host);
        await watcher.SubscribeAsync(1, blog.Issuer.PersonToken(ana), after: 0);
        await watcher.NextAsync();
        await blog.FollowAsync(Someone(), ana);
        (await watcher.NextAsync()).Changes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_missed_too_much_or_names_a_future_is_told_to_begin_anew()
    {
        var ana = Someone();
        foreach (var _ in Enumerable.Range(0, 2))
            await blog.FollowAsync(Someone(), ana);
        await using var watcher = new Watcher(blog.Host);
        await watcher.SubscribeAsync(1, blog.Issuer.PersonToken(ana), after: 999_999);
        (await watcher.NextAsync()).ShouldSatisfyAllConditions(u => u.Reset.ShouldBeTrue(), u => u.Bell.Sequence.ShouldBe(2));

        await blog.InDatabaseAsync(async db =>
        {
            for (var i = 0; i < 60; i++)
            {
                var telling = new Telling.PendingTelling
                {
                    PersonId = ana, Act = Telling.TellingAct.Tell, Kind = NotificationKind.Mention, SubjectId = Someone(), ActId = Someone(), ActorId = Someone(), Time = blog.Clock.GetUtcNow(),
                };
                telling.TakeLane();
                db.Add(telling);
            }
            return await db.SaveChangesAsync();
        });
        await blog.UntilAsync(async _ => (await blog.BellAsync(ana)).Unread == 61);
        await using var late = new Watcher(blog.Host);
        await late.SubscribeAsync(1, blog.Issuer.PersonToken(ana), after: 1);
        (await late.NextAsync()).ShouldSatisfyAllConditions(u => u.Reset.ShouldBeTrue(), u => u.Changes.ShouldBeEmpty());
    }

    [Fact]
    public async Task A_token_that_is_not_good_opens_nothing_and_a_subscription_ends_when_it_is_told_to()
    {
        var ana = Someone();
        await using var watcher = new Watcher(blog.Host);
        await watcher.SubscribeAsync(1, "nonsense");
        (await watcher.NextAsync()).ShouldSatisfyAllConditions(u => u.Ended.ShouldBeTrue(), u => u.Subscription.ShouldBe(1));
        await watcher.SubscribeAsync(2, blog.Issuer.ServiceToken());
        (await watcher.NextAsync()).Ended.ShouldBeTrue();

        await watcher.SubscribeAsync(3, blog.Issuer.PersonToken(ana));
        await watcher.NextAsync();
        await watcher.UnsubscribeAsync(3);
        await watcher.SubscribeAsync(4, blog.Issuer.PersonToken(ana));
        await watcher.NextAsync();
        await blog.FollowAsync(Someone(), ana);
        (await watcher.NextAsync()).Subscription.ShouldBe(4);
    }
}
