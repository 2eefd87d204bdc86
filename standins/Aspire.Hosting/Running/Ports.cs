using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Running;

/// <summary>Finds free ports, keeps them from other AppHosts of this machine, and says who holds a port.</summary>
sealed class Ports : IDisposable
{
    // Below the range from which Linux takes ports for outgoing connections (ip_local_port_range), which could take one
    // away between finding it and using it.
    const int First = 16000, Last = 31999;

    static readonly string ClaimFolder = Path.Combine(Path.GetTempPath(), $"aspire-ports-{Environment.UserName}");
    readonly List<FileStream> claims = [];

    /// <summary>A port that nobody listens on and no other AppHost has claimed.</summary>
    public int Take()
    {
        Directory.CreateDirectory(ClaimFolder);
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last + 1);
            if (Claim(port) is not { } claim)
                continue;
            claims.Add(claim);
            if (IsFree(port))
                return port;
        }
    }

    public static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    /// <summary>Throws an error that names the process when somebody listens on the port.</summary>
    public static void MustBeFree(int port, string purpose)
    {
        if (!IsFree(port))
            throw new DistributedApplicationException($"Port {port}, which {purpose} needs, is in use by {Holder(port)}. Stop that, or choose another port in the AppHost's appsettings.json.");
    }

    /// <summary>The process that listens on a port, by /proc/net/tcp and the descriptors of all processes (proc(5)).</summary>
    public static string Holder(int port)
    {
        var hex = port.ToString("X4", CultureInfo.InvariantCulture);
        var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == "0A" && f[1].EndsWith(":" + hex, StringComparison.Ordinal))
            .Select(f => $"socket:[{f[9]}]").ToHashSet();
        foreach (var process in LinuxProcess.All())
        {
            try
            {
                if (Directory.EnumerateFiles($"/proc/{process.Pid}/fd").Any(fd => new FileInfo(fd).LinkTarget is { } target && sockets.Contains(target)))
                    return $"process {process.Pid} ({LinuxProcess.CommandLine(process.Pid)})";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Ended meanwhile, or somebody else's.
            }
        }

        return "a process of another user";
    }

    public void Dispose()
    {
        foreach (var claim in claims)
            claim.Dispose();
        claims.Clear();
    }

    static FileStream? Claim(int port)
    {
        try
        {
            var file = Path.Combine(ClaimFolder, port.ToString(CultureInfo.InvariantCulture));
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static bool CanListen(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // .NET sets SO_REUSEADDR on bind, so a connection in TIME_WAIT is no obstacle while a listener is.
            socket.ExclusiveAddressUse = false;
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
