using System.Security.Cryptography;
using System.Text;
using Blog.Identity.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Identity.Accounts;

/// <summary>Wrong passwords given for one e-mail address.</summary>
public sealed class SignInFailures
{
    public required byte[] AddressHash { get; init; }
    public int Failures { get; set; }
    public DateTimeOffset LastTime { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
}

/// <summary>
/// Ten wrong passwords lock an address for a quarter of an hour. It counts by address and not by account, in the same way when
/// nobody has the address, so that neither the lock nor its absence tells who has an account here.
/// </summary>
sealed class SignInLock(AccountsDbContext db, TimeProvider time)
{
    public const int MaxFailures = 10;
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(15);

    static byte[] Hash(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToUpperInvariant()));

    /// <summary>Until when the address is locked; null when it is not.</summary>
    public async Task<DateTimeOffset?> LockedUntilAsync(string email, CancellationToken cancel)
    {
        var hash = Hash(email);
        var until = await db.SignInFailures.Where(row => row.AddressHash == hash).Select(row => row.LockedUntil).SingleOrDefaultAsync(cancel);
        return until > time.GetUtcNow() ? until : null;
    }

    /// <summary>
    /// Counts one attempt before its password is looked at, in one statement, so that parallel attempts cannot outrun the count.
    /// False when the address is locked; the tenth attempt is still answered and locks what follows, unless <see cref="ClearAsync"/> is called.
    /// </summary>
    public async Task<bool> TryCountAsync(string email, CancellationToken cancel)
    {
        var (hash, now) = (Hash(email), time.GetUtcNow());
        var (forgotten, until) = (now - Duration, now + Duration);
        var counted = await db.Database.ExecuteSqlAsync($"""
            insert into sign_in_failures as f (address_hash, failures, last_time, locked_until) values ({hash}, 1, {now}, null)
            on conflict (address_hash) do update set
                failures = case when f.last_time < {forgotten} then 1 else f.failures + 1 end,
                locked_until = case when f.last_time >= {forgotten} and f.failures + 1 >= {MaxFailures} then {until}::timestamptz end,
                last_time = {now}
            where f.locked_until is null or f.locked_until <= {now}
            """, cancel);
        await db.SignInFailures.Where(row => row.LastTime < now.AddDays(-1)).ExecuteDeleteAsync(cancel);
        return counted == 1;
    }

    /// <summary>Forgets the failures: after a right password or a new one.</summary>
    public async Task ClearAsync(string email, CancellationToken cancel)
    {
        var hash = Hash(email);
        await db.SignInFailures.Where(row => row.AddressHash == hash).ExecuteDeleteAsync(cancel);
    }
}
