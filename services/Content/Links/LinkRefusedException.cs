namespace Blog.Content.Links;

/// <summary>Nothing can be shown of an address; the message tells its author why.</summary>
/// <param name="message">A sentence.</param>
/// <param name="mayPass">It may be otherwise later.</param>
/// <param name="inner">What happened.</param>
sealed class LinkRefusedException(string message, bool mayPass = false, Exception? inner = null) : Exception(message, inner)
{
    public bool MayPass { get; } = mayPass;

    /// <summary>Its server says that nothing is there, or there is no such server.</summary>
    public bool IsBroken { get; init; }
}
