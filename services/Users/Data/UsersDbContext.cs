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
            profile.Property(p => p.Id).HasColumnName("id").ValueGeneratedNever();
            profile.Property(p => p.Handle).HasColumnName("handle");
            profile.Property(p => p.Name).HasColumnName("name");
            profile.Property(p => p.Bio).HasColumnName("bio");
            profile.Property(p => p.AvatarMediaId).HasColumnName("avatar_media_id");
            profile.Property(p => p.CreateTime).HasColumnName("create_time");
            profile.Property(p => p.Revision).HasColumnName("revision").IsConcurrencyToken();
            profile.Property(p => p.Unclaimed).HasColumnName("unclaimed");
            profile.ComplexCollection(p => p.Links, links => links.ToJson("links"));
        });
        model.Entity<TakenHandle>(handle =>
        {
            handle.ToTable("handles").HasKey(h => h.Handle);
            handle.Property(h => h.Handle).HasColumnName("handle");
            handle.Property(h => h.ProfileId).HasColumnName("profile_id");
            handle.Property(h => h.TakenTime).HasColumnName("taken_time");
            handle.HasOne<Profile>().WithMany().HasForeignKey(h => h.ProfileId);
        });
    }
}
