using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Blog.ServiceDefaults.Mail;

/// <summary>
/// One connection to a mail server, kept for message after message (RFC 5321). Commands go in one packet where the server allows it (PIPELINING, RFC 2920) and no packet waits
/// for another's acknowledgement: System.Net.Mail's client leaves Nagle's algorithm on and takes 46 ms for each message on loopback.
/// </summary>
sealed class SmtpConnection : IAsyncDisposable
{
    readonly TcpClient tcp = new() { NoDelay = true };
    readonly byte[] buffer = new byte[4096];
    Stream stream = Stream.Null;
    HashSet<string> extensions = [];
    int begin, end;

    /// <summary>Whether another message may be sent on it.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>The text of the last message was on its way: the server may have taken it although we never heard so.</summary>
    public bool MayHaveTaken { get; private set; }

    /// <summary>Connects, greets, turns TLS on and signs in.</summary>
    /// <exception cref="MailRefusedException">The server does not want us (now).</exception>
    public static async Task<SmtpConnection> OpenAsync(Uri server, string localName, CancellationToken cancel)
    {
        var connection = new SmtpConnection();
        try
        {
            await connection.tcp.ConnectAsync(server.Host, server.Port > 0 ? server.Port : server.Scheme == "smtps" ? 465 : 25, cancel);
            connection.stream = connection.tcp.GetStream();
            if (server.Scheme == "smtps") await connection.StartTlsAsync(server.Host, cancel);
            Accept(await connection.ReadAsync(cancel));
            await connection.GreetAsync(localName, cancel);
            if (server.Scheme != "smtps" && connection.extensions.Contains("STARTTLS"))
            {
                Accept(await connection.CommandAsync("STARTTLS", cancel));
                await connection.StartTlsAsync(server.Host, cancel);
                await connection.GreetAsync(localName, cancel);
            }
            if (server.UserInfo.Split(':', 2) is [var user, var password])
            {
                if (connection.stream is not SslStream && !IsHere(server)) throw new InvalidOperationException("The mail server offers no TLS: the password stays here. Use smtps:// or another server.");
                var proof = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{Uri.UnescapeDataString(user)}\0{Uri.UnescapeDataString(password)}"));
                Accept(await connection.CommandAsync("AUTH PLAIN " + proof, cancel));
            }
            connection.IsUsable = true;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static bool IsHere(Uri server) => server.IsLoopback || (IPAddress.TryParse(server.Host, out var address) && IPAddress.IsLoopback(address));

    async Task StartTlsAsync(string host, CancellationToken cancel)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancel);
        stream = tls;
        begin = end = 0;
    }

    async Task GreetAsync(string localName, CancellationToken cancel)
    {
        var reply = await CommandAsync("EHLO " + localName, cancel);
        if (reply.Code >= 500) Accept(await CommandAsync("HELO " + localName, cancel));
        else Accept(reply);
        extensions = reply.Code < 300 ? [.. reply.Lines.Skip(1).Select(line => line.Split(' ', 2)[0].ToUpperInvariant())] : [];
    }

    /// <summary>Sends one message.</summary>
    /// <exception cref="MailRefusedException">The server refused it; the connection stays usable unless it said 421.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task SendAsync(string from, string to, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        IsUsable = MayHaveTaken = false;
        var international = from.Concat(to).Any(c => !char.IsAscii(c));
        if (international && !extensions.Contains("SMTPUTF8"))
        {
            IsUsable = true;
            throw new MailRefusedException(553, "5.6.7", ofRecipient: false);
        }
        string[] commands = [$"MAIL FROM:<{from}>{(international ? " SMTPUTF8" : "")}", $"RCPT TO:<{to}>", "DATA"];
        var replies = new Reply[commands.Length];
        if (extensions.Contains("PIPELINING"))
        {
            await WriteAsync(string.Join("\r\n", commands), cancel);
            for (var i = 0; i < commands.Length; i++) replies[i] = await ReadAsync(cancel);
        }
        else
        {
            for (var i = 0; i < commands.Length; i++)
            {
                replies[i] = await CommandAsync(commands[i], cancel);
                if (replies[i].Code >= 400) break;
            }
        }

        var refused = Array.FindIndex(replies, reply => reply.Code >= 400);
        if (refused >= 0)
        {
            // Everything was sent at once, and the server waits for a text it has nobody for.
            if (replies[2].Code == 354) await CommandAsync(".", cancel);
            if (replies[refused].Code != 421)
            {
                Accept(await CommandAsync("RSET", cancel));
                IsUsable = true;
            }
            throw replies[refused].Refusal(ofRecipient: refused == 1);
        }

        MayHaveTaken = true;
        await stream.WriteAsync(message, cancel);
        await stream.WriteAsync(".\r\n"u8.ToArray(), cancel);
        await stream.FlushAsync(cancel);
        var taken = await ReadAsync(cancel);
        IsUsable = taken.Code != 421;
        Accept(taken);
    }

    async Task<Reply> CommandAsync(string command, CancellationToken cancel)
    {
        await WriteAsync(command, cancel);
        return await ReadAsync(cancel);
    }

    async Task WriteAsync(string commands, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(commands + "\r\n"), cancel);
        await stream.FlushAsync(cancel);
    }

    static void Accept(Reply reply)
    {
        if (reply.Code >= 400) throw reply.Refusal(ofRecipient: false);
    }

    async Task<Reply> ReadAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await ReadLineAsync(cancel);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code)) throw new IOException("This is not a mail server.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-') return new(code, lines);
        }
    }

    async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        while (true)
        {
            var at = Array.IndexOf(buffer, (byte)'\n', begin, end - begin);
            if (at >= 0)
            {
                var line = Encoding.UTF8.GetString(buffer, begin, at - begin).TrimEnd('\r');
                begin = at + 1;
                return line;
            }
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (begin, end) = (0, end - begin);
            if (end == buffer.Length) throw new IOException("The mail server's reply is longer than RFC 5321 allows.");
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancel);
            if (read == 0) throw new IOException("The mail server closed the connection.");
            end += read;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // A courtesy; nobody waits for the answer.
            if (IsUsable) await stream.WriteAsync("QUIT\r\n"u8.ToArray());
        }
        catch (IOException)
        {
            // It was gone already.
        }
        await stream.DisposeAsync();
        tcp.Dispose();
    }

    readonly record struct Reply(int Code, IReadOnlyList<string> Lines)
    {
        public MailRefusedException Refusal(bool ofRecipient)
        {
            var word = Lines[0].Split(' ', 2)[0];
            return new(Code, word.Split('.') is [{ Length: 1 }, _, _] parts && parts.All(part => part.All(char.IsAsciiDigit)) ? word : null, ofRecipient);
        }
    }
}
