using Duende.IdentityServer.EntityFramework;
using Duende.IdentityServer.EntityFramework.DbContexts;
using Duende.IdentityServer.EntityFramework.Interfaces;
using Duende.IdentityServer.EntityFramework.Options;
using Duende.IdentityServer.EntityFramework.Stores;
using Duende.IdentityServer.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps grants and keys in a database.</summary>
public static class IdentityServerEntityFrameworkBuilderExtensions
{
    /// <summary>Keeps grants and signing keys in a database, where they survive a restart and are shared by several servers.</summary>
    public static IIdentityServerBuilder AddOperationalStore(
        this IIdentityServerBuilder builder, Action<OperationalStoreOptions>? storeOptionsAction = null) =>
        builder.AddOperationalStore<PersistedGrantDbContext>(storeOptionsAction);

    /// <inheritdoc cref="AddOperationalStore(IIdentityServerBuilder, Action{OperationalStoreOptions})"/>
    public static IIdentityServerBuilder AddOperationalStore<TContext>(
        this IIdentityServerBuilder builder, Action<OperationalStoreOptions>? storeOptionsAction = null)
        where TContext : DbContext, IPersistedGrantDbContext
    {
        var options = new OperationalStoreOptions();
        storeOptionsAction?.Invoke(options);
        var services = builder.Services;
        services.AddSingleton(options);
        if (options.EnablePooling)
            services.AddDbContextPool<TContext>(Configure, options.PoolSize ?? 1024);
        else
            services.AddDbContext<TContext>(Configure);
        services.AddScoped<IPersistedGrantDbContext>(provider => provider.GetRequiredService<TContext>());
        services.Replace(ServiceDescriptor.Transient<IPersistedGrantStore, PersistedGrantStore>());
        services.Replace(ServiceDescriptor.Transient<ISigningKeyStore, SigningKeyStore>());
        services.AddTransient<ITokenCleanupService, TokenCleanupService>();
        if (options.EnableTokenCleanup)
            services.AddHostedService<TokenCleanupHost>();
        return builder;

        void Configure(IServiceProvider provider, DbContextOptionsBuilder context)
        {
            if (options.ResolveDbContextOptions is { } resolve)
                resolve(provider, context);
            else
                options.ConfigureDbContext?.Invoke(context);
        }
    }
}
