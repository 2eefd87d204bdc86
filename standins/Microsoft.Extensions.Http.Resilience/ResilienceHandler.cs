using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Sends requests through a resilience pipeline.</summary>
public class ResilienceHandler : DelegatingHandler
{
    readonly Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> _pipelines;

    /// <summary>Chooses a pipeline for each request.</summary>
    public ResilienceHandler(Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> pipelineProvider)
    {
        ArgumentNullException.ThrowIfNull(pipelineProvider);
        _pipelines = pipelineProvider;
    }

    /// <summary>Uses one pipeline for all requests.</summary>
    public ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : this(_ => pipeline) => ArgumentNullException.ThrowIfNull(pipeline);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.SetRequestMessage(request);
        try
        {
            // ExecuteOutcomeAsync: an exception stays a value inside the pipeline and is thrown once, with its own stack trace.
            var outcome = await _pipelines(request).ExecuteOutcomeAsync(static async (context, handler) =>
            {
                try
                {
                    return Outcome.FromResult(await handler.SendInner(context.GetRequestMessage()!, context.CancellationToken).ConfigureAwait(false));
                }
                catch (Exception exception) // The pipeline decides which exceptions it handles.
                {
                    return Outcome.FromException<HttpResponseMessage>(exception);
                }
            }, context, this).ConfigureAwait(false);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    Task<HttpResponseMessage> SendInner(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);
}
