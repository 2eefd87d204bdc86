using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.ReadModels;
using Microsoft.EntityFrameworkCore;

namespace Blog.Recommendations.Data;

/// <summary>The database `recommendations`; its tables are made by Data/Migrations. Most of them are read and written as sets of rows, by SQL.</summary>
sealed class RecommendationsDbContext(DbContextOptions<RecommendationsDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.MapStoredAnswers();
        model.MapRelations();
        model.UseSnakeCaseColumns(typeof(RecommendationsDbContext).Assembly);
    }
}
