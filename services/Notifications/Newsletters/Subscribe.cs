using Blog.Events.V1;
using Blog.Notifications.Mail;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Mail;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Profile = Blog.Users.V1.Profile;

namespace Blog.Notifications.Newsletters;

sealed partial class NewslettersService
{
    /// <summary>Messages an hour to one address, whoever asks for them.</summary>
    const int RequestsPerHour = 5;

    public override async Task<SubscribeResponse> Subscribe(SubscribeRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var address = EmailAddress.Normalize(request.Email);
        if (EmailAddress.Problem(address) is { } problem) throw RpcErrors.InvalidArgument(("email", problem));
        if (request.Target is not FollowTarget.Person || !Guid.TryParse(request.TargetId, out var targetId)) throw RpcErrors.InvalidArgument(("target", "Only people have newsletters so far."));
        var author = (await users.GetProfileAsync(new() { Id = targetId.ToString() }, cancellationToken: cancel)).Profile;
        if (author.Unclaimed) throw RpcErrors.NotFound("Nobody writes here yet.");

        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var now = time.GetUtcNow();
            if (!await TryTakeRequestAsync(EmailAddress.Hash(address), now, cancel)) return;
            var key = Subscription.KeyOf(address);
            await db.Database.ExecuteSqlAsync($"""
                insert into newsletter_subscriptions (target_kind, target_id, id, address, address_key, state, create_time)
                values ({(short)request.Target}, {targetId}, {Guid.CreateVersion7(now)}, {address}, {key}, {(short)SubscriptionState.Pending}, {now}) on conflict do nothing
                """, cancel);
            var subscription = await db.Set<Subscription>().SingleAsync(s => s.TargetKind == request.Target && s.TargetId == targetId && s.AddressKey == key, cancel);
            // The week begins anew.
            if (subscription.State is SubscriptionState.Pending) subscription.CreateTime = now;
            db.Add(subscription.State is SubscriptionState.Active ? AlreadySubscribed(subscription, author, now) : PleaseConfirm(subscription, author, now));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        });
        signal.Wake();
        return new();
    }

    async Task<bool> TryTakeRequestAsync(byte[] hash, DateTimeOffset now, CancellationToken cancel)
    {
        var hourAgo = now.AddHours(-1);
        await db.Database.ExecuteSqlAsync($"delete from mail_requests where request_time < {hourAgo}", cancel);
        return await db.Database.ExecuteSqlAsync($"""
            insert into mail_requests (address_hash, request_time)
            select {hash}, {now} where (select count(*) from mail_requests where address_hash = {hash}) < {RequestsPerHour}
            """, cancel) == 1;
    }

    QueuedMail PleaseConfirm(Subscription subscription, Profile author, DateTimeOffset now)
    {
        var subject = $"Confirm: stories by {author.Name}";
        var body = new MailBody().Heading($"Stories by {author.Name}, by e-mail")
            .Paragraph($"Someone, probably you, wants to get what {author.Name} publishes at this address. One step is left: say that it was you.")
            .Button("Confirm and subscribe", links.Confirm(new(MailTokenPurpose.ConfirmNewsletter, subscription.Id, Expires: now + Subscription.ConfirmWithin)), spellOut: true)
            .Foot("The link works for seven days. If it was not you, ignore this message: nothing more will come, and the address is forgotten.");
        return QueuedMail.Create(Guid.CreateVersion7(now), subscription.Address, subject, body, links.Home, now);
    }

    QueuedMail AlreadySubscribed(Subscription subscription, Profile author, DateTimeOffset now)
    {
        var manage = links.Unsubscribe(new MailToken(MailTokenPurpose.ManageNewsletter, subscription.Id));
        var subject = $"You get stories by {author.Name} already";
        var body = new MailBody().Heading(subject)
            .Paragraph("Someone, probably you, subscribed this address again. It was subscribed before, so nothing was changed.")
            .Button("See or end the subscription", manage, spellOut: true)
            .Foot("If it was not you, ignore this message.");
        return QueuedMail.Create(Guid.CreateVersion7(now), subscription.Address, subject, body, links.Home, now);
    }
}
