using Blog.Identity.Data;
using Blog.ServiceDefaults.Mail;
using Microsoft.EntityFrameworkCore;

namespace Blog.Identity.Mail;

/// <summary>
/// At most five messages an hour to one address, whoever asks for them: the forms that send them are open to everyone. The page says the
/// same as ever; the messages that were sent before still work.
/// </summary>
sealed class MailLimit(AccountsDbContext db, TimeProvider time)
{
    public const int PerHour = 5;

    /// <summary>Counts one request; false when it is one too many.</summary>
    public async Task<bool> TryTakeAsync(string email, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var hash = EmailAddress.Hash(email);
        var hourAgo = now.AddHours(-1);
        await db.Database.ExecuteSqlAsync($"delete from mail_requests where request_time < {hourAgo}", cancel);
        return await db.Database.ExecuteSqlAsync($"""
            insert into mail_requests (address_hash, request_time)
            select {hash}, {now} where (select count(*) from mail_requests where address_hash = {hash}) < {PerHour}
            """, cancel) == 1;
    }
}
