using System.Text;
using Blog.Content.V1;
using Blog.Notifications.Data;
using Blog.Notifications.V1;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Net;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using static Blog.Notifications.V1.RequestSubscriptionRequest.Types;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Notifications.WebSub;

/// <summary>blog.notifications.v1.Hub.</summary>
sealed class HubService(NotificationsDbContext db, PublicInternet internet, UsersClient users, Articles.ArticlesClient articles, IConfiguration configuration, TimeProvider time) : Hub.HubBase
{
    /// <summary>Section 5.1: "MUST be less than 200 bytes in length".</summary>
    const int MaxSecret = 199;

    /// <summary>Whoever asks in the name of a host that did not ask must not send it much.</summary>
    const int MaxWaitingOfHost = 20, MaxOfFeed = 10_000;

    static readonly TimeSpan ShortestLease = TimeSpan.FromHours(1), LongestLease = TimeSpan.FromDays(30), UsualLease = TimeSpan.FromDays(10);

    public override async Task<RequestSubscriptionResponse> RequestSubscription(RequestSubscriptionRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (request.Mode is not (Mode.Subscribe or Mode.Unsubscribe)) throw RpcErrors.InvalidArgument(("mode", "hub.mode is subscribe or unsubscribe."));
        if (FeedAddress.Read(request.Topic, configuration.PublicOrigin()) is not { } feed) throw NoFeed();
        if (await internet.ProblemAsync(request.Callback, cancel) is { } problem) throw RpcErrors.InvalidArgument(("callback", problem));
        if (Encoding.UTF8.GetByteCount(request.Secret) > MaxSecret || request.Secret.Contains('\0', StringComparison.Ordinal)) throw RpcErrors.InvalidArgument(("secret", $"A secret has up to {MaxSecret} bytes."));
        if (request.LeaseSeconds < 0) throw RpcErrors.InvalidArgument(("lease_seconds", "A lease has a number of seconds."));

        var key = FeedAddress.KeyOf(request.Topic, request.Callback);
        var host = new Uri(request.Callback).IdnHost;
        // Ending needs no feed that is still there.
        var feedKey = request.Mode is Mode.Subscribe ? await FeedKeyAsync(feed, cancel) : "";
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // Counted one after the other.
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Locks}, hashtext({host}))", cancel);
            var waiting = await CountAsync($"select count(*)::int as \"Value\" from websub_requests where host = {host} and address_key <> {key}", cancel);
            if (waiting >= MaxWaitingOfHost) throw TooMany("Many requests to this host wait for its confirmation already. Try again in some minutes.");
            if (request.Mode is Mode.Subscribe
                && await CountAsync($"select count(*)::int as \"Value\" from websub_subscriptions where feed_kind = {(short)feed.Kind} and feed_key = {feedKey} and address_key <> {key}", cancel) >= MaxOfFeed)
                throw TooMany("This feed has as many subscribers as this hub can serve.");
            var now = time.GetUtcNow();
            var lease = request.LeaseSeconds == 0 ? UsualLease.TotalSeconds : Math.Clamp(request.LeaseSeconds, ShortestLease.TotalSeconds, LongestLease.TotalSeconds);
            await db.Database.ExecuteSqlAsync($"""
                insert into websub_requests (id, address_key, subscribe, topic, callback, host, feed_kind, feed_key, secret, lease_seconds, due_time, attempts)
                values ({Guid.CreateVersion7(now)}, {key}, {request.Mode is Mode.Subscribe}, {request.Topic}, {request.Callback}, {host}, {(short)feed.Kind}, {feedKey}, {request.Secret}, {(int)lease}, {now}, 0)
                on conflict (address_key) do update set id = excluded.id, subscribe = excluded.subscribe, feed_kind = excluded.feed_kind, feed_key = excluded.feed_key,
                    secret = excluded.secret, lease_seconds = excluded.lease_seconds, due_time = excluded.due_time, attempts = 0
                """, cancel);
            await transaction.CommitAsync(cancel);
        });
        return new();
    }

    // "wsub" in ASCII: the class of advisory locks, one per host.
    const int Locks = 0x77737562;

    async Task<int> CountAsync(FormattableString count, CancellationToken cancel) => (await db.Database.SqlQuery<int>(count).ToListAsync(cancel))[0];

    async Task<string> FeedKeyAsync(FeedAddress feed, CancellationToken cancel)
    {
        try
        {
            return feed.Kind switch
            {
                FeedKind.Person => (await users.GetProfileAsync(new() { Handle = feed.Name }, cancellationToken: cancel)).Profile.Id,
                FeedKind.Topic => (await articles.BatchGetTopicsAsync(new() { Slugs = { feed.Name } }, cancellationToken: cancel)).Topics is [var topic] ? topic.Slug : throw NoFeed(),
                _ => "",
            };
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.NotFound)
        {
            throw NoFeed();
        }
    }

    static RpcException NoFeed() => RpcErrors.InvalidArgument(("topic", "This hub tells of the feeds of this site only, by the address that each names as its own."));

    static RpcException TooMany(string text) => RpcErrors.Create(StatusCode.ResourceExhausted, text, "TOO_MANY_SUBSCRIPTIONS");
}
