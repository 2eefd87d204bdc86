using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Relations;
using Google.Rpc;
using Grpc.Core;

namespace Blog.Users.Tests;

public sealed class FollowBudgetTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    readonly FollowBudget budget = new() { PersonId = Guid.CreateVersion7() };

    bool Tries(DateTimeOffset now, FollowTarget kind = FollowTarget.Person)
    {
        try
        {
            budget.Begin(kind, now);
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    int Begun(DateTimeOffset from, TimeSpan duration, TimeSpan every)
    {
        var count = 0;
        for (var now = from; now < from + duration; now += every)
            if (Tries(now)) count++;
        return count;
    }

    [Fact]
    public void Thirty_at_once_are_allowed_and_the_next_is_told_when()
    {
        for (var i = 0; i < 30; i++) budget.Begin(FollowTarget.Topic, Noon);
        var refusal = Should.Throw<RpcException>(() => budget.Begin(FollowTarget.Topic, Noon));

        refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refusal.Reason().ShouldBe("FOLLOWS_TOO_FAST");
        var wait = refusal.Detail<RetryInfo>()!.RetryDelay.ToTimeSpan();
        wait.ShouldBe(TimeSpan.FromSeconds(2));
        Tries(Noon + wait - TimeSpan.FromTicks(1)).ShouldBeFalse();
        Tries(Noon + wait).ShouldBeTrue();
    }

    [Fact]
    public void At_most_60_begin_in_a_minute_and_500_in_a_day()
    {
        Begun(Noon, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(6)).ShouldBeInRange(59, 60);
        Begun(Noon + TimeSpan.FromMinutes(1), TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2)).ShouldBeInRange(438, 440);
    }

    [Fact]
    public void Unfollowing_gives_nothing_back()
    {
        for (var i = 0; i < 30; i++)
        {
            budget.Begin(FollowTarget.Person, Noon);
            budget.End(FollowTarget.Person);
        }
        budget.People.ShouldBe(0);
        Tries(Noon).ShouldBeFalse();
    }

    [Fact]
    public void A_refusal_is_not_counted()
    {
        for (var i = 0; i < 1000; i++) Tries(Noon);
        budget.People.ShouldBe(30);
        Tries(Noon + TimeSpan.FromSeconds(2)).ShouldBeTrue();
    }

    [Fact]
    public void Nobody_follows_more_than_5000_of_all_kinds_together()
    {
        FollowTarget[] kinds = [FollowTarget.Person, FollowTarget.Topic, FollowTarget.Publication];
        for (var i = 0; i < 5000; i++) budget.Begin(kinds[i % 3], Noon + i * TimeSpan.FromHours(1));
        var later = Noon + TimeSpan.FromDays(1000);

        var refusal = Should.Throw<RpcException>(() => budget.Begin(FollowTarget.Topic, later));
        (refusal.StatusCode, refusal.Reason()).ShouldBe((StatusCode.FailedPrecondition, "FOLLOWS_TOO_MANY"));
        budget.End(FollowTarget.Person);
        Tries(later).ShouldBeTrue();
    }
}
