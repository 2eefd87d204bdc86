using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Blog.ServiceDefaults.Net;

/// <summary>
/// Where a browser or a subscriber of feeds says it is reached, or a picture of a former site is found, is an address that anybody can make up. Only the public internet is asked: checked when the address is given, and again of the very
/// address that is connected to, so that a name that changes its mind in between (DNS rebinding) gains nothing.
/// </summary>
/// <param name="allowLoopback">For tests alone: this machine, without TLS.</param>
public sealed class PublicInternet(bool allowLoopback)
{
    static readonly IPNetwork[] Reserved =
    [
        // IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast and class E.
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Inside the global unicast range: protocol assignments with Teredo, documentation, 6to4 (which can carry any IPv4 address).
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>As <c>Blog:Push:AllowLoopback</c> says.</summary>
    public PublicInternet(IConfiguration configuration) : this(configuration.GetValue<bool>("Blog:Push:AllowLoopback"))
    {
    }

    /// <summary>Whether an address is one of the public internet.</summary>
    public bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (allowLoopback && IPAddress.IsLoopback(address)) return true;
        if (address.AddressFamily is AddressFamily.InterNetworkV6 && (!GlobalUnicast.Contains(address) || address.ScopeId != 0)) return false;
        return !Reserved.Any(network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>What is wrong with an address to send to, in words; null: nothing that can be seen from here.</summary>
    public async Task<string?> ProblemAsync(string address, CancellationToken cancel)
    {
        if (address.Length > 2000 || address.Any(char.IsControl) || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return "This is not an address.";
        if (uri.Scheme != Uri.UriSchemeHttps && !(allowLoopback && uri.IsLoopback)) return "The address must begin with https://.";
        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return "The address must have neither a user nor a fragment.";
        if (IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out var literal)) return IsPublic(literal) ? null : "This address is not in the public internet.";
        if (!allowLoopback && !uri.IdnHost.Contains('.', StringComparison.Ordinal)) return "This address is not in the public internet.";
        try
        {
            return (await Dns.GetHostAddressesAsync(uri.IdnHost, cancel).WaitAsync(TimeSpan.FromSeconds(2), cancel)).All(IsPublic) ? null : "This address is not in the public internet.";
        }
        catch (Exception problem) when (problem is SocketException or TimeoutException)
        {
            // It cannot be found now; connecting decides.
            return null;
        }
    }

    /// <summary>A client that connects to public addresses only and follows no redirect.</summary>
    public HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = ConnectAsync,
    })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        if (addresses.Length == 0 || !addresses.All(IsPublic)) throw new HttpRequestException("The name leads into a private network.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
