using Blog.Content.V1;
using Blog.Identity.V1;
using Blog.Notifications.Data;
using Blog.Notifications.Deliveries;
using Blog.Notifications.Newsletters;
using Blog.Notifications.Telling;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Mail;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Notifications.Mail;

/// <summary>Mail about notifications, and newsletters.</summary>
static class NotificationsMailRegistration
{
    public static void AddNotificationsMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddBlogGrpcClient<UsersClient>("users", CallAs.Service);
        services.AddBlogGrpcClient<Contacts.ContactsClient>("identity", CallAs.Service);
        services.AddBlogGrpcClient<Articles.ArticlesClient>("content", CallAs.Service);
        builder.AddMail<NotificationsDbContext>();
        services.AddSingleton<IRefusedMail<NotificationsDbContext>, RefusedMail>();
        services.AddSingleton<NotificationsKey>();
        services.AddSingleton<MailTokens>();
        services.AddSingleton<MailLinks>();
        services.AddSingleton<NotificationWords>();
        services.AddSingleton<NotificationMail>();
        services.AddSingleton<IChannelSender, NotificationMailSender>();
        services.AddHostedService<IssueWorker>();
    }
}
