using Blog.Notifications.Mail;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Mail;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Newsletters;

/// <summary>What people do by the links that came by mail.</summary>
sealed partial class NewslettersService
{
    public override async Task<GetMailLinkResponse> GetMailLink(GetMailLinkRequest request, ServerCallContext context)
    {
        var token = ReadLiving(request.Token);
        if (token.Purpose is MailTokenPurpose.ManageNotifications)
            return new() { Notification = new() { Kind = token.Scope, Enabled = await notificationMail.IsOnAsync(db, token, context.CancellationToken) } };
        var subscription = await FindAsync(token, context.CancellationToken);
        return new()
        {
            Newsletter = new()
            {
                Target = subscription.TargetKind,
                TargetId = subscription.TargetId.ToString(),
                State = (NewsletterLink.Types.State)subscription.State,
                MaskedEmail = EmailAddress.Masked(subscription.Address),
                Confirms = token.Purpose is MailTokenPurpose.ConfirmNewsletter,
            },
        };
    }

    public override async Task<ConfirmSubscriptionResponse> ConfirmSubscription(ConfirmSubscriptionRequest request, ServerCallContext context)
    {
        var token = ReadLiving(request.Token);
        if (token.Purpose is not MailTokenPurpose.ConfirmNewsletter) throw DeadLink();
        var subscription = await FindAsync(token, context.CancellationToken);
        subscription.Activate(time.GetUtcNow());
        await db.SaveChangesAsync(context.CancellationToken);
        await db.ReviveAsync(subscription.Address, context.CancellationToken);
        return new() { ManageToken = tokens.Write(new(MailTokenPurpose.ManageNewsletter, subscription.Id)) };
    }

    public override async Task<UnsubscribeResponse> Unsubscribe(UnsubscribeRequest request, ServerCallContext context)
    {
        var (token, now, cancel) = (Read(request.Token), time.GetUtcNow(), context.CancellationToken);
        if (token.Purpose is MailTokenPurpose.ManageNotifications)
        {
            await notificationMail.SwitchAsync(db, token, on: false, cancel);
            return new();
        }
        // One that was forgotten meanwhile is as ended as can be.
        if (await db.Set<Subscription>().SingleOrDefaultAsync(s => s.Id == token.Subject, cancel) is not { } subscription) return new();
        var ending = request.Everything ? await db.Set<Subscription>().Where(s => s.AddressKey == subscription.AddressKey).ToListAsync(cancel) : [subscription];
        ending.ForEach(s => s.End(now));
        await db.SaveChangesAsync(cancel);
        return new();
    }

    public override async Task<ResubscribeResponse> Resubscribe(ResubscribeRequest request, ServerCallContext context)
    {
        var token = Read(request.Token);
        if (token.Purpose is MailTokenPurpose.ManageNotifications)
        {
            await notificationMail.SwitchAsync(db, token, on: true, context.CancellationToken);
            return new();
        }
        // Only who confirmed once has a link of this kind.
        if (token.Purpose is not MailTokenPurpose.ManageNewsletter) throw DeadLink();
        var subscription = await FindAsync(token, context.CancellationToken);
        subscription.Activate(time.GetUtcNow());
        await db.SaveChangesAsync(context.CancellationToken);
        return new();
    }
}
