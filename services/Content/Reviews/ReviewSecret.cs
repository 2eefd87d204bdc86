using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Blog.Content.Reviews;

/// <summary>What whoever holds it may do something with: the token of a link, the key to a guest's comment. Random in all of its 192 bits, so that there is nothing to guess and its hash needs no salt.</summary>
static class ReviewSecret
{
    const int Bytes = 24, Longest = 64;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>SHA-256, which is all that is kept; null for what never was a secret.</summary>
    public static byte[]? HashOf(string secret) => secret.Length is > 0 and <= Longest ? SHA256.HashData(Encoding.UTF8.GetBytes(secret)) : null;
}
