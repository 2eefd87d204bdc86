using Microsoft.IdentityModel.JsonWebTokens;

namespace Blog.Bff.Sessions;

/// <summary>Keeps the access token of a session fit for use: renewed before it expires, once at a time per session, over all instances.</summary>
sealed class SessionTokens(SessionStore sessions, OpenIdClient identity, TimeProvider time, ILogger<SessionTokens> logger)
{
    static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(1);
    static readonly TimeSpan RenewalAtMost = TimeSpan.FromSeconds(15);
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public enum Outcome { Ready, Ended, Away }

    public async ValueTask<Outcome> EnsureAsync(LiveSession live, CancellationToken ct)
    {
        if (!IsDue(live)) return Outcome.Ready;
        await live.Renewing.WaitAsync(ct);
        try
        {
            return IsDue(live) ? await RenewAsync(live, ct) : Outcome.Ready;
        }
        finally
        {
            live.Renewing.Release();
        }
    }

    bool IsDue(LiveSession live) => live.Session.AccessTokenExpiresAt - RenewBefore <= time.GetUtcNow();

    bool IsUsable(LiveSession live) => live.Session.AccessTokenExpiresAt > time.GetUtcNow();

    async Task<Outcome> RenewAsync(LiveSession live, CancellationToken ct)
    {
        var began = time.GetUtcNow();
        while (true)
        {
            await using var renewal = await sessions.TryLockRenewalAsync(live.Id, RenewalAtMost);
            // Another instance renews, or has just done so: a refresh token counts once, so look before using it.
            await sessions.ReloadAsync(live);
            if (!IsDue(live)) return Outcome.Ready;
            if (renewal is not null) return await RenewHereAsync(live);
            if (time.GetUtcNow() - began > RenewalAtMost) return IsUsable(live) ? Outcome.Ready : Outcome.Away;
            await Task.Delay(LookAgain, time, ct);
        }
    }

    /// <summary>Not cancelled by the request: a refresh token that was used must not be lost with the reader who left.</summary>
    async Task<Outcome> RenewHereAsync(LiveSession live)
    {
        var session = live.Session;
        if (session.RefreshToken is null) return await EndAsync(live);
        try
        {
            using var patience = new CancellationTokenSource(RenewalAtMost, time);
            var renewed = await identity.RenewAsync(session.RefreshToken, patience.Token);
            live.Session = session with
            {
                AccessToken = renewed.AccessToken,
                AccessTokenExpiresAt = time.GetUtcNow().AddSeconds(renewed.ExpiresIn),
                RefreshToken = renewed.RefreshToken ?? session.RefreshToken,
                IdToken = renewed.IdToken ?? session.IdToken,
                Roles = RolesOf(renewed.AccessToken),
                Renewals = session.Renewals + 1,
            };
            await sessions.SaveAsync(live);
            return Outcome.Ready;
        }
        catch (TokenRefusedException refused) when (refused.Error == "invalid_grant")
        {
            return await EndAsync(live);
        }
        catch (Exception exception) when (SignInEndpoints.IsAway(exception) || exception is OperationCanceledException or TokenRefusedException)
        {
            logger.LogWarning("Tokens could not be renewed: {Reason}", exception.Message);
            return IsUsable(live) ? Outcome.Ready : Outcome.Away;
        }
    }

    async Task<Outcome> EndAsync(LiveSession live)
    {
        if (live.Session.RefreshToken is null && IsUsable(live)) return Outcome.Ready;
        await sessions.EndAsync(live.Id);
        return Outcome.Ended;
    }

    /// <summary>For showing and hiding things; what a role may do is decided by the services, which verify the token.</summary>
    public static IReadOnlyList<string> RolesOf(string accessToken)
    {
        var handler = new JsonWebTokenHandler();
        return handler.CanReadToken(accessToken)
            ? [.. handler.ReadJsonWebToken(accessToken).Claims.Where(claim => claim.Type == "role").Select(claim => claim.Value).Distinct()]
            : [];
    }
}
