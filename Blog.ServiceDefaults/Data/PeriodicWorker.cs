using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.ServiceDefaults.Data;

/// <summary>Does what there is to do when the service begins, and again after each pause. What goes wrong is logged with what waits for the next time.</summary>
/// <param name="pause">From the beginning of one time to that of the next, unless it takes longer.</param>
/// <param name="time">Measures the pause.</param>
/// <param name="log">Told what goes wrong.</param>
/// <param name="whatWaits">A sentence without its end: "Stories that are due wait".</param>
public abstract partial class PeriodicWorker(TimeSpan pause, TimeProvider time, ILogger log, string whatWaits) : BackgroundService
{
    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Where it says what goes wrong.</summary>
    protected ILogger Log { get; } = log;

    /// <summary>Does whatever there is to do.</summary>
    public abstract Task RunAsync(CancellationToken cancel);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pause, Time);
        do
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                LogWaits(Log, problem, whatWaits, pause);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "{WhatWaits}, for {Pause} or until the service begins anew")]
    static partial void LogWaits(ILogger log, Exception problem, string whatWaits, TimeSpan pause);
}
