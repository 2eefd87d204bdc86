using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.ReadModels;
using Microsoft.EntityFrameworkCore;

namespace Blog.Search.Data;

/// <summary>
/// The database `search`: what the service keeps beside the index, made by Data/Migrations. The tables of an index belong to the PostgreSQL engine (Engines/PostgreSql/Index.sql).
/// Each folder of use cases maps its own types (IEntityTypeConfiguration).
/// </summary>
sealed class SearchDbContext(DbContextOptions<SearchDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.MapStoredAnswers();
        model.MapRelations();
        model.ApplyConfigurationsFromAssembly(typeof(SearchDbContext).Assembly);
        model.UseSnakeCaseColumns(typeof(SearchDbContext).Assembly);
    }
}
