using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Telemetry;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>
/// The pipelines of the process. A pipeline outlives the handlers that use it, which the client factory replaces every few minutes:
/// a broken circuit stays broken.
/// </summary>
sealed class HttpResiliencePipelines(ILoggerFactory loggers, IMeterFactory meters)
{
    readonly ConcurrentDictionary<(string Client, string Pipeline, string? Authority), Lazy<ResiliencePipeline<HttpResponseMessage>>> _pipelines = new();
    readonly PipelineEvents _events = new(loggers.CreateLogger("Polly"), meters);

    public ResiliencePipeline<HttpResponseMessage> Get(
        string client, string pipeline, string? authority, Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure)
        => _pipelines.GetOrAdd((client, pipeline, authority), key => new(() =>
        {
            var builder = new ResiliencePipelineBuilder<HttpResponseMessage>
            {
                Name = key.Client.Length == 0 ? key.Pipeline : $"{key.Client}-{key.Pipeline}",
                InstanceName = key.Authority,
                TelemetryListener = _events,
            };
            configure(builder);
            return builder.Build();
        })).Value;

    /// <summary>Counts and logs what the strategies do (retries, breaks, timeouts), under the names of Polly's own telemetry.</summary>
    sealed class PipelineEvents(ILogger logger, IMeterFactory meters) : TelemetryListener
    {
        readonly Counter<long> _events = meters.Create("Polly").CreateCounter<long>("resilience.polly.strategy.events");

        public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
        {
            // Successful attempts are reported too; they are not news.
            if (args.Event.Severity is ResilienceEventSeverity.None or ResilienceEventSeverity.Debug or ResilienceEventSeverity.Information) return;
            _events.Add(1, new("event.name", args.Event.EventName), new("pipeline.name", args.Source.PipelineName), new("strategy.name", args.Source.StrategyName));
            if (logger.IsEnabled(LogLevel.Warning))
                logger.LogWarning(args.Outcome?.Exception, "Resilience event {EventName} in {PipelineName}/{StrategyName}",
                    args.Event.EventName, args.Source.PipelineName, args.Source.StrategyName);
        }
    }
}
