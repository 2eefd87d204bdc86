using System.Diagnostics.Metrics;
using Blog.Identity.V1;
using Blog.Notifications.Data;
using Blog.Notifications.Deliveries;
using Blog.Notifications.Telling;
using Blog.Notifications.V1;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Mail;

namespace Blog.Notifications.Mail;

/// <summary>
/// Mail about notifications: one as it happens, or a digest of what is due. The address is asked from Identity at the moment of sending. The Message-ID comes from the first of
/// what is told, so a copy that is sent again after a crash has the same one.
/// </summary>
sealed class NotificationMailSender(
    IServiceScopeFactory scopes, Contacts.ContactsClient contacts, NotificationWords words, IMailSender sender, MailTokens tokens, MailLinks links, TimeProvider time) : IChannelSender
{
    /// <summary>More than this and the rest is a number with a link.</summary>
    const int Listed = 20;

    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Sent = Meter.CreateCounter<long>("blog.mail.notifications", "{message}", "Mails about notifications that the mail server took.");

    public Channel Channel => Channel.Email;

    public async Task<SendOutcome> SendAsync(DueDeliveries due, CancellationToken cancel)
    {
        var found = await contacts.BatchGetContactsAsync(new() { AccountIds = { due.PersonId.ToString() } }, cancellationToken: cancel);
        if (found.Contacts is not [{ Email: var address }]) return new SendOutcome.Failed("no confirmed address");
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        if (await db.IsDeadAsync(address, cancel)) return new SendOutcome.Failed("the address bounces");

        try
        {
            await sender.SendAsync(Compose(due, await words.OfAsync(due.Items, cancel), address), cancel);
            Sent.Add(1);
            return new SendOutcome.Sent();
        }
        catch (MailRefusedException refusal) when (refusal.IsPermanent)
        {
            if (refusal.IsHardBounce) await db.BuryAsync(address, refusal.EnhancedCode ?? $"{refusal.Code}", time.GetUtcNow(), cancel);
            return new SendOutcome.Failed(refusal.Message);
        }
    }

    OutgoingMail Compose(DueDeliveries due, IReadOnlyList<Told> told, string address)
    {
        var single = due.Items.Count == 1;
        var first = due.Items[0].Notification;
        var manage = links.Unsubscribe(tokens.Write(new(MailTokenPurpose.ManageNotifications, due.PersonId, single ? (byte)first.Kind : (byte)0)));
        var subject = single ? told[0].Title : $"{told[0].Title}, and {(told.Count == 2 ? "one more thing" : $"{told.Count - 1} more")}";
        var body = new MailBody();
        if (single)
        {
            body.Heading(told[0].Title);
            if (told[0].Detail.Length > 0) body.Quote(told[0].Detail);
            body.Button("See it on the site", told[0].Url);
        }
        else
        {
            body.Heading("What happened since the last mail");
            foreach (var group in due.Items.Zip(told).Take(Listed).GroupBy(item => SectionOf(item.First.Notification.Kind)))
            {
                body.Section(group.Key);
                foreach (var (_, item) in group) body.Item(item.Title, item.Url, item.Detail);
            }
            if (told.Count > Listed) body.Meta($"And {told.Count - Listed} more.");
            body.Button("See everything", links.Home + "/me/notifications");
        }
        body.Foot(single ? "You get this because it concerns you and your settings ask for it by e-mail." : "You get this digest because your settings ask for it.")
            .FootLink(single ? "No more mail like this" : "No more digests", manage)
            .FootLink("All settings", links.Home + "/settings/notifications");

        return new($"{due.PersonId:N}.{first.Id:N}", address, subject, body.Text, body.ToHtml(subject, links.Home), time.GetUtcNow())
        {
            UnsubscribeUrl = manage,
            ListId = $"notifications.{links.Host}",
        };
    }

    static string SectionOf(NotificationKind kind) => kind switch
    {
        NotificationKind.ArticlePublished => "New stories",
        NotificationKind.Submission or NotificationKind.SubmissionAnswered => "Publications",
        NotificationKind.ScheduleMissed => "Not published",
        NotificationKind.Invitation => "Invitations",
        NotificationKind.InvitationAccepted => "Answers to your invitations",
        NotificationKind.Response or NotificationKind.Reply or NotificationKind.Mention or NotificationKind.ReviewComment => "Said to you",
        NotificationKind.NewFollower => "New followers",
        _ => "Liked and highlighted",
    };
}
