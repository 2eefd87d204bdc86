using Blog.Notifications.Data;
using Blog.Notifications.Mail;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Mail;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Notifications.Newsletters;

/// <summary>blog.notifications.v1.Newsletters. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class NewslettersService(
    NotificationsDbContext db, UsersClient users, MailTokens tokens, MailLinks links, NotificationMail notificationMail, MailSignal signal, TimeProvider time) : V1.Newsletters.NewslettersBase
{
    static RpcException DeadLink() => RpcErrors.NotFound("This link is not complete, or did not come from us.");

    MailToken Read(string text) => tokens.Read(text) ?? throw DeadLink();

    MailToken ReadLiving(string text)
    {
        var token = Read(text);
        return token.Expires < time.GetUtcNow()
            ? throw RpcErrors.Create(StatusCode.FailedPrecondition, "This link is too old. Subscribe again to get a new one.", "LINK_EXPIRED")
            : token;
    }

    async Task<Subscription> FindAsync(MailToken token, CancellationToken cancel) =>
        token.Purpose is MailTokenPurpose.ConfirmNewsletter or MailTokenPurpose.ManageNewsletter
            ? await db.Set<Subscription>().SingleOrDefaultAsync(s => s.Id == token.Subject, cancel) ?? throw DeadLink()
            : throw DeadLink();

    static Guid Caller(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;
}
