namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>How service names are resolved.</summary>
public sealed class ServiceDiscoveryOptions
{
    /// <summary>Whether every scheme in a request's address may be used; if not, only <see cref="AllowedSchemes"/>.</summary>
    public bool AllowAllSchemes { get; set; } = true;

    /// <summary>The schemes that may be used when <see cref="AllowAllSchemes"/> is off.</summary>
    public IList<string> AllowedSchemes { get; set; } = [];

    /// <summary>Kept for compatibility: configuration announces its changes, so nothing is polled.</summary>
    public TimeSpan RefreshPeriod { get; set; } = TimeSpan.FromSeconds(60);
}

/// <summary>Where in configuration the endpoints are.</summary>
public sealed class ConfigurationServiceEndpointProviderOptions
{
    /// <summary>The section that holds one section per service.</summary>
    public string SectionName { get; set; } = "Services";
}
