using Blog.Notifications.Bells;
using Blog.Notifications.Choices;
using Blog.Notifications.Data;
using Blog.Notifications.Deliveries;
using Blog.ServiceDefaults.ReadModels;
using Microsoft.EntityFrameworkCore;
using Kind = Blog.Notifications.V1.NotificationKind;

namespace Blog.Notifications.Telling;

/// <summary>
/// Turns what happened into what people are told: who is told at all, what is grouped, which channels it takes and when. Works on a batch in the
/// caller's transaction: a dozen queries however many people are concerned.
/// </summary>
sealed class Teller(NotificationsDbContext db, TimeProvider time)
{
    /// <summary>A group takes in others for as long as this since it began.</summary>
    static readonly TimeSpan GroupWindow = TimeSpan.FromDays(7);

    readonly Dictionary<Guid, Bell> bells = [];
    readonly Dictionary<(Guid Person, Guid Other), Relation> relations = [];
    readonly Dictionary<Guid, Preferences> preferences = [];
    readonly Dictionary<(Guid Person, Kind Kind, V1.Channel Channel), bool> choices = [];
    readonly HashSet<(Guid Person, Guid Article)> mutedArticles = [];
    readonly HashSet<Guid> pushReaches = [];
    readonly Dictionary<(Guid Person, Kind Kind, Guid Subject), List<Notification>> lists = [];
    readonly Dictionary<(Guid Person, Kind Kind, Guid Subject, Guid Act), Act> acts = [];

    /// <summary>Applies the tellings in their order. The caller saves and commits.</summary>
    public async Task ApplyAsync(IReadOnlyList<PendingTelling> tellings, CancellationToken cancel)
    {
        await LoadAsync(tellings, cancel);
        foreach (var telling in tellings)
            switch (telling.Act)
            {
                case TellingAct.Tell:
                    await TellAsync(telling, cancel);
                    break;
                case TellingAct.Withdraw:
                    await WithdrawAsync(telling, cancel);
                    break;
                case TellingAct.WithdrawActor:
                    await WithdrawActorAsync(telling, cancel);
                    break;
                case TellingAct.Edit:
                    if (Find(telling) is { } known)
                        bells[telling.PersonId].Change(known, () => known.Excerpt = telling.Excerpt);
                    break;
            }
    }

    /// <summary>One row for all of it: thirteen people who clapped. The others say something each.</summary>
    static bool IsGrouped(Kind kind) => kind is Kind.NewFollower or Kind.Claps or Kind.Highlight or Kind.ReviewComment;

    async Task LoadAsync(IReadOnlyList<PendingTelling> tellings, CancellationToken cancel)
    {
        var people = tellings.Select(t => t.PersonId).Distinct().ToArray();
        foreach (var bell in await db.LockBellsAsync(people, cancel))
            bells[bell.PersonId] = bell;

        var actors = tellings.Select(t => t.ActorId).Distinct().ToArray();
        foreach (var relation in await db.Set<Relation>().AsNoTracking()
            .Where(r => (people.Contains(r.PersonId) && actors.Contains(r.OtherId)) || (actors.Contains(r.PersonId) && people.Contains(r.OtherId))).ToListAsync(cancel))
            relations[(relation.PersonId, relation.OtherId)] = relation;

        foreach (var wishes in await db.Set<Preferences>().AsNoTracking().Where(p => people.Contains(p.PersonId)).ToListAsync(cancel))
            preferences[wishes.PersonId] = wishes;
        foreach (var choice in await db.Set<Choice>().AsNoTracking().Where(c => people.Contains(c.PersonId)).ToListAsync(cancel))
            choices[(choice.PersonId, choice.Kind, choice.Channel)] = choice.Enabled;
        var articles = tellings.Where(t => t.ArticleId is not null).Select(t => t.ArticleId!.Value).Distinct().ToArray();
        foreach (var muted in await db.Set<MutedArticle>().AsNoTracking().Where(m => people.Contains(m.PersonId) && articles.Contains(m.ArticleId)).ToListAsync(cancel))
            mutedArticles.Add((muted.PersonId, muted.ArticleId));
        pushReaches.UnionWith(await db.Set<Reachable>().Where(r => people.Contains(r.PersonId) && r.Channel == V1.Channel.Push).Select(r => r.PersonId).ToListAsync(cancel));

        var subjects = tellings.Select(t => t.SubjectId).Distinct().ToArray();
        foreach (var known in await db.Set<Notification>().Where(n => subjects.Contains(n.SubjectId) && people.Contains(n.PersonId)).OrderBy(n => n.CreateTime).ToListAsync(cancel))
            Remember(known);
        var grouped = tellings.Where(t => IsGrouped(t.Kind)).ToArray();
        if (grouped.Length == 0)
            return;
        var (groupedPeople, groupedSubjects, actIds) = (Distinct(grouped, t => t.PersonId), Distinct(grouped, t => t.SubjectId), Distinct(grouped, t => t.ActId));
        foreach (var act in await db.Set<Act>().Where(a => groupedPeople.Contains(a.PersonId) && groupedSubjects.Contains(a.SubjectId) && actIds.Contains(a.ActId)).ToListAsync(cancel))
            acts[(act.PersonId, act.Kind, act.SubjectId, act.ActId)] = act;
    }

