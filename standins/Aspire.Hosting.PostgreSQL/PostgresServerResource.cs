namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server.</summary>
public sealed class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
    : Resource(name), IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithArgs, IResourceWithWaitSupport
{
    readonly Dictionary<string, string> databases = [];

    /// <summary>The server's only endpoint.</summary>
    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    /// <summary>Account of the superuser; <c>postgres</c> when null.</summary>
    public ParameterResource? UserNameParameter { get; } = userName;

    /// <summary>Password of the superuser.</summary>
    public ParameterResource PasswordParameter { get; } = password;

    /// <summary>Databases by resource name.</summary>
    public IReadOnlyDictionary<string, string> Databases => databases;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={UserName};Password={PasswordParameter}");

    internal ReferenceExpression UserName => UserNameParameter is null ? ReferenceExpression.Create($"postgres") : ReferenceExpression.Create($"{UserNameParameter}");

    internal void AddDatabase(string name, string databaseName) => databases.Add(name, databaseName);
}

/// <summary>A database; created on the server when it does not exist.</summary>
public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>Name on the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <inheritdoc />
    public PostgresServerResource Parent { get; } = parent;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={DatabaseName}");
}
