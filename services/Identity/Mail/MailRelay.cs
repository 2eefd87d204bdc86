using System.Threading.Channels;
using Blog.Identity.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Identity.Mail;

/// <summary>Wakes the relay when a message was written, so that nobody waits for the next look at the table.</summary>
sealed class MailSignal
{
    readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => channel.Writer.TryWrite(true);

    /// <summary>Returns when woken or after the time given.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            await channel.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }
    }
}

/// <summary>
/// Sends what is in the outbox. A message stays until the mail server has taken it: 2, 4, 8 … seconds between attempts, five minutes at
/// most, for three days. Several replicas share the work: each claims rows that no other has locked.
/// </summary>
sealed partial class MailRelay(IServiceScopeFactory scopes, IMailSender sender, MailSignal signal, TimeProvider time, ILogger<MailRelay> log) : BackgroundService
{
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Look = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(5), GiveUp = TimeSpan.FromDays(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Look;
            try
            {
                while (await SendNextAsync(stoppingToken))
                {
                }
                pause = await NextDueAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // The database is away; what is in it is safe.
                LogOutboxAway(problem);
            }
            await signal.WaitAsync(pause, time, stoppingToken);
        }
    }

    async Task<TimeSpan> NextDueAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var next = await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().Mail.MinAsync(message => (DateTimeOffset?)message.NextAttemptTime, cancel);
        return next - time.GetUtcNow() is not { } left || left > Look ? Look : left < Shortest ? Shortest : left;
    }

    /// <summary>Sends the message that is due first; false when none is.</summary>
    async Task<bool> SendNextAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var now = time.GetUtcNow();
            var due = await db.Mail.FromSql($"select * from mail_messages where next_attempt_time <= {now} order by next_attempt_time limit 1 for update skip locked")
                .ToListAsync(cancel);
            if (due is not [var message])
                return false;

            try
            {
                await sender.SendAsync(message, cancel);
                db.Mail.Remove(message);
            }
            catch (Exception problem) when (!cancel.IsCancellationRequested)
            {
                message.Attempts++;
                if (now - message.CreateTime > GiveUp)
                {
                    db.Mail.Remove(message);
                    LogGivenUp(problem, message.Id, message.Attempts);
                }
                else
                {
                    var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, message.Attempts), LongestPause.TotalSeconds));
                    message.NextAttemptTime = now + pause;
                    LogNotTaken(problem, message.Id, message.Attempts, pause);
                }
            }
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        });
    }

    [LoggerMessage(LogLevel.Warning, "The mail outbox cannot be read")]
    partial void LogOutboxAway(Exception problem);

    [LoggerMessage(LogLevel.Warning, "Mail {MessageId} was not taken (attempt {Attempt}); next attempt in {Pause}")]
    partial void LogNotTaken(Exception problem, Guid messageId, int attempt, TimeSpan pause);

    [LoggerMessage(LogLevel.Error, "Mail {MessageId} was given up after {Attempts} attempts")]
    partial void LogGivenUp(Exception problem, Guid messageId, int attempts);
}
