using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Blog.ServiceDefaults.Data;

/// <summary>How a service connects to its database.</summary>
public static class DatabaseConnections
{
    /// <summary>
    /// Connections of one pool. Every service has a pool or two (whoever asks with the same string shares one), and all of them together have to stay below
    /// <c>max_connections</c> of PostgreSQL, or it turns commands away when many people work at once. A statement that waits here for a moment is done sooner than one of a hundred that share two cores.
    /// </summary>
    public const int PoolSize = 20;

    static readonly int NpgsqlDefault = new NpgsqlConnectionStringBuilder().MaxPoolSize;

    /// <summary>The connection string of a name, with <see cref="PoolSize"/> unless it says how many connections there may be.</summary>
    /// <exception cref="InvalidOperationException">It is not configured.</exception>
    public static NpgsqlConnectionStringBuilder DatabaseConnection(this IConfiguration configuration, string name)
    {
        var connection = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(name) ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not configured."));
        if (connection.MaxPoolSize == NpgsqlDefault) connection.MaxPoolSize = PoolSize;
        return connection;
    }
}
