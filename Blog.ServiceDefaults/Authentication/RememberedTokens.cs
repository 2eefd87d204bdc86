using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Blog.ServiceDefaults.Authentication;

/// <summary>
/// Verifies a token's signature once a minute instead of at each call: people and services call many times with the same one, and the check costs more than reading a page.
/// A token is never accepted after its lifetime, and a minute at the most after its key was withdrawn. What was refused is not remembered.
/// For one authentication scheme: what is expected of a token is the same at each call.
/// </summary>
sealed class RememberedTokens(TimeProvider time) : JsonWebTokenHandler, IDisposable
{
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    readonly MemoryCache verified = new(new MemoryCacheOptions { SizeLimit = 20_000, Clock = new Clock(time) });

    /// <inheritdoc/>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (verified.TryGetValue(token, out TokenValidationResult? known)) return Copy(known!);
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid) return result;
        var (now, end) = (time.GetUtcNow(), new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero));
        if (end <= now) return result;
        verified.Set(token, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = end < now + Remembered ? end : now + Remembered });
        return Copy(result);
    }

    /// <inheritdoc/>
    public void Dispose() => verified.Dispose();

    /// <summary>With claims of its own: whoever adds some adds them to one request.</summary>
    static TokenValidationResult Copy(TokenValidationResult result) => new()
    {
        IsValid = true,
        Issuer = result.Issuer,
        TokenType = result.TokenType,
        SecurityToken = result.SecurityToken,
        ClaimsIdentity = result.ClaimsIdentity.Clone(),
    };

    sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
