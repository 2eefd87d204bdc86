using Blog.SystemTesting;

[assembly: AssemblyFixture(typeof(Blog.SystemTests.SystemFixture))]
// One system, and tests that stop parts of it: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Blog.SystemTests;

/// <summary>The whole system, started once for all tests of this suite.</summary>
public sealed class SystemFixture : IAsyncLifetime
{
    /// <summary>The system.</summary>
    public RunningBlog Blog { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Blog = await RunningBlog.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Blog is null ? ValueTask.CompletedTask : Blog.DisposeAsync();
}
