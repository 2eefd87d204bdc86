using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blog.Archives.Importing;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.V1;
using Grpc.Core;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Cli.Import;

/// <summary>Finds the profiles of imported authors, and creates unclaimed ones for names that have none.</summary>
sealed class Authors(UsersClient users, TimeProvider time)
{
    const int LongestName = 80;

    readonly Dictionary<string, ArticleAuthor> known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An existing profile; null when nobody has the handle.</summary>
    public async Task<ArticleAuthor?> ByHandle(string handle, CancellationToken cancel) =>
        await Find(handle.TrimStart('@'), cancel) is { } profile ? new(Guid.Parse(profile.Id), profile.Handle) : null;

    /// <summary>The unclaimed profile of a name; a handle that is somebody else's is passed over for the next free one.</summary>
    public async Task<ArticleAuthor> ByName(string name, CancellationToken cancel)
    {
        // What is looked for must be what was stored, so the name is cut before anything else.
        name = name.Length > LongestName ? name[..LongestName].TrimEnd() : name;
        if (known.TryGetValue(name, out var author)) return author;
        var wished = HandleOf(name);
        for (var n = 1; n < 1000; n++)
        {
            var suffix = n == 1 ? "" : n.ToString(CultureInfo.InvariantCulture);
            var handle = wished[..Math.Min(wished.Length, 30 - suffix.Length)].TrimEnd('-') + suffix;
            var profile = await Find(handle, cancel) ?? await Create(handle, name, cancel);
            if (profile is { Unclaimed: true } && profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return known[name] = new(Guid.Parse(profile.Id), profile.Handle);
        }
        throw new InvalidOperationException($"No free handle was found for {name}.");
    }

    /// <summary>a-z, 0-9 and single hyphens, 2 to 30 of them, as near to the name as that allows.</summary>
    internal static string HandleOf(string name)
    {
        var handle = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c)) handle.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark && handle.Length > 0 && handle[^1] != '-') handle.Append('-');
        }
        var plain = handle.ToString().Trim('-');
        if (plain.Length > 30) plain = plain[..30].Trim('-');
        return plain.Length >= 2 ? plain : $"author-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
    }

    async Task<Profile?> Find(string handle, CancellationToken cancel)
    {
        try
        {
            return (await users.GetProfileAsync(new() { Handle = handle }, cancellationToken: cancel)).Profile;
        }
        catch (RpcException nobody) when (nobody.StatusCode is StatusCode.NotFound)
        {
            return null;
        }
    }

    async Task<Profile?> Create(string handle, string name, CancellationToken cancel)
    {
        try
        {
            var request = new CreateProfileRequest { Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(), Handle = handle, Name = name, Unclaimed = true };
            return (await users.CreateProfileAsync(request, cancellationToken: cancel)).Profile;
        }
        catch (RpcException taken) when (taken.StatusCode is StatusCode.AlreadyExists || taken.Violates("handle"))
        {
            // Reserved, or taken at this moment: the next handle is tried.
            return null;
        }
    }
}
