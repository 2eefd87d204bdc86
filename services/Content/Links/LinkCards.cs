using System.Text.Json;
using Blog.Content.Data;
using Blog.Content.Text;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Links;

/// <summary>What is known of addresses, and what articles wait for.</summary>
sealed class LinkCards(ContentDbContext db, LinkFinder finder, TimeProvider time)
{
    /// <summary>Before an address is asked again that did not answer.</summary>
    static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)];

    /// <summary>After which somebody who writes the address anew has it asked anew.</summary>
    static readonly TimeSpan Stale = TimeSpan.FromDays(7);

    /// <summary>What is known of the addresses, without asking anybody.</summary>
    public static async Task<IReadOnlyDictionary<string, LinkCard>> KnownAsync(ContentDbContext db, IReadOnlyCollection<string> addresses, CancellationToken cancel)
    {
        if (addresses.Count == 0)
            return new Dictionary<string, LinkCard>();
        var known = await db.Links.AsNoTracking().Where(link => addresses.Contains(link.Address) && link.Card != null).Select(link => new { link.Address, link.Card }).ToListAsync(cancel);
        return known.ToDictionary(link => link.Address, link => Read(link.Card!), StringComparer.Ordinal);
    }

    /// <summary>Those addresses that nobody asked about yet.</summary>
    public static async Task<IReadOnlyList<string>> UnknownAsync(ContentDbContext db, IReadOnlyList<string> addresses, CancellationToken cancel) =>
        addresses.Count == 0 ? [] : [.. addresses.Except(await db.Links.Where(link => addresses.Contains(link.Address) && link.AskTime != null).Select(link => link.Address).ToListAsync(cancel))];

    /// <summary>What an address leads to, asked now unless it is known.</summary>
    /// <param name="address">In the form of <see cref="LinkAddress"/>.</param>
    /// <param name="again">Ask even though it is known.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Without a card: why it stays a link.</returns>
    public async Task<(LinkCard? Card, string Problem)> ResolveAsync(string address, bool again, CancellationToken cancel)
    {
        var link = await db.Links.AsNoTracking().SingleOrDefaultAsync(known => known.Address == address, cancel);
        var isFresh = link is { State: LinkAnswer.Known } || link is { State: LinkAnswer.Nothing, AskTime: { } asked } && asked > time.GetUtcNow() - Stale;
        return isFresh && !again ? (link!.Card is { } card ? Read(card) : null, link.Problem) : await AskAsync(address, link?.Attempts ?? 0, cancel);
    }

    async Task<(LinkCard? Card, string Problem)> AskAsync(string address, short attempts, CancellationToken cancel)
    {
        try
        {
            var card = await finder.FindAsync(address, cancel);
            await KeepAsync(address, LinkAnswer.Known, JsonSerializer.Serialize(card), "", null, cancel);
            return (card, "");
        }
        catch (LinkRefusedException refused)
        {
            DateTimeOffset? due = refused.MayPass && attempts < Pauses.Length ? time.GetUtcNow() + Pauses[attempts] : null;
            await KeepAsync(address, due is null ? LinkAnswer.Nothing : LinkAnswer.Wanted, null, refused.Message, due, cancel);
            return (null, refused.Message);
        }
    }

    // What was known stays when it cannot be asked again.
    async Task KeepAsync(string address, LinkAnswer state, string? card, string problem, DateTimeOffset? due, CancellationToken cancel) => await db.Database.ExecuteSqlAsync(
        $"""
        insert into links (address, state, card, problem, ask_time, due_time, attempts) values ({address}, {(short)state}, {card}::jsonb, {problem}, {time.GetUtcNow()}, {due}, 1)
        on conflict (address) do update set
            state = case when excluded.card is null and links.card is not null then links.state else excluded.state end,
            card = coalesce(excluded.card, links.card), problem = excluded.problem, ask_time = excluded.ask_time,
            due_time = case when links.card is null then excluded.due_time end, attempts = case when excluded.card is null then least(links.attempts + 1, 100) else 0 end
        """, cancel);

    /// <summary>Adds to the change being made: these addresses of what readers have wait for their cards, and no others of the article.</summary>
    public async Task AwaitAsync(Guid article, IReadOnlyList<string> addresses, CancellationToken cancel)
    {
        var (now, stale, asked) = (time.GetUtcNow(), time.GetUtcNow() - Stale, addresses.ToArray());
        await db.Database.ExecuteSqlAsync($"delete from waiting_links where article_id = {article}", cancel);
        if (asked.Length == 0)
            return;
        // In one order, so that two articles that wait for the same addresses do not wait for each other.
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into links (address, state, due_time) select address, 1, {now} from unnest({asked}) address order by address
            on conflict (address) do update set state = 1, due_time = excluded.due_time, attempts = 0 where links.state = 3 and links.ask_time < {stale}
            """, cancel);
        // One that became known since the article was rendered waits, too: for the worker's next look.
        await db.Database.ExecuteSqlAsync($"insert into waiting_links (article_id, address) select {article}, address from links where address = any({asked}) and state <> 3", cancel);
    }

    static LinkCard Read(string card) => JsonSerializer.Deserialize<LinkCard>(card)!;
}
