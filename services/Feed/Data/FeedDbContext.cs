using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;

namespace Blog.Feed.Data;

/// <summary>The database `feed`; its tables are made by Data/Migrations. Each folder of use cases maps its own types (IEntityTypeConfiguration).</summary>
sealed class FeedDbContext(DbContextOptions<FeedDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.MapStoredAnswers();
        model.ApplyConfigurationsFromAssembly(typeof(FeedDbContext).Assembly);
        model.UseSnakeCaseColumns(typeof(FeedDbContext).Assembly);
    }
}
