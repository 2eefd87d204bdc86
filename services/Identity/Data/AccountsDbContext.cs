using System.Text;
using Blog.Identity.Accounts;
using Blog.ServiceDefaults.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Blog.Identity.Data;

/// <summary>The database `identity`. Tables are made by Data/Migrations; names are snake_case there and mapped here once for all.</summary>
public sealed class AccountsDbContext(DbContextOptions<AccountsDbContext> options) : IdentityDbContext<Account, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<QueuedMail> Mail => Set<QueuedMail>();
    public DbSet<SignInFailures> SignInFailures => Set<SignInFailures>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Account>().ToTable("accounts");
        builder.Entity<IdentityRole<Guid>>().ToTable("roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("account_roles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claims");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_tokens");
        builder.MapQueuedMail();
        builder.Entity<SignInFailures>().ToTable("sign_in_failures").HasKey(failures => failures.AddressHash);
        builder.Entity<DataProtectionKey>().ToTable("data_protection_keys").HasKey(key => key.Name);

        foreach (var property in builder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }
        return snake.ToString();
    }
}
