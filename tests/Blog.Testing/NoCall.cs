using Grpc.Core;
using Xunit;

namespace Blog.Testing;

/// <summary>The context of a service method that a test calls itself, without a server between. Ends when the test is cancelled.</summary>
public sealed class NoCall : ServerCallContext
{
    /// <inheritdoc/>
    protected override string MethodCore => "test";
    /// <inheritdoc/>
    protected override string HostCore => "test";
    /// <inheritdoc/>
    protected override string PeerCore => "test";
    /// <inheritdoc/>
    protected override DateTime DeadlineCore => DateTime.MaxValue;
    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore { get; } = [];
    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => TestContext.Current.CancellationToken;
    /// <inheritdoc/>
    protected override Metadata ResponseTrailersCore { get; } = [];
    /// <inheritdoc/>
    protected override Status StatusCore { get; set; }
    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore { get; set; }
    /// <inheritdoc/>
    protected override AuthContext AuthContextCore => new("", []);
    /// <inheritdoc/>
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException("Nothing is called from here.");
    /// <inheritdoc/>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
