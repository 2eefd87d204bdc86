using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using FlagsClient = Blog.Flags.V1.Flags.FlagsClient;

namespace Blog.ServiceDefaults.FeatureFlags;

/// <summary>Configuration <c>Blog:Flags</c>.</summary>
public sealed class FlagOptions
{
    /// <summary>How often the owner of the flags is asked; a change takes effect within this time.</summary>
    public TimeSpan Look { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>Asks again and again how the flags stand. While nobody answers they stay as they are.</summary>
sealed class FlagFollower(FlagsClient owner, FlagStates states, IOptions<FlagOptions> options, ILogger<FlagFollower> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var answered = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                states.Set((await owner.ListFlagsAsync(new(), cancellationToken: stoppingToken)).Flags);
                answered = true;
            }
            catch (Exception away) when (away is RpcException or HttpRequestException or InvalidOperationException && !stoppingToken.IsCancellationRequested)
            {
                if (answered)
                    log.LogWarning("Flags stay as they are, {Reason}", away.Message);
                answered = false;
            }
            try
            {
                await Task.Delay(options.Value.Look, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