    static Guid[] Distinct(IEnumerable<PendingTelling> tellings, Func<PendingTelling, Guid> id) => [.. tellings.Select(id).Distinct()];

    void Remember(Notification notification)
    {
        var key = (notification.PersonId, notification.Kind, notification.SubjectId);
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        list.Add(notification);
    }

    /// <summary>The last one about this subject.</summary>
    Notification? Find(PendingTelling telling) => lists.TryGetValue((telling.PersonId, telling.Kind, telling.SubjectId), out var list) ? list[^1] : null;

    Act? FindAct(PendingTelling telling) => acts.GetValueOrDefault((telling.PersonId, telling.Kind, telling.SubjectId, telling.ActId));

    bool IsUnwanted(PendingTelling telling)
    {
        if (telling.ArticleId is { } article && mutedArticles.Contains((telling.PersonId, article)))
            return true;
        return relations.GetValueOrDefault((telling.PersonId, telling.ActorId)) is { } own && (own.Muted || own.Blocked)
            || relations.GetValueOrDefault((telling.ActorId, telling.PersonId)) is { Blocked: true };
    }

    bool Wants(Guid person, Kind kind, V1.Channel channel) => choices.TryGetValue((person, kind, channel), out var chosen) ? chosen : Choice.IsOnByDefault(kind, channel);

    async Task TellAsync(PendingTelling telling, CancellationToken cancel)
    {
        if (!time.IsNews(telling.Time) || IsUnwanted(telling))
            return;
        if (IsGrouped(telling.Kind))
            await JoinAsync(telling, cancel);
        else if (Find(telling) is { } known)
            bells[telling.PersonId].Change(known, () => (known.ActorCount, known.Excerpt) = (1, telling.Excerpt));
        else
            Begin(telling);
    }

    async Task JoinAsync(PendingTelling telling, CancellationToken cancel)
    {
        var open = Find(telling) is { } last && telling.Time - last.CreateTime < GroupWindow ? last : null;
        var act = FindAct(telling);
        if (act is { Withdrawn: false })
            return;
        if (act is not null && open is not null && act.NotificationId == open.Id)
        {
            // Taken back and done again: as if it had never been taken back, so that nobody rings by clicking to and fro.
            var alone = !await HasOtherActAsync(open, telling, cancel);
            bells[telling.PersonId].Change(open, () =>
            {
                (act.Withdrawn, act.Excerpt) = (false, telling.Excerpt);
                if (open.IsWithdrawn && telling.Excerpt is not "")
                    open.Excerpt = telling.Excerpt;
                if (alone)
                    open.ActorCount++;
                Show(open, telling.ActorId, first: false);
            });
            return;
        }

        if (open is null)
            open = Begin(telling);
        else
        {
            var joins = !await HasOtherActAsync(open, telling, cancel);
            bells[telling.PersonId].Change(open, () =>
            {
                if (joins)
                    open.ActorCount++;
                Show(open, telling.ActorId, first: true);
                if (telling.Excerpt is not "")
                    open.Excerpt = telling.Excerpt;
                open.Read = false;
                open.Position = open.Sequence;
                open.UpdateTime = telling.Time;
            });
        }
        if (act is not null)
            (act.NotificationId, act.Withdrawn, act.Time, act.Excerpt) = (open.Id, false, telling.Time, telling.Excerpt);
        else
        {
            act = new Act
            {
                PersonId = telling.PersonId, Kind = telling.Kind, SubjectId = telling.SubjectId, ActId = telling.ActId,
                ActorId = telling.ActorId, NotificationId = open.Id, Time = telling.Time, Excerpt = telling.Excerpt,
            };
            acts[(act.PersonId, act.Kind, act.SubjectId, act.ActId)] = act;
            db.Add(act);
        }
    }

    static void Show(Notification notification, Guid actor, bool first)
    {
        var others = notification.Actors.Where(shown => shown != actor).ToList();
        if (!first && others.Count >= Notification.ShownActors)
            return;
        others.Insert(first ? 0 : others.Count, actor);
        notification.Actors = [.. others.Take(Notification.ShownActors)];
    }

    Notification Begin(PendingTelling telling)
    {
        var person = telling.PersonId;
        var wishes = preferences.GetValueOrDefault(person) ?? Preferences.Default(person);
        var notification = new Notification
        {
            PersonId = person,
            Id = Guid.CreateVersion7(telling.Time),
            Kind = telling.Kind,
            SubjectId = telling.SubjectId,
            ArticleId = telling.ArticleId,
            ResponseId = telling.ResponseId,
            Actors = [telling.ActorId],
            ActorCount = 1,
            Excerpt = telling.Excerpt,
            InApp = Wants(person, telling.Kind, V1.Channel.InApp),
            CreateTime = telling.Time,
            UpdateTime = telling.Time,
        };
        var now = time.GetUtcNow();
        var mail = Wants(person, telling.Kind, V1.Channel.Email);
        var push = Wants(person, telling.Kind, V1.Channel.Push) && pushReaches.Contains(person);
        bells[person].Add(notification);
        db.Add(notification);
        Remember(notification);
        if (mail)
            Deliver(V1.Channel.Email, DueTime.OfMail(now, wishes));
        if (push)
            Deliver(V1.Channel.Push, DueTime.AfterQuietHours(now, wishes));
        return notification;

        void Deliver(V1.Channel channel, DateTimeOffset due) => db.Add(new Delivery
        {
            PersonId = person, NotificationId = notification.Id, Channel = channel, State = DeliveryState.Waiting, DueTime = due, UpdateTime = now,
        });
    }

