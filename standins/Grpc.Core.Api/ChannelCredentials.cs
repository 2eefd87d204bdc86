namespace Grpc.Core;

/// <summary>A certificate and its key, in PEM.</summary>
public sealed class KeyCertificatePair(string certificateChain, string privateKey)
{
    /// <summary>The certificate and those that vouch for it.</summary>
    public string CertificateChain { get; } = certificateChain;

    /// <summary>The key.</summary>
    public string PrivateKey { get; } = privateKey;
}

/// <summary>A server to be verified.</summary>
public class VerifyPeerContext
{
    internal VerifyPeerContext(string targetName, string peerPem) => (TargetName, PeerPem) = (targetName, peerPem);

    /// <summary>Whom one wanted to talk to.</summary>
    public string TargetName { get; }

    /// <summary>The certificate it showed, in PEM.</summary>
    public string PeerPem { get; }
}

/// <summary>Says whether a server is who it says it is.</summary>
public delegate bool VerifyPeerCallback(VerifyPeerContext context);

/// <summary>Takes credentials apart. Implemented by clients.</summary>
public abstract class ChannelCredentialsConfiguratorBase
{
    /// <summary>There are none.</summary>
    public abstract void SetInsecureCredentials(object state);

    /// <summary>They are for TLS.</summary>
    public abstract void SetSslCredentials(
        object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback);

    /// <summary>They are for the channel and for its calls.</summary>
    public abstract void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials);
}

/// <summary>How a channel is secured.</summary>
public abstract class ChannelCredentials
{
    /// <summary>Not at all.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>By TLS, with the certificates that the system trusts.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    internal virtual bool IsComposable => false;

    /// <summary>Credentials for the channel and for each of its calls. The channel must be secure.</summary>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        return channelCredentials.IsComposable
            ? new Composite(channelCredentials, callCredentials)
            : throw new ArgumentException(
                $"CallCredentials can't be composed with {channelCredentials.GetType().Name}. CallCredentials must be used with secure channel credentials like SslCredentials.",
                nameof(channelCredentials));
    }

    /// <summary>Tells the client what these are. Public, as Grpc.Net.Client calls it.</summary>
    public abstract void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state);

    sealed class InsecureCredentials : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state)
            => configurator.SetInsecureCredentials(state);
    }

    sealed class Composite(ChannelCredentials channel, CallCredentials call) : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state)
            => configurator.SetCompositeCredentials(state, channel, call);
    }
}

/// <summary>TLS.</summary>
public sealed class SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    : ChannelCredentials
{
    /// <summary>With the certificates that the system trusts.</summary>
    public SslCredentials() : this(null, null, null) { }

    /// <summary>With other trusted certificates, in PEM. Grpc.Net.Client refuses them: set them on the handler.</summary>
    public SslCredentials(string rootCertificates) : this(rootCertificates, null, null) { }

    /// <summary>With other trusted certificates, and one of one's own.</summary>
    public SslCredentials(string rootCertificates, KeyCertificatePair keyCertificatePair) : this(rootCertificates, keyCertificatePair, null) { }

    /// <summary>Trusted certificates, in PEM.</summary>
    public string? RootCertificates { get; } = rootCertificates;

    /// <summary>One's own certificate.</summary>
    public KeyCertificatePair? KeyCertificatePair { get; } = keyCertificatePair;

    internal override bool IsComposable => true;

    /// <inheritdoc/>
    public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state)
        => configurator.SetSslCredentials(state, RootCertificates, KeyCertificatePair, verifyPeerCallback);
}
