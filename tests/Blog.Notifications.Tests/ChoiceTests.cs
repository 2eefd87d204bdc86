using Blog.Notifications.Deliveries;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Notifications.Tests;

public sealed class ChoiceTests(NotificationsFixture blog) : IClassFixture<NotificationsFixture>
{
    static Guid Someone() => Guid.CreateVersion7();

    static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);

    async Task<Preferences> ChooseAsync(Guid person, Action<Preferences> change)
    {
        var wishes = (await blog.As(person).GetPreferencesAsync(new())).Preferences;
        change(wishes);
        return (await blog.As(person).UpdatePreferencesAsync(new() { Preferences = wishes, ExpectedRevision = wishes.Revision })).Preferences;
    }

    static void Set(Preferences wishes, NotificationKind kind, Channel channel, bool enabled) => wishes.Choices.Single(c => c.Kind == kind && c.Channel == channel).Enabled = enabled;

    Task<List<Delivery>> DeliveriesAsync(Guid person) =>
        blog.InDatabaseAsync(db => db.Set<Delivery>().AsNoTracking().Where(d => d.PersonId == person).OrderBy(d => d.Channel).ToListAsync());

    async Task<T> WithQueueAsync<T>(Func<DeliveryQueue, Task<T>> work)
    {
        await using var scope = blog.Host.Services.CreateAsyncScope();
        return await work(ActivatorUtilities.CreateInstance<DeliveryQueue>(scope.ServiceProvider));
    }

    Task<List<DueDeliveries>> ClaimAsync(Guid person) =>
        WithQueueAsync(async queue => (await queue.ClaimAsync(Channel.Email, 1000, default)).Where(claim => claim.PersonId == person).ToList());

    [Fact]
    public async Task Who_never_chose_has_the_defaults_and_a_choice_is_kept()
    {
        var ana = Someone();
        var defaults = (await blog.As(ana).GetPreferencesAsync(new())).Preferences;
        defaults.Revision.ShouldBe(0);
        defaults.Choices.Count.ShouldBe((Enum.GetValues<NotificationKind>().Length - 1) * (Enum.GetValues<Channel>().Length - 1));
        defaults.Choices.Single(c => c is { Kind: NotificationKind.Claps, Channel: Channel.Email }).Enabled.ShouldBeFalse();

        var chosen = await ChooseAsync(ana, wishes =>
        {
            Set(wishes, NotificationKind.Claps, Channel.Email, true);
            wishes.TimeZone = "Asia/Tokyo";
            wishes.QuietHours = new() { FromMinute = 1320, ToMinute = 420 };
            wishes.EmailCadence = EmailCadence.AtOnce;
        });
        chosen.Revision.ShouldBe(1);
        (await blog.As(ana).GetPreferencesAsync(new())).Preferences.ShouldBe(chosen);
        chosen.Choices.Single(c => c is { Kind: NotificationKind.Claps, Channel: Channel.Email }).Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Wrong_wishes_are_refused_by_the_name_of_the_field()
    {
        var problem = await Should.ThrowAsync<RpcException>(() => ChooseAsync(Someone(), wishes =>
        {
            wishes.TimeZone = "Mars/Olympus";
            wishes.QuietHours = new() { FromMinute = 60, ToMinute = 60 };
            wishes.DigestHour = 24;
            wishes.DigestDay = 0;
            wishes.EmailCadence = (EmailCadence)9;
            wishes.Choices.RemoveAt(0);
        }));
        problem.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        problem.Detail<BadRequest>()!.FieldViolations.Select(v => v.Field).ShouldBe(
            ["preferences.time_zone", "preferences.quiet_hours", "preferences.email_cadence", "preferences.digest_hour", "preferences.digest_day", "preferences.choices"]);
    }

    [Fact]
    public async Task Wishes_changed_in_another_window_are_not_overwritten()
    {
        var ana = Someone();
        var seen = (await blog.As(ana).GetPreferencesAsync(new())).Preferences;
        await ChooseAsync(ana, wishes => wishes.DigestHour = 6);
        var problem = await FailureOf(blog.As(ana).UpdatePreferencesAsync(new() { Preferences = seen, ExpectedRevision = seen.Revision }));
        problem.Reason().ShouldBe("STALE_REVISION");
        problem.Detail<Preferences>()!.DigestHour.ShouldBe(6);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_told() =>
        (await FailureOf(blog.Anonymous.ListNotificationsAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);

    [Fact]
    public async Task A_kind_that_is_off_in_the_site_stays_out_of_the_list_and_can_still_be_mailed()
    {
        var (ana, article) = (Someone(), Someone());
        await ChooseAsync(ana, wishes =>
        {
            Set(wishes, NotificationKind.Response, Channel.InApp, false);
            wishes.EmailCadence = EmailCadence.AtOnce;
        });
        await blog.RespondAsync(Someone(), Someone(), article, ana);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
        (await blog.BellAsync(ana)).Unread.ShouldBe(0);
        (await ClaimAsync(ana)).ShouldHaveSingleItem().Items.ShouldHaveSingleItem().Notification.Kind.ShouldBe(NotificationKind.Response);
    }

    [Fact]
    public async Task A_push_is_due_only_where_one_can_arrive()
    {
        var (ana, ben, article) = (Someone(), Someone(), Someone());
        await blog.InDatabaseAsync(async db =>
        {
            db.Add(new Reachable { PersonId = ben, Channel = Channel.Push });
            return await db.SaveChangesAsync();
        });
        await blog.RespondAsync(Someone(), Someone(), article, ana);
        await blog.RespondAsync(Someone(), Someone(), article, ben);
        (await DeliveriesAsync(ana)).Select(d => d.Channel).ShouldBe([Channel.Email]);
        (await DeliveriesAsync(ben)).Select(d => d.Channel).ShouldBe([Channel.Email, Channel.Push]);
    }

    [Fact]
    public async Task A_group_is_sent_once_whoever_joins_it_later()
    {
        var (ana, article) = (Someone(), Someone());
        await ChooseAsync(ana, wishes =>
        {
            Set(wishes, NotificationKind.Claps, Channel.Email, true);
            wishes.EmailCadence = EmailCadence.AtOnce;
        });
        await blog.ClapAsync(Someone(), article, ana);
        var claim = (await ClaimAsync(ana)).ShouldHaveSingleItem();
        (await ClaimAsync(ana)).ShouldBeEmpty();
        await WithQueueAsync(async queue =>
        {
            await queue.RecordAsync(claim, new SendOutcome.Sent(), default);
            return true;
        });
        await blog.ClapAsync(Someone(), article, ana);
        (await ClaimAsync(ana)).ShouldBeEmpty();
        (await DeliveriesAsync(ana)).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Sent);
    }

    [Fact]
    public async Task A_sender_that_dies_is_known_by_its_lease_and_cannot_record_afterwards()
    {
        var ana = Someone();
        await ChooseAsync(ana, wishes => wishes.EmailCadence = EmailCadence.AtOnce);
        await blog.FollowAsync(Someone(), ana);
        var first = (await ClaimAsync(ana)).ShouldHaveSingleItem();
        first.MayHaveBeenSent.ShouldBeFalse();
        blog.Clock.Advance(DeliveryQueue.Lease + TimeSpan.FromSeconds(1));
        var second = (await ClaimAsync(ana)).ShouldHaveSingleItem();
        second.ShouldSatisfyAllConditions(c => c.MayHaveBeenSent.ShouldBeTrue(), c => c.Attempt.ShouldBe(2));
        await WithQueueAsync(async queue =>
        {
            await queue.RecordAsync(first, new SendOutcome.Failed("late"), default);
            return true;
        });
        (await DeliveriesAsync(ana)).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Sending);
    }

    [Fact]
    public async Task What_was_read_or_taken_back_before_it_was_due_is_not_sent_and_the_rest_comes_as_one()
    {
        var (ana, article, taken) = (Someone(), Someone(), Someone());
        await blog.RespondAsync(Someone(), Someone(), article, ana, "read");
        await blog.As(ana).MarkReadAsync(new() { UpToPosition = long.MaxValue });
        await blog.RespondAsync(taken, Someone(), article, ana, "taken");
        await blog.RespondAsync(taken, Someone(), article, ana, "", Events.V1.ResponseChanged.Types.Change.Deleted);
        await blog.RespondAsync(Someone(), Someone(), article, ana, "one");
        await blog.RespondAsync(Someone(), Someone(), article, ana, "two");
        (await ClaimAsync(ana)).ShouldBeEmpty();
        blog.Clock.Advance(TimeSpan.FromDays(1));
        (await ClaimAsync(ana)).ShouldHaveSingleItem().Items.Select(i => i.Notification.Excerpt).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task New_wishes_hold_for_what_waits_already()
    {
        var (ana, article) = (Someone(), Someone());
        await blog.RespondAsync(Someone(), Someone(), article, ana);
        await blog.FollowAsync(Someone(), ana);
        await ChooseAsync(ana, wishes =>
        {
            Set(wishes, NotificationKind.NewFollower, Channel.Email, false);
            wishes.EmailCadence = EmailCadence.AtOnce;
        });
        (await ClaimAsync(ana)).ShouldHaveSingleItem().Items.ShouldHaveSingleItem().Notification.Kind.ShouldBe(NotificationKind.Response);
    }

    [Fact]
    public async Task The_list_pages_without_repeating_while_groups_move_up_and_marks_one_or_all()
    {
        var ana = Someone();
        var articles = Enumerable.Range(0, 5).Select(_ => Someone()).ToArray();
        foreach (var article in articles)
            await blog.ClapAsync(Someone(), article, ana);
        var first = await blog.As(ana).ListNotificationsAsync(new() { PageSize = 2 });
        await blog.ClapAsync(Someone(), articles[0], ana);
        var second = await blog.As(ana).ListNotificationsAsync(new() { PageSize = 10, PageToken = first.NextPageToken });
        first.Notifications.Concat(second.Notifications).Select(n => n.Id).ShouldBeUnique();
        second.NextPageToken.ShouldBe("");

        var bell = (await blog.As(ana).MarkReadAsync(new() { Ids = { first.Notifications[0].Id, Someone().ToString() } })).Bell;
        bell.ShouldSatisfyAllConditions(b => b.Unread.ShouldBe(4), b => b.Unseen.ShouldBe(4));
        (await blog.As(ana).MarkSeenAsync(new() { UpToPosition = long.MaxValue })).Bell.ShouldSatisfyAllConditions(b => b.Unread.ShouldBe(4), b => b.Unseen.ShouldBe(0));
        (await blog.As(ana).ListNotificationsAsync(new() { UnreadOnly = true })).Notifications.Count.ShouldBe(4);
        (await blog.As(ana).MarkReadAsync(new() { UpToPosition = long.MaxValue })).Bell.Unread.ShouldBe(0);
        (await FailureOf(blog.As(ana).ListNotificationsAsync(new() { PageToken = "nonsense" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_list_keeps_its_last_thousand_and_nothing_older_than_ninety_days()
    {
        var (ana, ben, author) = (Someone(), Someone(), Someone());
        await blog.FollowAsync(author, ana);
        await blog.InDatabaseAsync(async db =>
        {
            for (var i = 0; i < 1005; i++)
            {
                var telling = new Telling.PendingTelling
                {
                    PersonId = ben, Act = Telling.TellingAct.Tell, Kind = NotificationKind.Mention, SubjectId = Someone(), ActId = author, ActorId = author, Time = blog.Clock.GetUtcNow(),
                };
                telling.TakeLane();
                db.Add(telling);
            }
            return await db.SaveChangesAsync();
        });
        await blog.UntilAsync(async db => await db.Set<Bells.Bell>().AnyAsync(b => b.PersonId == ben && b.Kept == 1005));
        var retention = blog.Host.Services.GetRequiredService<Retention.RetentionWorker>();
        await retention.RunAsync(default);
        (await blog.BellAsync(ben)).Unread.ShouldBe(1000);
        (await blog.InDatabaseAsync(db => db.Set<Bells.Notification>().CountAsync(n => n.PersonId == ben))).ShouldBe(1000);

        blog.Clock.Advance(TimeSpan.FromDays(91));
        await retention.RunAsync(default);
        (await blog.ListAsync(ana)).ShouldBeEmpty();
        (await blog.BellAsync(ana)).ShouldSatisfyAllConditions(b => b.Unread.ShouldBe(0), b => b.Unseen.ShouldBe(0));
        (await DeliveriesAsync(ana)).ShouldBeEmpty();
    }
}
