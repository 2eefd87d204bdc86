using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Duende.IdentityServer.Protocol;

/// <summary>State that travels through the browser, encrypted and authenticated, so that no server has to remember it.</summary>
internal sealed class ProtectedMessages(IDataProtectionProvider dataProtection)
{
    readonly IDataProtector _protector = dataProtection.CreateProtector("Duende.IdentityServer.Messages");

    public string Protect<T>(T message) => _protector.CreateProtector(PurposeOf<T>()).Protect(JsonSerializer.Serialize(message));

    /// <summary>The message, or the default when the value is missing, altered or of another kind.</summary>
    public T? Unprotect<T>(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return default;
        try
        {
            return JsonSerializer.Deserialize<T>(_protector.CreateProtector(PurposeOf<T>()).Unprotect(value));
        }
        catch (CryptographicException)
        {
            return default;
        }
    }

    static string PurposeOf<T>() => (Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)).Name;
}
