using System.Collections.Concurrent;
using System.Net.Mail;

namespace Blog.ServiceDefaults.Mail;

/// <summary>Sends over as many connections as are asked for at once, and keeps idle ones for the next message.</summary>
public sealed class SmtpMailSender(MailOptions options, TimeProvider time) : IMailSender, IAsyncDisposable
{
    /// <summary>The longest a message may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    readonly ConcurrentBag<(SmtpConnection Connection, long Since)> idle = [];

    /// <inheritdoc/>
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancel)
    {
        if (!MailAddress.TryCreate(mail.Recipient, out var recipient)) throw new MailRefusedException(553, "5.1.3", ofRecipient: true);
        var message = MailFormat.Write(mail, options.From);
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            while (true)
            {
                var (connection, isKept) = await TakeAsync(either.Token);
                try
                {
                    await connection.SendAsync(options.From.Address, recipient.Address, message, either.Token);
                    return;
                }
                catch (IOException) when (isKept && !connection.MayHaveTaken)
                {
                    // The server had closed an idle connection; a new one will tell whether it is there.
                }
                finally
                {
                    if (connection.IsUsable) idle.Add((connection, time.GetTimestamp()));
                    else await connection.DisposeAsync();
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"The mail server did not answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (System.Net.Sockets.SocketException problem)
        {
            throw new IOException($"The mail server cannot be reached: {problem.Message}", problem);
        }
    }

    async Task<(SmtpConnection Connection, bool IsKept)> TakeAsync(CancellationToken cancel)
    {
        while (idle.TryTake(out var kept))
        {
            if (time.GetElapsedTime(kept.Since) < LongestIdle) return (kept.Connection, true);
            await kept.Connection.DisposeAsync();
        }
        return (await SmtpConnection.OpenAsync(options.Server, options.From.Host, cancel), false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (idle.TryTake(out var kept)) await kept.Connection.DisposeAsync();
    }
}
