using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.ReadModels;
using Blog.ServiceDefaults.Mail;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Data;

/// <summary>The database `notifications`; its tables are made by Data/Migrations. Each folder of use cases maps its own types (IEntityTypeConfiguration).</summary>
sealed class NotificationsDbContext(DbContextOptions<NotificationsDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.MapStoredAnswers();
        model.MapRelations();
        model.MapQueuedMail();
        model.ApplyConfigurationsFromAssembly(typeof(NotificationsDbContext).Assembly);
        model.UseSnakeCaseColumns(typeof(NotificationsDbContext).Assembly);
    }
}
