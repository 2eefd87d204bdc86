using System.Buffers.Binary;
using System.Buffers.Text;
using Blog.Notifications.Bells;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications;

partial class NotificationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListNotificationsResponse> ListNotifications(V1.ListNotificationsRequest request, ServerCallContext context)
    {
        var (person, size, cancel) = (Caller(context), PageToken.Size(request.PageSize), context.CancellationToken);
        // The bell first: what arrives in between is then after it, and the stream that resumes there brings it.
        var bell = await BellAsync(person, cancel);
        var list = db.Set<Notification>().AsNoTracking().Where(n => n.PersonId == person && n.InApp && n.ActorCount > 0);
        if (request.UnreadOnly)
            list = list.Where(n => !n.Read && n.Position > bell.ReadPosition);
        if (request.Kinds.Count > 0)
        {
            var kinds = request.Kinds.Distinct().ToArray();
            list = list.Where(n => kinds.Contains(n.Kind));
        }
        if (ReadPosition(request.PageToken) is { } from)
            list = list.Where(n => n.Position < from);
        var rows = await list.OrderByDescending(n => n.Position).Take(size + 1).ToListAsync(cancel);
        var articles = await ArticlesAsync(rows.Select(n => n.ArticleId), cancel);

        var response = new V1.ListNotificationsResponse { Bell = bell.ToMessage() };
        foreach (var row in rows.Take(size))
            response.Notifications.Add(row.ToMessage(bell, row.ArticleId is { } id ? articles.GetValueOrDefault(id) : null));
        if (rows.Count > size)
            response.NextPageToken = TokenOf(rows[size - 1].Position);
        return response;
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetBellResponse> GetBell(V1.GetBellRequest request, ServerCallContext context) =>
        new() { Bell = (await BellAsync(Caller(context), context.CancellationToken)).ToMessage() };

    static string TokenOf(long position)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position);
        return Base64Url.EncodeToString(bytes);
    }

    static long? ReadPosition(string token)
    {
        if (token.Length == 0)
            return null;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        return token.Length == 11 && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length == sizeof(long)
            ? BinaryPrimitives.ReadInt64BigEndian(bytes)
            : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
    }
}
