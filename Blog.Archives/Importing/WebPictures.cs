using System.Collections.Concurrent;

namespace Blog.Archives.Importing;

/// <summary>
/// Fetches pictures that an archive only names. The client given must connect to the public internet alone, whatever a name resolves to, and follow no redirect by
/// itself. Bounded in bytes and time; a host that does not answer is not asked for ever.
/// </summary>
/// <param name="http">See above.</param>
/// <param name="anyPort">Ports other than 80 and 443, for tests.</param>
public sealed class WebPictures(HttpClient http, bool anyPort = false)
{
    const int Largest = 20 * 1024 * 1024, MostRedirects = 5, MostFailures = 3;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    readonly ConcurrentDictionary<string, int> failures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The bytes at an address.</summary>
    /// <exception cref="ImportRefusedException">They cannot be had; the message says why.</exception>
    public async Task<Stream> FetchAsync(Uri address, CancellationToken cancel)
    {
        if (failures.GetValueOrDefault(address.Host) >= MostFailures) throw new ImportRefusedException($"{address.Host} did not answer {MostFailures} times and was not asked again");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Longest);
        try
        {
            var picture = await FollowAsync(address, timeout.Token);
            failures.TryRemove(address.Host, out _);
            return picture;
        }
        catch (Exception away) when (away is HttpRequestException or IOException || away is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            failures.AddOrUpdate(address.Host, 1, (_, count) => count + 1);
            throw new ImportRefusedException(away is OperationCanceledException ? $"{address.Host} took longer than {Longest.TotalSeconds} seconds" : $"{address.Host} cannot be reached", away);
        }
    }

    async Task<Stream> FollowAsync(Uri address, CancellationToken cancel)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || !anyPort && !address.IsDefaultPort) throw new ImportRefusedException("its address is not one of a public web page");
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("image/avif,image/webp,image/png,image/jpeg,image/gif");
            request.Headers.UserAgent.ParseAdd("Blog-Import/1.0");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } next)
            {
                address = new Uri(address, next);
                continue;
            }
            if (!answer.IsSuccessStatusCode) throw new ImportRefusedException($"{address.Host} answers {(int)answer.StatusCode}");
            if (answer.Content.Headers.ContentLength > Largest) throw TooLarge();
            return await ReadAsync(await answer.Content.ReadAsStreamAsync(cancel), cancel);
        }
        throw new ImportRefusedException("its address leads on and on");
    }

    static async Task<Stream> ReadAsync(Stream body, CancellationToken cancel)
    {
        var picture = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (picture.Length + read > Largest) throw TooLarge();
            picture.Write(buffer, 0, read);
        }
        picture.Position = 0;
        return picture;
    }

    static ImportRefusedException TooLarge() => new("it is larger than 20 MB");
}
