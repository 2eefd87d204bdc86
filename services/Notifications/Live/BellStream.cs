using System.Threading.Channels;
using Blog.Notifications.Bells;
using Blog.Notifications.Data;
using Blog.Notifications.ReadModels;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Live;

/// <summary>
/// The bells that one stream shows. What is to be looked at again is collected, and read from the database for hundreds at once: a reconnect of
/// thousands costs a few queries.
/// </summary>
sealed class BellStream(IServiceScopeFactory scopes)
{
    const int PeopleAtOnce = 200;
    /// <summary>Who missed more than this loads the list anew.</summary>
    const int MaxChanges = 50;

    readonly Dictionary<long, Subscription> subscriptions = [];
    readonly Dictionary<Guid, HashSet<long>> byPerson = [];
    readonly HashSet<Guid> ringing = [];
    readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    sealed class Subscription(Guid person, long? after)
    {
        public Guid Person => person;
        /// <summary>What the other side has; null: it wants what comes from now on.</summary>
        public long? Sent { get; set; } = after;
        public bool Begun { get; set; }
    }

    /// <param name="after">The last sequence the other side saw; null: from now on.</param>
    public void Subscribe(long id, Guid person, long? after)
    {
        lock (subscriptions)
        {
            subscriptions[id] = new(person, after);
            if (!byPerson.TryGetValue(person, out var own))
                byPerson[person] = own = [];
            own.Add(id);
            ringing.Add(person);
        }
        wake.Writer.TryWrite(true);
    }

    public void Unsubscribe(long id)
    {
        lock (subscriptions)
            if (subscriptions.Remove(id, out var gone) && byPerson.TryGetValue(gone.Person, out var own) && own.Remove(id) && own.Count == 0)
                byPerson.Remove(gone.Person);
    }

    public void Ring(Guid person)
    {
        lock (subscriptions)
        {
            if (!byPerson.ContainsKey(person))
                return;
            ringing.Add(person);
        }
        wake.Writer.TryWrite(true);
    }

    public void RingAll()
    {
        lock (subscriptions)
            ringing.UnionWith(byPerson.Keys);
        wake.Writer.TryWrite(true);
    }

    /// <summary>The next updates, when there are any.</summary>
    public async IAsyncEnumerable<V1.WatchResponse> UpdatesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        while (await wake.Reader.WaitToReadAsync(cancel))
        {
            wake.Reader.TryRead(out _);
            while (Take() is { Length: > 0 } people)
            {
                V1.WatchResponse response;
                try
                {
                    response = await LookAsync(people, cancel);
                }
                catch
                {
                    // The stream ends, and whoever opens the next one says where it was.
                    wake.Writer.TryComplete();
                    throw;
                }
                if (response.Updates.Count > 0)
                    yield return response;
            }
        }
    }

    Guid[] Take()
    {
        lock (subscriptions)
        {
            Guid[] people = [.. ringing.Take(PeopleAtOnce)];
            ringing.ExceptWith(people);
            return people;
        }
    }

    async Task<V1.WatchResponse> LookAsync(Guid[] people, CancellationToken cancel)
    {
        var after = new long[people.Length];
        lock (subscriptions)
            for (var i = 0; i < people.Length; i++)
                after[i] = byPerson.TryGetValue(people[i], out var own) ? own.Min(id => subscriptions[id].Sent ?? long.MaxValue) : long.MaxValue;

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        // The bells first: a change that comes in between has a later sequence, is left out here and rings again.
        var bells = (await db.Set<Bell>().AsNoTracking().Where(b => people.Contains(b.PersonId)).ToListAsync(cancel)).ToDictionary(b => b.PersonId);
        var changes = (await db.Set<Notification>().FromSql($"""
            select n.* from unnest({people}, {after}) as asked (person_id, after)
            cross join lateral (select * from notifications n where n.person_id = asked.person_id and n.sequence > asked.after order by n.sequence limit {MaxChanges + 1}) n
            """).AsNoTracking().ToListAsync(cancel)).ToLookup(n => n.PersonId);
        var articleIds = changes.SelectMany(own => own).Select(n => n.ArticleId).Where(id => id is not null).Distinct().ToArray();
        var articles = articleIds.Length == 0 ? [] : await db.Set<KnownArticle>().AsNoTracking().Where(a => articleIds.Contains(a.ArticleId)).ToDictionaryAsync(a => a.ArticleId, cancel);

        var response = new V1.WatchResponse();
        lock (subscriptions)
            foreach (var person in people.Where(byPerson.ContainsKey))
            {
                var bell = bells.GetValueOrDefault(person) ?? new Bell { PersonId = person };
                foreach (var id in byPerson[person])
                    if (UpdateOf(id, subscriptions[id], bell, changes[person], articles) is { } update)
                        response.Updates.Add(update);
            }
        return response;
    }

    static V1.WatchResponse.Types.Update? UpdateOf(long id, Subscription subscription, Bell bell, IEnumerable<Notification> changes, Dictionary<Guid, KnownArticle> articles)
    {
        if (subscription.Begun && bell.Sequence <= subscription.Sent)
            return null;
        var update = new V1.WatchResponse.Types.Update { Subscription = id, Bell = bell.ToMessage() };
        var from = subscription.Sent;
        (subscription.Begun, subscription.Sent) = (true, bell.Sequence);
        if (from is not { } seen)
            return update;
        var missed = changes.Where(n => n.Sequence > seen && n.Sequence <= bell.Sequence).ToList();
        // A sequence from the future was given out by a database that has since lost it.
        if (missed.Count > MaxChanges || seen > bell.Sequence)
            update.Reset = true;
        else
            update.Changes.Add(missed.Select(n => n.ToMessage(bell, n.ArticleId is { } article ? articles.GetValueOrDefault(article) : null)));
        return update;
    }
}
