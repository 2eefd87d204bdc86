using Duende.IdentityServer.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Services;

internal sealed class ServerUrls(IHttpContextAccessor accessor) : IServerUrls
{
    string? _origin;
    string? _basePath;

    HttpRequest Request => accessor.HttpContext?.Request
        ?? throw new InvalidOperationException("The address of the server is only known during a request.");

    public string Origin
    {
        get => _origin ?? $"{Request.Scheme}://{Request.Host.ToUriComponent()}";
        set => _origin = value.TrimEnd('/');
    }

    public string? BasePath
    {
        get => _basePath ?? Request.PathBase.Value?.TrimEnd('/');
        set => _basePath = value?.TrimEnd('/');
    }
}

internal sealed class IssuerNameService(IOptions<IdentityServerOptions> options, IServerUrls urls) : IIssuerNameService
{
    public Task<string> GetCurrentAsync(CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(options.Value.IssuerUri))
            return Task.FromResult(options.Value.IssuerUri);
        return Task.FromResult(options.Value.LowerCaseIssuerUri ? urls.BaseUrl.ToLowerInvariant() : urls.BaseUrl);
    }
}
