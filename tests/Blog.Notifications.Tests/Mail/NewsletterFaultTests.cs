using Blog.Notifications.Newsletters;
using Blog.ServiceDefaults.Mail;
using Blog.Testing;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Tests.Mail;

/// <summary>Whatever dies, each subscriber gets an issue, and gets it once.</summary>
public sealed class NewsletterFaultTests(PostgresFixture postgres) : IAsyncLifetime
{
    readonly MailWorld world = new(postgres) { SendsIssues = false };

    const int Readers = 400;

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    Task<int> AddReadersAsync(Guid author) => world.InDatabaseAsync(async db =>
    {
        var now = world.Clock.GetUtcNow();
        for (var i = 0; i < Readers; i++)
            db.Add(new Subscription
            {
                TargetKind = Events.V1.FollowTarget.Person, TargetId = author, Id = Guid.CreateVersion7(now), Address = $"r{i}.{author:N}@example.org",
                AddressKey = Subscription.KeyOf($"r{i}.{author:N}@example.org"), State = SubscriptionState.Active, CreateTime = now, ConfirmTime = now,
            });
        return await db.SaveChangesAsync(Cancel);
    });

    Task DoneAsync(string article)
    {
        var id = Guid.Parse(article);
        return world.UntilAsync(db => db.Set<Issue>().AnyAsync(i => i.ArticleId == id && i.State == IssueState.Done, Cancel));
    }

    string[] MessageIds(string title) => [.. world.Mail.Messages.Where(mail => mail.Subject == title).Select(mail => mail.Headers["Message-ID"])];

    [Fact]
    public async Task A_sender_killed_in_the_middle_is_followed_by_another_and_each_reader_gets_one()
    {
        var author = world.People.Add("Killed");
        await AddReadersAsync(author);
        var article = world.Stories.Add(author, "Survivor");
        await using var process = await world.StartProcessAsync();
        var (asked, killed) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        world.Mail.Recipient = _ =>
        {
            if (Interlocked.Increment(ref asked) != Readers / 2) return null;
            using var victim = System.Diagnostics.Process.GetProcessById(process.Id);
            victim.Kill();
            killed.SetResult();
            return null;
        };

        await world.PublishAsync(article);
        await killed.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        MessageIds("Survivor").Length.ShouldBeLessThan(Readers);
        // For the next one, the claims of the dead one have run out.
        world.Clock.Advance(IssueWorker.Lease);
        await using var next = world.Start(sendsIssues: true);
        await DoneAsync(article.Summary.Id);

        var ids = MessageIds("Survivor");
        ids.Distinct().Count().ShouldBe(Readers);
        (ids.Length - Readers).ShouldBeLessThanOrEqualTo(8, "only what each connection had on its way may come again, under the same Message-ID");
    }

    [Fact]
    public async Task A_mail_server_that_goes_away_and_says_no_for_now_loses_nothing()
    {
        await using var next = world.Start(sendsIssues: true);
        var author = world.People.Add("Patient");
        await AddReadersAsync(author);
        var article = world.Stories.Add(author, "Waiting it out");
        var count = 0;
        world.Mail.Recipient = to => to.EndsWith($"{author:N}@example.org", StringComparison.Ordinal) && Interlocked.Increment(ref count) % 5 == 0 ? "451 4.7.1 greylisted" : null;
        try
        {
            await world.PublishAsync(article);
            await world.UntilAsync(_ => Task.FromResult(MessageIds("Waiting it out").Length > Readers / 4));
            world.Mail.Stop();
            world.Mail.Start();
            await DoneAsync(article.Summary.Id);
        }
        finally
        {
            world.Mail.Recipient = _ => null;
        }

        MessageIds("Waiting it out").Distinct().Count().ShouldBe(Readers);
        (await world.InDatabaseAsync(db => db.Set<QueuedMail>().CountAsync(Cancel))).ShouldBe(0);
    }
}
