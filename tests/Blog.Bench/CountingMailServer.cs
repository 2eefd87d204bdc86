using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Blog.Bench;

/// <summary>A mail server that takes everything (RFC 5321, with PIPELINING) and remembers recipient and Message-ID alone, so that it costs the sender next to nothing.</summary>
sealed class CountingMailServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public CountingMailServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>smtp://127.0.0.1:port</summary>
    public string Address => $"smtp://{listener.LocalEndpoint}";

    /// <summary>What was taken: recipient and Message-ID.</summary>
    public ConcurrentQueue<(string To, string MessageId)> Taken { get; } = new();

    /// <summary>Called after each, with how many there are.</summary>
    public Action<int> OnTaken { get; set; } = _ => { };

    async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            client.NoDelay = true;
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, false, 16 * 1024);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 counting");
            var to = "";
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("EHLO", StringComparison.Ordinal)) await writer.WriteLineAsync("250-counting\r\n250 PIPELINING");
                else if (line.StartsWith("QUIT", StringComparison.Ordinal)) return;
                else if (line.StartsWith("DATA", StringComparison.Ordinal))
                {
                    await writer.WriteLineAsync("354 go on");
                    var id = "";
                    while (await reader.ReadLineAsync() is { } text && text != ".")
                        if (text.StartsWith("Message-ID: ", StringComparison.Ordinal)) id = text;
                    Taken.Enqueue((to, id));
                    await writer.WriteLineAsync("250 taken");
                    OnTaken(Taken.Count);
                }
                else
                {
                    if (line.StartsWith("RCPT", StringComparison.Ordinal)) to = line;
                    await writer.WriteLineAsync("250 fine");
                }
            }
        }
        catch (IOException)
        {
            // The sender died, as it was meant to.
        }
    }

    public void Dispose() => listener.Dispose();
}
