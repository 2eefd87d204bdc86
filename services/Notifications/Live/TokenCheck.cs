using System.Security.Claims;
using Blog.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Blog.Notifications.Live;

/// <summary>Verifies an access token that comes inside a message, by the rules by which one in a header is verified.</summary>
sealed class TokenCheck(IOptionsMonitor<JwtBearerOptions> options)
{
    /// <summary>The person whose token it is; null when it is not good, or not a person's.</summary>
    public async Task<Guid?> PersonOfAsync(string token, CancellationToken cancel)
    {
        var bearer = options.Get(JwtBearerDefaults.AuthenticationScheme);
        var parameters = bearer.TokenValidationParameters.Clone();
        OpenIdConnectConfiguration keys = await bearer.ConfigurationManager!.GetConfigurationAsync(cancel);
        parameters.IssuerSigningKeys = keys.SigningKeys;
        var result = await bearer.TokenHandlers[0].ValidateTokenAsync(token, parameters);
        if (!result.IsValid)
            return null;
        var person = new ClaimsPrincipal(result.ClaimsIdentity);
        return person.HasScope("blog.api") ? person.PersonId() : null;
    }
}
