namespace Blog.AppHost;

/// <summary>What every service of the blog has, so that AppHost.cs need only say what is particular.</summary>
static class BlogService
{
    /// <summary>
    /// A service with two endpoints: <c>http</c> (HTTP/1.1: health and pages) and <c>grpc</c> (HTTP/2 without TLS, which cannot
    /// share a port with HTTP/1.1), health at <c>/health</c>, and a secret of its own for tokens between services.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, EndpointReference? publicOrigin = null, int? port = null)
        where TProject : IProjectMetadata, new()
    {
        var service = builder
            .AddProject<TProject>(name, options =>
            {
                options.ExcludeLaunchProfile = true;
                options.ExcludeKestrelEndpoints = true;
            })
            .WithHttpEndpoint(name: "http", port: port)
            .WithHttpEndpoint(name: "grpc")
            .WithEnvironment("Kestrel__Endpoints__grpc__Protocols", "Http2")
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning")
            .WithEnvironment("Logging__LogLevel__Microsoft.EntityFrameworkCore", "Warning")
            .WithEnvironment("Logging__LogLevel__Grpc", "Warning")
            .WithEnvironment("Blog__DataFolder", builder.DataFolder())
            .WithEnvironment("Blog__ClientId", name)
            .WithEnvironment("Blog__ClientSecret", builder.ClientSecret(name))
            .WithHttpHealthCheck("/health", endpointName: "http");
        foreach (var endpoint in (string[])["http", "grpc"])
        {
            var listening = service.GetEndpoint(endpoint).Property(EndpointProperty.TargetPort);
            service.WithEnvironment($"Kestrel__Endpoints__{endpoint}__Url", ReferenceExpression.Create($"http://localhost:{listening}"));
        }

        return publicOrigin is null ? service : service.WithPublicOrigin(publicOrigin);
    }

    /// <summary>Tells a service under which address people see the site.</summary>
    public static IResourceBuilder<T> WithPublicOrigin<T>(this IResourceBuilder<T> service, EndpointReference bff) where T : IResourceWithEnvironment =>
        service.ApplicationBuilder.Configuration["Blog:PublicOrigin"] is { Length: > 0 } configured
            ? service.WithEnvironment("Blog__PublicOrigin", configured)
            : service.WithEnvironment("Blog__PublicOrigin", bff);

    /// <summary>Tells Identity the secrets of these clients.</summary>
    public static IResourceBuilder<ProjectResource> WithClientSecrets(this IResourceBuilder<ProjectResource> identity, params string[] clients)
    {
        foreach (var client in clients)
            identity.WithEnvironment($"Blog__Clients__{client}__Secret", identity.ApplicationBuilder.ClientSecret(client));
        return identity;
    }

    /// <summary>The secret with which a client shows Identity who it is: made at the first start, then kept.</summary>
    public static IResourceBuilder<ParameterResource> ClientSecret(this IDistributedApplicationBuilder builder, string client) => builder.Secret($"{client}-secret");

    /// <summary>Something only we know: made at the first start, then kept.</summary>
    public static IResourceBuilder<ParameterResource> Secret(this IDistributedApplicationBuilder builder, string name)
    {
        return builder.Resources.OfType<ParameterResource>().FirstOrDefault(p => p.Name == name) is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
    }

    /// <summary>Everything the system writes on this machine is below this folder.</summary>
    public static string DataFolder(this IDistributedApplicationBuilder builder) => builder.Configuration["Aspire:Store:Path"]!;

    /// <summary><c>Blog:DataFolder</c> replaces the folder that appsettings.json names.</summary>
    public static void UseDataFolder(this IDistributedApplicationBuilder builder) => builder.Configuration["Aspire:Store:Path"] = Path.GetFullPath(
        builder.Configuration["Blog:DataFolder"] ?? builder.Configuration["Aspire:Store:Path"] ?? "../.data", builder.AppHostDirectory);
}
