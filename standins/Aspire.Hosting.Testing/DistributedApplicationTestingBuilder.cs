using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The description of an application under test, as its AppHost left it; change it, then build.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Ends the description. Starting the result starts the resources; disposing it leaves nothing behind.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// Calls the entry point of an AppHost up to its <c>Build</c>. Every port is a free one, also those that the AppHost fixes, and the data
/// folder is a temporary one, so that tests can run beside each other and beside a running system.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Calls the entry point of the assembly that holds <typeparamref name="TEntryPoint"/>, for example <c>Projects.Blog_AppHost</c>.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Calls the entry point with arguments, which are settings such as <c>--Name=value</c>.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Calls the entry point of the assembly that holds <paramref name="entryPoint"/>.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default)
    {
        var call = new EntryPointCall(entryPoint.Assembly, args);
        call.Begin();
        return new TestingBuilder(await call.Described.WaitAsync(cancellationToken).ConfigureAwait(false), call);
    }

    /// <summary>The settings that make an application fit for tests.</summary>
    internal static string[] Settings(string dataFolder) =>
    [
        "--DcpPublisher:RandomizePorts=true",
        $"--Aspire:Store:Path={dataFolder}",
        $"--Blog:DataFolder={dataFolder}",
        "--Logging:LogLevel:Default=Warning",
    ];
}

/// <summary>The AppHost's entry point on a thread of its own, held at <c>Build</c> until the test goes on.</summary>
sealed class EntryPointCall(Assembly appHost, string[] args)
{
    readonly TaskCompletionSource<IDistributedApplicationBuilder> described = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<DistributedApplication> built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<bool> goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly DirectoryInfo data = Directory.CreateTempSubdirectory("aspire-test-");

    public Task<IDistributedApplicationBuilder> Described => described.Task;

    public void Begin()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = appHost.GetName().Name };
        thread.Start();
    }

    public Task<DistributedApplication> BuildAsync()
    {
        goOn.TrySetResult(true);
        return built.Task;
    }

    /// <summary>When the test is over: lets the entry point return, and removes the data.</summary>
    public void End()
    {
        goOn.TrySetResult(false);
        ended.TrySetResult();
        if (Directory.Exists(data.FullName))
            data.Delete(recursive: true);
    }

    void Run()
    {
        AppHostInterception.Current = new AppHostInterception
        {
            AppHost = appHost,
            Configure = _ => { },
            BeforeBuild = builder =>
            {
                described.TrySetResult(builder);
                if (!goOn.Task.GetAwaiter().GetResult())
                    throw new OperationCanceledException("The test does not build the application.");
            },
            Built = application =>
            {
                application.OnDisposed(End);
                built.TrySetResult(application);
            },
            Ended = ended.Task,
        };
        try
        {
            var entryPoint = appHost.EntryPoint ?? throw new InvalidOperationException($"{appHost.GetName().Name} has no entry point.");
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? null : [DistributedApplicationTestingBuilder.Settings(data.FullName).Concat(args).ToArray()]);
            described.TrySetException(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (Exception exception)
        {
            var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            described.TrySetException(cause);
            built.TrySetException(cause);
            End();
        }
    }
}

sealed class TestingBuilder(IDistributedApplicationBuilder builder, EntryPointCall call) : IDistributedApplicationTestingBuilder
{
    bool isBuilt;

    public ConfigurationManager Configuration => builder.Configuration;

    public string AppHostDirectory => builder.AppHostDirectory;

    public Assembly? AppHostAssembly => builder.AppHostAssembly;

    public IHostEnvironment Environment => builder.Environment;

    public IServiceCollection Services => builder.Services;

    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

    public IList<IResource> Resources => builder.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => builder.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => builder.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        isBuilt = true;
        return call.BuildAsync().WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        // A built application may outlive its builder, and cleans up itself.
        if (!isBuilt)
            call.End();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
