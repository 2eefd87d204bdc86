using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.Users.Profiles;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Data;

/// <summary>The database `users`; its tables are made by Data/Migrations.</summary>
sealed class UsersDbContext(DbContextOptions<UsersDbContext> options) : DbContext(options)
{
    public DbSet<Profile> Profiles => Set<Profile>();
    public DbSet<TakenHandle> Handles => Set<TakenHandle>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.Entity<Profile>(profile =>
        {
            profile.ToTable("profiles");
            profile.Property(p => p.Id).ValueGeneratedNever();
            profile.Property(p => p.Revision).IsConcurrencyToken();
            profile.ComplexCollection(p => p.Links, links => links.ToJson("links"));
        });
        model.Entity<TakenHandle>(handle =>
        {
            handle.ToTable("handles").HasKey(h => h.Handle);
            handle.HasOne<Profile>().WithMany().HasForeignKey(h => h.ProfileId);
        });
        model.ApplyConfigurationsFromAssembly(typeof(UsersDbContext).Assembly);
        model.UseSnakeCaseColumns(typeof(UsersDbContext).Assembly);
    }
}