    async Task WithdrawAsync(PendingTelling telling, CancellationToken cancel)
    {
        if (!IsGrouped(telling.Kind))
        {
            if (Find(telling) is { IsWithdrawn: false } known)
                bells[telling.PersonId].Change(known, () => known.ActorCount = 0);
            return;
        }
        if (FindAct(telling) is not { Withdrawn: false } act
            || lists.GetValueOrDefault((act.PersonId, act.Kind, act.SubjectId))?.Find(n => n.Id == act.NotificationId) is not { } group)
            return;
        await LeaveAsync(group, [act], cancel);
    }

    /// <summary>Takes acts of one actor out of their group.</summary>
    async Task LeaveAsync(Notification group, IReadOnlyCollection<Act> leaving, CancellationToken cancel)
    {
        foreach (var act in leaving)
            (act.Withdrawn, act.Excerpt) = (true, "");
        var rest = await LiveActsAsync(group, cancel);
        var actor = leaving.First().ActorId;
        var left = rest.All(act => act.ActorId != actor);
        bells[group.PersonId].Change(group, () =>
        {
            // What was taken back is not quoted any more; what was said before it is.
            group.Excerpt = rest.Where(act => act.Excerpt is not "").MaxBy(act => act.Time)?.Excerpt ?? "";
            if (!left)
                return;
            group.ActorCount = Math.Max(0, group.ActorCount - 1);
            group.Actors = [.. rest.OrderByDescending(act => act.Time).Select(act => act.ActorId).Distinct().Take(Notification.ShownActors)];
            if (rest.Count == 0)
                (group.ActorCount, group.Actors) = (0, [actor]);
        });
    }

    async Task WithdrawActorAsync(PendingTelling telling, CancellationToken cancel)
    {
        var (person, actor) = (telling.PersonId, telling.ActorId);
        var own = await db.Set<Act>().Where(a => a.PersonId == person && a.ActorId == actor && !a.Withdrawn).ToListAsync(cancel);
        own = [.. own.Where(act => !act.Withdrawn).Union(db.Set<Act>().Local.Where(a => a.PersonId == person && a.ActorId == actor && !a.Withdrawn))];
        foreach (var acts in own.GroupBy(act => act.NotificationId))
            if (await db.Set<Notification>().FindAsync([person, acts.Key], cancel) is { } group)
                await LeaveAsync(group, [.. acts], cancel);
        var said = await db.Set<Notification>().Where(n => n.PersonId == person && n.ActorCount > 0 && n.Actors.Contains(actor)).ToListAsync(cancel);
        foreach (var notification in said.Union(db.Set<Notification>().Local.Where(n => n.PersonId == person && n.ActorCount > 0 && n.Actors.Contains(actor))).ToList())
            if (!IsGrouped(notification.Kind) && !notification.IsWithdrawn)
                bells[person].Change(notification, () => notification.ActorCount = 0);
    }

    /// <summary>Whether the actor is in the group by another act already: two highlights are one person.</summary>
    async Task<bool> HasOtherActAsync(Notification group, PendingTelling telling, CancellationToken cancel)
    {
        if (telling.ActId == telling.ActorId)
            return false;
        return db.Set<Act>().Local.Any(a => a.NotificationId == group.Id && a.ActorId == telling.ActorId && a.ActId != telling.ActId && !a.Withdrawn)
            || (await db.Set<Act>().Where(a => a.PersonId == group.PersonId && a.NotificationId == group.Id && a.ActorId == telling.ActorId && a.ActId != telling.ActId)
                .ToListAsync(cancel)).Exists(a => !a.Withdrawn);
    }

    /// <summary>The last acts of a group as this batch leaves them, enough to show some.</summary>
    async Task<List<Act>> LiveActsAsync(Notification group, CancellationToken cancel)
    {
        var changed = db.Set<Act>().Local.Where(a => a.PersonId == group.PersonId && a.NotificationId == group.Id).ToList();
        var known = changed.ConvertAll(a => a.ActId);
        var stored = await db.Set<Act>().AsNoTracking()
            .Where(a => a.PersonId == group.PersonId && a.NotificationId == group.Id && !a.Withdrawn && !known.Contains(a.ActId))
            .OrderByDescending(a => a.Time).Take(20).ToListAsync(cancel);
        return [.. changed.Where(a => !a.Withdrawn), .. stored];
    }
}
