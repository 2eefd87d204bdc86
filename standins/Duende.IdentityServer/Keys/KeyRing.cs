using System.Security.Cryptography;
using System.Text.Json;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Keys;

/// <summary>
/// Keeps one signing key per algorithm at work, its successor announced in time, and its predecessor published until the last
/// token that it signed has expired. Servers that share a store agree: the oldest key past its announcement signs.
/// </summary>
internal sealed class KeyRing(
    IOptions<IdentityServerOptions> options,
    IServiceScopeFactory scopes,
    IDataProtectionProvider dataProtection,
    TimeProvider clock,
    ILogger<KeyRing> logger) : IKeyMaterialService, IDisposable
{
    readonly SemaphoreSlim _refreshing = new(1, 1);
    readonly IDataProtector _protector = dataProtection.CreateProtector("Duende.IdentityServer.SigningKeys");
    Snapshot? _snapshot;

    // How long known keys are used on when the store cannot be reached, before it is asked again.
    static readonly TimeSpan _outageDelay = TimeSpan.FromSeconds(10);

    sealed record Snapshot(IReadOnlyList<ManagedKey> Keys, DateTimeOffset GoodUntil);

    KeyManagementOptions Options => options.Value.KeyManagement;

    IEnumerable<string> Algorithms => Options.SigningAlgorithms.Select(algorithm => algorithm.Name);

    public async Task<SigningCredentials> GetSigningCredentialsAsync(IEnumerable<string>? allowedAlgorithms, CancellationToken ct)
    {
        var allowed = allowedAlgorithms?.ToArray() ?? [];
        var algorithm = Algorithms.FirstOrDefault(name => allowed.Length == 0 || allowed.Contains(name))
            ?? throw new InvalidOperationException($"No key is kept for any of the algorithms {string.Join(", ", allowed)}.");
        var keys = await GetKeysAsync(ct);
        return SigningKey(keys, algorithm, clock.GetUtcNow())!.Credentials;
    }

    public async Task<IEnumerable<SecurityKeyInfo>> GetValidationKeysAsync(CancellationToken ct) =>
        (await GetKeysAsync(ct)).Select(key => new SecurityKeyInfo { Key = key.Key, SigningAlgorithm = key.Algorithm });

    /// <summary>Every key to publish, sign and validate with, loaded anew or made where the time has come.</summary>
    public async Task<IReadOnlyList<ManagedKey>> GetKeysAsync(CancellationToken ct)
    {
        if (Usable(_snapshot) is { } keys)
            return keys;
        await _refreshing.WaitAsync(ct);
        try
        {
            return Usable(_snapshot) ?? await RefreshOrKeepAsync(ct);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>The key of a token, even if another server made it a moment ago; null when it is nobody's.</summary>
    public async Task<ManagedKey?> FindAsync(string keyId, CancellationToken ct)
    {
        if ((await GetKeysAsync(ct)).FirstOrDefault(key => key.Id == keyId) is { } known)
            return known;
        // An attacker can name any key id, so only a young ring is read again.
        if (!IsInitializing(_snapshot?.Keys ?? []))
            return null;
        await _refreshing.WaitAsync(ct);
        try
        {
            return (await RefreshOrKeepAsync(ct)).FirstOrDefault(key => key.Id == keyId);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose() => _refreshing.Dispose();

    IReadOnlyList<ManagedKey>? Usable(Snapshot? snapshot)
    {
        if (snapshot is null)
            return null;
        var now = clock.GetUtcNow();
        if (now >= snapshot.GoodUntil || Algorithms.Any(algorithm => NeedsNewKey(snapshot.Keys, algorithm, now)))
            return null;
        return snapshot.Keys.All(key => !IsRetired(key, now)) ? snapshot.Keys : null;
    }

    async Task<IReadOnlyList<ManagedKey>> RefreshOrKeepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        try
        {
            return await RefreshAsync(ct);
        }
        catch (Exception error) when (error is not OperationCanceledException && Algorithms.All(algorithm => SigningKey(_snapshot?.Keys ?? [], algorithm, now) is not null))
        {
            logger.LogWarning(error, "Signing keys cannot be read from the store; those in memory are used on");
            _snapshot = _snapshot! with { GoodUntil = now + _outageDelay };
            return [.. _snapshot.Keys.Where(key => !IsRetired(key, now))];
        }
    }

    async Task<IReadOnlyList<ManagedKey>> RefreshAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<ISigningKeyStore>();
        var now = clock.GetUtcNow();
        var keys = new List<ManagedKey>();
        foreach (var stored in await store.LoadKeysAsync(ct))
        {
            if (Deserialize(stored) is not { } key)
                continue;
            if (!IsRetired(key, now))
                keys.Add(key);
            else if (Options.DeleteRetiredKeys)
                await store.DeleteKeyAsync(key.Id, ct);
        }
        foreach (var algorithm in Algorithms.Where(algorithm => NeedsNewKey(keys, algorithm, now)).ToArray())
        {
            var key = ManagedKey.Create(algorithm, Options.RsaKeySize, now);
            await store.StoreKeyAsync(key.Serialize(Options.DataProtectKeys ? _protector : null), ct);
            logger.LogInformation("Made signing key {KeyId} for {Algorithm}", key.Id, algorithm);
            keys.Add(key);
        }
        _snapshot = new Snapshot(keys, now + (IsInitializing(keys) ? Options.InitializationKeyCacheDuration : Options.KeyCacheDuration));
        return keys;
    }

    ManagedKey? Deserialize(SerializedKey stored)
    {
        try
        {
            return ManagedKey.Deserialize(stored, _protector);
        }
        catch (Exception error) when (error is CryptographicException or JsonException or FormatException)
        {
            logger.LogError(error, "Signing key {KeyId} cannot be read; tokens that it signed are refused", stored.Id);
            return null;
        }
    }

    ManagedKey? SigningKey(IEnumerable<ManagedKey> keys, string algorithm, DateTimeOffset now) => keys
        .Where(key => key.Algorithm == algorithm && now - key.Created < Options.RotationInterval)
        .OrderByDescending(key => now - key.Created >= Options.PropagationTime)
        .ThenBy(key => key.Created)
        .ThenBy(key => key.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    bool NeedsNewKey(IEnumerable<ManagedKey> keys, string algorithm, DateTimeOffset now) => !keys.Any(key =>
        key.Algorithm == algorithm && now - key.Created < Options.RotationInterval - Options.PropagationTime);

    bool IsRetired(ManagedKey key, DateTimeOffset now) => now - key.Created >= Options.RotationInterval + Options.RetentionDuration;

    bool IsInitializing(IReadOnlyCollection<ManagedKey> keys) =>
        keys.Count == 0 || clock.GetUtcNow() - keys.Max(key => key.Created) < Options.InitializationDuration;
}
