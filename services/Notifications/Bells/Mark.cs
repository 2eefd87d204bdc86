using Blog.Notifications.Bells;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications;

partial class NotificationsService
{
    const int MaxIds = 100;

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.MarkSeenResponse> MarkSeen(V1.MarkSeenRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Caller(context), context.CancellationToken);
        var bell = await ChangeAsync(person, async bell =>
        {
            // Not into the future: what comes next has not been seen.
            var position = Math.Min(request.UpToPosition, bell.Sequence);
            if (position <= bell.SeenPosition)
                return;
            bell.SeenPosition = position;
            bell.Unseen = await Unread(person).CountAsync(n => n.Position > Math.Max(bell.ReadPosition, position), cancel);
            bell.Sequence++;
        }, cancel);
        return new() { Bell = bell.ToMessage() };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.MarkReadResponse> MarkRead(V1.MarkReadRequest request, ServerCallContext context)
    {
        if (request.Ids.Count > MaxIds)
            throw RpcErrors.InvalidArgument(("ids", $"Mark at most {MaxIds} at a time."));
        var (person, cancel) = (Caller(context), context.CancellationToken);
        var ids = request.Ids.Select(id => IdOf(id, "ids")).Distinct().ToArray();
        var bell = await ChangeAsync(person, async bell =>
        {
            var position = Math.Min(request.UpToPosition, bell.Sequence);
            if (position > bell.ReadPosition)
            {
                // One row, however many are read by it.
                bell.ReadPosition = position;
                bell.Unread = await Unread(person).CountAsync(n => n.Position > position, cancel);
                bell.Unseen = await Unread(person).CountAsync(n => n.Position > Math.Max(bell.SeenPosition, position), cancel);
                bell.Sequence++;
            }
            if (ids.Length > 0)
                foreach (var notification in await db.Set<Notification>().Where(n => n.PersonId == person && ids.Contains(n.Id)).ToListAsync(cancel))
                    if (bell.IsUnread(notification))
                        bell.Change(notification, () => notification.Read = true);
        }, cancel);
        return new() { Bell = bell.ToMessage() };
    }

    IQueryable<Notification> Unread(Guid person) => db.Set<Notification>().Where(n => n.PersonId == person && n.InApp && n.ActorCount > 0 && !n.Read);
}
