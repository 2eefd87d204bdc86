using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Sessions;

/// <summary>What follows from the end of a session: grants that end with it, and notices to clients.</summary>
internal sealed class SessionEnd(
    IClientStore clients, Grants grants, IBackChannelLogoutService backChannel, IOptions<IdentityServerOptions> options)
{
    public async Task ProcessAsync(LogoutNotificationContext context, CancellationToken ct)
    {
        foreach (var clientId in context.ClientIds)
        {
            if (await clients.FindClientByIdAsync(clientId, ct) is { } client
                && (client.CoordinateLifetimeWithUserSession ?? options.Value.Authentication.CoordinateClientLifetimesWithUserSession))
                await grants.RevokeAllAsync(context.SubjectId, clientId, context.SessionId, ct);
        }
        await backChannel.SendLogoutNotificationsAsync(context, ct);
    }
}

/// <summary>Sends logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.5).</summary>
internal sealed class BackChannelLogoutService(
    IClientStore clients, Tokens tokens, IHttpClientFactory http, ILogger<BackChannelLogoutService> logger) : IBackChannelLogoutService
{
    public async Task SendLogoutNotificationsAsync(LogoutNotificationContext context, CancellationToken ct)
    {
        var notices = new List<Task>();
        foreach (var clientId in context.ClientIds.Distinct())
        {
            // Stores may share one database connection: read one after the other, then send side by side.
            if (await clients.FindClientByIdAsync(clientId, ct) is not { Enabled: true, BackChannelLogoutUri: { Length: > 0 } address } client)
                continue;
            var token = await tokens.CreateLogoutTokenAsync(client, context.SubjectId, context.SessionId, ct);
            notices.Add(SendAsync(clientId, address, token, ct));
        }
        await Task.WhenAll(notices);
    }

    async Task SendAsync(string clientId, string address, string token, CancellationToken ct)
    {
        try
        {
            using var client = http.CreateClient(IdentityServerConstants.HttpClients.BackChannelLogoutHttpClient);
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
            using var response = await client.PostAsync(new Uri(address), form, ct);
            if (!response.IsSuccessStatusCode)
                logger.LogWarning("Client {ClientId} answered the logout notice with {Status}", clientId, (int)response.StatusCode);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            logger.LogWarning(error, "Client {ClientId} did not get the logout notice", clientId);
        }
    }
}
