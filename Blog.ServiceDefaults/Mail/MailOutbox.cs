using System.Threading.Channels;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.ServiceDefaults.Mail;

/// <summary>A message that waits in a service's outbox until the mail server has taken it. Personal data: recipient and bodies.</summary>
public sealed class QueuedMail
{
    /// <summary>Also the left part of its Message-ID.</summary>
    public required Guid Id { get; init; }
    /// <summary>The bare address.</summary>
    public required string Recipient { get; init; }
    /// <summary>Any text.</summary>
    public required string Subject { get; init; }
    /// <summary>For readers without HTML.</summary>
    public required string TextBody { get; init; }
    /// <summary>A whole document.</summary>
    public required string HtmlBody { get; init; }
    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreateTime { get; init; }
    /// <summary>See <see cref="OutgoingMail.UnsubscribeUrl"/>.</summary>
    public string? UnsubscribeUrl { get; init; }
    /// <summary>See <see cref="OutgoingMail.ListId"/>.</summary>
    public string? ListId { get; init; }
    /// <summary>How often it was not taken.</summary>
    public int Attempts { get; set; }
    /// <summary>Not before.</summary>
    public DateTimeOffset NextAttemptTime { get; set; }

    /// <summary>A message that is due at once.</summary>
    public static QueuedMail Create(Guid id, string recipient, string subject, MailBody body, string home, DateTimeOffset now, string? unsubscribeUrl = null, string? listId = null) => new()
    {
        Id = id,
        Recipient = recipient,
        Subject = subject,
        TextBody = body.Text,
        HtmlBody = body.ToHtml(subject, home),
        CreateTime = now,
        NextAttemptTime = now,
        UnsubscribeUrl = unsubscribeUrl,
        ListId = listId,
    };

    internal OutgoingMail ToOutgoing() => new(Id.ToString(), Recipient, Subject, TextBody, HtmlBody, CreateTime) { UnsubscribeUrl = UnsubscribeUrl, ListId = ListId };
}

/// <summary>Wakes the relay when a message was written, so that nobody waits for the next look at the table. Call it after the commit.</summary>
public sealed class MailSignal
{
    readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is something to send.</summary>
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

/// <summary>Told, in the transaction that removes the message, of what the mail server refused for good.</summary>
public interface IRefusedMail<in TContext> where TContext : DbContext
{
    /// <summary>Takes the consequences, such as never writing to the address again.</summary>
    Task HandleAsync(TContext db, QueuedMail mail, MailRefusedException reason, CancellationToken cancel);
}

/// <summary>
/// Sends what is in the outbox. A message stays until the mail server has taken it: 2, 4, 8 … seconds between attempts, five minutes at
/// most, for three days; one that is refused for good goes at once. Several replicas share the work: each takes a row that no other has locked.
/// </summary>
public sealed partial class MailRelay<TContext>(
    IServiceScopeFactory scopes, IMailSender sender, MailSignal signal, TimeProvider time, ILogger<MailRelay<TContext>> log) : BackgroundService
    where TContext : DbContext
{
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Look = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(5), GiveUp = TimeSpan.FromDays(3);

    /// <inheritdoc/>
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
        var next = await scope.ServiceProvider.GetRequiredService<TContext>().Set<QueuedMail>().MinAsync(message => (DateTimeOffset?)message.NextAttemptTime, cancel);
        return next - time.GetUtcNow() is not { } left || left > Look ? Look : left < Shortest ? Shortest : left;
    }

    /// <summary>Sends the message that is due first; false when none is.</summary>
    async Task<bool> SendNextAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var now = time.GetUtcNow();
            var due = await db.Set<QueuedMail>().FromSql($"select * from mail_messages where next_attempt_time <= {now} order by next_attempt_time limit 1 for update skip locked")
                .ToListAsync(cancel);
            if (due is not [var message])
                return false;

            try
            {
                await sender.SendAsync(message.ToOutgoing(), cancel);
                db.Remove(message);
            }
            catch (MailRefusedException refusal) when (refusal.IsPermanent)
            {
                db.Remove(message);
                LogRefused(message.Id, refusal.Message);
                if (scope.ServiceProvider.GetService<IRefusedMail<TContext>>() is { } handler) await handler.HandleAsync(db, message, refusal, cancel);
            }
            catch (Exception problem) when (!cancel.IsCancellationRequested)
            {
                message.Attempts++;
                if (now - message.CreateTime > GiveUp)
                {
                    db.Remove(message);
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

    [LoggerMessage(LogLevel.Warning, "Mail {MessageId} was refused for good: {Reason}")]
    partial void LogRefused(Guid messageId, string reason);

    [LoggerMessage(LogLevel.Error, "Mail {MessageId} was given up after {Attempts} attempts")]
    partial void LogGivenUp(Exception problem, Guid messageId, int attempts);
}

/// <summary>Registration of mail.</summary>
public static class MailRegistration
{
    /// <summary>The sender, and a relay of the table <c>mail_messages</c> in the database of <typeparamref name="TContext"/>.</summary>
    public static IHostApplicationBuilder AddMail<TContext>(this IHostApplicationBuilder builder) where TContext : DbContext
    {
        builder.Services.AddSingleton<MailSignal>();
        builder.Services.TryAddSingleton(_ => MailOptions.Read(builder.Configuration));
        builder.Services.TryAddSingleton<IMailSender, SmtpMailSender>();
        builder.Services.AddHostedService<MailRelay<TContext>>();
        return builder;
    }

    /// <summary>Maps <see cref="QueuedMail"/> to the table <c>mail_messages</c>.</summary>
    public static ModelBuilder MapQueuedMail(this ModelBuilder model)
    {
        var entity = model.Entity<QueuedMail>();
        entity.ToTable("mail_messages").HasKey(message => message.Id);
        foreach (var property in entity.Metadata.GetProperties()) property.SetColumnName(SnakeCaseColumns.ColumnName(property.Name));
        return model;
    }
}
