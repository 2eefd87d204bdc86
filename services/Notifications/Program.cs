using Blog.Events.V1;
using Blog.Notifications;
using Blog.Notifications.Data;
using Blog.Notifications.Deliveries;
using Blog.Notifications.Devices;
using Blog.Notifications.Live;
using Blog.Notifications.Mail;
using Blog.Notifications.Newsletters;
using Blog.Notifications.ReadModels;
using Blog.Notifications.Retention;
using Blog.Notifications.Telling;
using Blog.Notifications.WebSub;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddBlogAuthentication();
builder.AddBlogGrpc();
builder.AddServiceDatabase<NotificationsDbContext>("notifications");
builder.AddOutboxRelay("notifications");
builder.AddEventConsumer<NotificationsDbContext>("notifications", events => events
    .Handle<ArticleChanged, ArticleChangedHandler>(Topics.Articles)
    .Handle<SubmissionChanged, SubmissionChangedHandler>(Topics.Submissions)
    .Handle<ReviewCommented, ReviewCommentedHandler>(Topics.Reviews)
    .Handle<ScheduleMissed, ScheduleMissedHandler>(Topics.Schedules)
    .Handle<InvitationChanged, InvitationChangedHandler>(Topics.Invitations)
    .Handle<FollowChanged, FollowChangedHandler>(Topics.Follows)
    .Handle<RelationChanged, RelationChangedHandler>(Topics.Relations)
    .Handle<ClapsChanged, ClapsChangedHandler>(Topics.Claps)
    .Handle<ResponseChanged, ResponseChangedHandler>(Topics.Responses)
    .Handle<HighlightChanged, HighlightChangedHandler>(Topics.Highlights));
builder.Services.AddHostedService<TellingWorker>();
builder.Services.AddSingleton<TokenCheck>();
builder.Services.AddSingleton<BellWatchers>();
builder.Services.AddHostedService(services => services.GetRequiredService<BellWatchers>());
// Senders of the channels beside the bell register themselves as IChannelSender.
builder.AddNotificationsMail();
builder.AddPush();
builder.AddHub();
builder.Services.AddHostedService<DeliveryWorker>();
builder.Services.AddSingleton<RetentionWorker>();
builder.Services.AddHostedService(services => services.GetRequiredService<RetentionWorker>());

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGrpcService<NotificationsService>();
app.MapGrpcService<NewslettersService>();
app.MapGrpcService<PushService>();
app.MapGrpcService<HubService>();
app.MapBounces();
app.MapDefaultEndpoints();
app.Run();
