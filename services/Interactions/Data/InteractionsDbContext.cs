using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.ReadModels;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Data;

/// <summary>The database `interactions`; its tables are made by Data/Migrations. Each folder of use cases maps its own types (IEntityTypeConfiguration).</summary>
sealed class InteractionsDbContext(DbContextOptions<InteractionsDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.MapStoredAnswers();
        model.MapRelations();
        model.ApplyConfigurationsFromAssembly(typeof(InteractionsDbContext).Assembly);
        model.UseSnakeCaseColumns(typeof(InteractionsDbContext).Assembly);
    }
}
