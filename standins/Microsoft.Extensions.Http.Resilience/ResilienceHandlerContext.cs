using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>What the configuration of a pipeline can use.</summary>
public sealed class ResilienceHandlerContext
{
    internal ResilienceHandlerContext(IServiceProvider services, string name) => (ServiceProvider, BuilderName) = (services, name);

    /// <summary>The application's services.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>The name of the pipeline.</summary>
    public string BuilderName { get; }

    /// <summary>Options by name.</summary>
    public TOptions GetOptions<TOptions>(string name) => ServiceProvider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);
}
