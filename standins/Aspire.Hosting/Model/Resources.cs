using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a server, a database, a project, a parameter.</summary>
public interface IResource
{
    /// <summary>Unique name: letters, digits and single hyphens, 1 to 64, starting with a letter.</summary>
    string Name { get; }

    /// <summary>Everything the extension methods said about the resource.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>Marks a fact attached to a resource.</summary>
public interface IResourceAnnotation;

/// <summary>The facts attached to a resource, in the order in which they were added.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Base class of resources.</summary>
public abstract class Resource : IResource
{
    /// <summary>Creates the resource; throws when <paramref name="name"/> is not a valid resource name.</summary>
    protected Resource(string name)
    {
        if (!ResourceName.IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' is not a resource name: letters, digits and single hyphens, 1 to 64 characters, starting with a letter.", nameof(name));
        }

        Name = name;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public ResourceAnnotationCollection Annotations { get; } = [];

    /// <inheritdoc />
    public override string ToString() => $"{GetType().Name} {Name}";
}

/// <summary>A resource that receives environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that receives command line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource with network endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose endpoints other resources find by name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that lives inside another one.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource this one lives in.</summary>
    IResource Parent { get; }
}

/// <summary>A resource that lives inside another one.</summary>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>The resource this one lives in.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A resource that others reach by a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IValueProvider, IManifestExpressionProvider
{
    /// <summary>The connection string, with its references unresolved.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>Variable that carries the connection string instead of <c>ConnectionStrings__{name}</c>; null for the usual one.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The connection string as a client of this machine uses it.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);
}

/// <summary>A container image; here always one for which <see cref="LocalContainers"/> knows a local program.</summary>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    /// <summary>Program that replaces the image's own entry point.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>A program of this machine.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    /// <summary>Program to start, looked up on PATH.</summary>
    public string Command { get; } = command;

    /// <summary>Absolute folder in which it starts.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A .NET project.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>Options of <c>AddProject</c>.</summary>
public sealed class ProjectResourceOptions
{
    /// <summary>Name of the launch profile; launch profiles are for IDEs and are not read here.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>True leaves the launch profile out.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>True leaves the endpoints of the project's Kestrel configuration out.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}

/// <summary>Says where a project lies; generated as <c>Projects.*</c> from the project references of the AppHost.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Absolute path of the project file.</summary>
    string ProjectPath { get; }
}

/// <summary>What the official metadata leaves to <c>dotnet run</c>: the built assembly, so that it can be started directly.</summary>
public interface IBuiltProjectMetadata : IProjectMetadata
{
    /// <summary>Absolute path of the built assembly.</summary>
    string AssemblyPath { get; }
}

static class ResourceName
{
    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > 64 || !char.IsAsciiLetter(name[0]) || name[^1] == '-')
            return false;
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && (name[i] != '-' || name[i - 1] == '-'))
                return false;
        }

        return true;
    }
}
