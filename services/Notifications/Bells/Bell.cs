using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Bells;

/// <summary>
/// The numbers at a person's bell. Whoever changes anything in the person's list locks this row first (several people: in the order of their
/// ids) and takes the next sequence; so changes become visible in the order of their sequence, and a reader resumes after the last one it saw.
/// </summary>
sealed class Bell
{
    public required Guid PersonId { get; init; }
    public long Sequence { get; set; }
    public int Unread { get; set; }
    public int Unseen { get; set; }
    public long SeenPosition { get; set; }
    public long ReadPosition { get; set; }
    public int Kept { get; set; }

    /// <summary>Counts as unread at the bell: in the site, not withdrawn, not read.</summary>
    public bool CountsUnread(Notification n) => n.InApp && n.ActorCount > 0 && IsUnread(n);

    public bool IsUnread(Notification n) => !n.Read && n.Position > ReadPosition;

    public bool CountsUnseen(Notification n) => CountsUnread(n) && n.Position > SeenPosition;

    /// <summary>Carries out a change of a notification and keeps the numbers true.</summary>
    public void Change(Notification n, Action change)
    {
        var (unread, unseen) = (CountsUnread(n), CountsUnseen(n));
        n.Sequence = ++Sequence;
        change();
        Unread += (CountsUnread(n) ? 1 : 0) - (unread ? 1 : 0);
        Unseen += (CountsUnseen(n) ? 1 : 0) - (unseen ? 1 : 0);
    }

    /// <summary>A new notification, whose sequence and position this sets.</summary>
    public void Add(Notification n)
    {
        n.Position = n.Sequence = ++Sequence;
        Kept++;
        Unread += CountsUnread(n) ? 1 : 0;
        Unseen += CountsUnseen(n) ? 1 : 0;
    }

    public V1.Bell ToMessage() => new() { Sequence = Sequence, Unread = Unread, Unseen = Unseen, ReadPosition = ReadPosition };
}

sealed class BellConfiguration : IEntityTypeConfiguration<Bell>
{
    public void Configure(EntityTypeBuilder<Bell> bell)
    {
        bell.ToTable("bells").HasKey(b => b.PersonId);
        bell.Property(b => b.PersonId).ValueGeneratedNever();
    }
}

static class Bells
{
    /// <summary>The bells of these people, locked until the end of the transaction; made where there is none. Locks are taken in the order of ids.</summary>
    public static async Task<List<Bell>> LockBellsAsync(this DbContext db, IEnumerable<Guid> people, CancellationToken cancel)
    {
        var ids = people.Distinct().ToArray();
        await db.Database.ExecuteSqlAsync($"insert into bells (person_id) select id from unnest({ids}) id order by id on conflict do nothing", cancel);
        return await db.Set<Bell>().FromSql($"select * from bells where person_id = any({ids}) order by person_id for update").ToListAsync(cancel);
    }
}
