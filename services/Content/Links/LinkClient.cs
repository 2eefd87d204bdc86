using System.Net;
using System.Net.Sockets;
using Blog.ServiceDefaults.Net;

namespace Blog.Content.Links;

/// <summary>What a server answered, after redirects.</summary>
/// <param name="Address">Of the last answer.</param>
/// <param name="ContentType">Without parameters, in small letters; empty when it does not say.</param>
/// <param name="Charset">When it says.</param>
/// <param name="Body">No more than was asked for.</param>
sealed record LinkResponse(Uri Address, string ContentType, string? Charset, byte[] Body);

/// <summary>
/// Asks for addresses that somebody wrote into an article. Only the public internet is asked, by <see cref="PublicInternet"/>, and the site itself; bounded in bytes, redirects and time.
/// </summary>
sealed class LinkClient : IDisposable
{
    const int MostRedirects = 5, MostAtOnce = 8;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    readonly HttpClient internet, ownSite;
    readonly Uri? origin;
    readonly bool anyPort;
    readonly SemaphoreSlim slots = new(MostAtOnce);

    /// <summary><c>Blog:Links:AllowLoopback</c> is for tests: this machine may be asked, on any port.</summary>
    public LinkClient(IConfiguration configuration)
    {
        anyPort = configuration.GetValue<bool>("Blog:Links:AllowLoopback");
        internet = new PublicInternet(anyPort).CreateClient();
        // Our own pages, which on a machine of one's own are not in the public internet.
        ownSite = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
        origin = configuration["Blog:PublicOrigin"] is { Length: > 0 } own ? new Uri(own) : null;
    }

    /// <summary>What is at an address.</summary>
    /// <param name="address">Absolute.</param>
    /// <param name="accept">Media types.</param>
    /// <param name="largest">Bytes; the rest is not read.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="LinkRefusedException">It cannot be had.</exception>
    public async Task<LinkResponse> GetAsync(Uri address, string accept, int largest, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Longest);
        try
        {
            return await FollowAsync(address, accept, largest, timeout.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new LinkRefusedException($"{address.Host} took longer than {Longest.TotalSeconds:0} seconds.", mayPass: true, late);
        }
        catch (HttpRequestException nobody) when (nobody.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData })
        {
            throw new LinkRefusedException($"There is no server called {address.Host}.", mayPass: true, nobody) { IsBroken = true };
        }
        catch (Exception away) when (away is HttpRequestException or IOException)
        {
            throw new LinkRefusedException($"{address.Host} cannot be reached.", mayPass: true, away);
        }
        finally
        {
            slots.Release();
        }
    }

    async Task<LinkResponse> FollowAsync(Uri address, string accept, int largest, CancellationToken cancel)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            request.Headers.TryAddWithoutValidation("Accept-Language", "en;q=0.5, *;q=0.1");
            request.Headers.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 (compatible; Blog/1.0; +{origin})");
            using var answer = await ClientFor(address).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } next)
            {
                address = new Uri(address, next);
                continue;
            }
            if (!answer.IsSuccessStatusCode)
                throw Refusal(address, answer.StatusCode);
            var type = answer.Content.Headers.ContentType;
            return new(address, type?.MediaType?.ToLowerInvariant() ?? "", type?.CharSet?.Trim('"'), await ReadAsync(answer, largest, cancel));
        }
        throw new LinkRefusedException($"{address.Host} leads on and on.");
    }

    HttpClient ClientFor(Uri address)
    {
        if (address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw NotPublic(address);
        if (origin is not null && Uri.Compare(address, origin, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
            return ownSite;
        return anyPort || address.IsDefaultPort ? internet : throw NotPublic(address);
    }

    static LinkRefusedException NotPublic(Uri address) => new($"{address.GetLeftPart(UriPartial.Authority)} is not an address of a public web page.");

    static LinkRefusedException Refusal(Uri address, HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new($"{address.Host} has nothing at this address ({(int)status}).") { IsBroken = true },
        HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new($"{address.Host} answered {(int)status}.", mayPass: true),
        _ => new($"{address.Host} answered {(int)status}."),
    };

    static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int largest, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[16 * 1024];
        while (body.Length < largest && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, largest - body.Length)), cancel) is > 0 and var read)
            body.Write(buffer, 0, read);
        return body.ToArray();
    }

    public void Dispose()
    {
        internet.Dispose();
        ownSite.Dispose();
        slots.Dispose();
    }
}
