using Duende.IdentityServer.EntityFramework.Entities;
using Duende.IdentityServer.EntityFramework.Extensions;
using Duende.IdentityServer.EntityFramework.Interfaces;
using Duende.IdentityServer.EntityFramework.Options;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Duende.IdentityServer.EntityFramework.Interfaces
{
    /// <summary>A context with the tables of the operational store.</summary>
    public interface IPersistedGrantDbContext : IDisposable
    {
        DbSet<PersistedGrant> PersistedGrants { get; set; }
        DbSet<Key> Keys { get; set; }
        Task<int> SaveChangesAsync(CancellationToken ct);
    }
}

namespace Duende.IdentityServer.EntityFramework.DbContexts
{
    /// <summary>The context of the operational store.</summary>
    public class PersistedGrantDbContext(DbContextOptions<PersistedGrantDbContext> options)
        : PersistedGrantDbContext<PersistedGrantDbContext>(options);

    /// <summary>Base of contexts with the tables of the operational store.</summary>
    public class PersistedGrantDbContext<TContext>(DbContextOptions options) : DbContext(options), IPersistedGrantDbContext
        where TContext : DbContext, IPersistedGrantDbContext
    {
        public DbSet<PersistedGrant> PersistedGrants { get; set; } = null!;
        public DbSet<Key> Keys { get; set; } = null!;

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.ConfigurePersistedGrantContext(this.GetService<OperationalStoreOptions>());
            base.OnModelCreating(modelBuilder);
        }
    }
}

namespace Duende.IdentityServer.EntityFramework.Extensions
{
    /// <summary>Maps the tables of the operational store.</summary>
    public static class ModelBuilderExtensions
    {
        /// <summary>The mapping; the tables themselves are in <c>Schema/postgresql.sql</c>.</summary>
        public static void ConfigurePersistedGrantContext(this ModelBuilder modelBuilder, OperationalStoreOptions storeOptions)
        {
            if (!string.IsNullOrWhiteSpace(storeOptions.DefaultSchema))
                modelBuilder.HasDefaultSchema(storeOptions.DefaultSchema);
            modelBuilder.Entity<PersistedGrant>(grant =>
            {
                grant.ToTable(storeOptions.PersistedGrants.Name, storeOptions.PersistedGrants.Schema);
                grant.HasKey(row => row.Id);
                grant.Property(row => row.Key).HasMaxLength(200);
                grant.Property(row => row.Type).HasMaxLength(50).IsRequired();
                grant.Property(row => row.SubjectId).HasMaxLength(200);
                grant.Property(row => row.SessionId).HasMaxLength(100);
                grant.Property(row => row.ClientId).HasMaxLength(200).IsRequired();
                grant.Property(row => row.Description).HasMaxLength(200);
                grant.Property(row => row.Data).HasMaxLength(50000).IsRequired();
                grant.HasIndex(row => row.Key).IsUnique();
                grant.HasIndex(row => new { row.SubjectId, row.ClientId, row.Type });
                grant.HasIndex(row => new { row.SubjectId, row.SessionId, row.Type });
                grant.HasIndex(row => row.Expiration);
                grant.HasIndex(row => row.ConsumedTime);
            });
            modelBuilder.Entity<Key>(key =>
            {
                key.ToTable(storeOptions.Keys.Name, storeOptions.Keys.Schema);
                key.HasKey(row => row.Id);
                key.HasIndex(row => row.Use);
                key.Property(row => row.Algorithm).HasMaxLength(100).IsRequired();
                key.Property(row => row.Data).IsRequired();
            });
        }
    }
}
