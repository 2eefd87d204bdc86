using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Blog.Testing;

/// <summary>One message that the sink took, decoded.</summary>
public sealed record SunkMail(string To, string Subject, string Text, string Html)
{
    /// <summary>Header fields by name, unfolded.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The first address in the text that begins with this.</summary>
    public string LinkTo(string beginning) => Text.Split('\n', ' ').First(word => word.StartsWith(beginning, StringComparison.Ordinal)).Trim();
}

/// <summary>
/// A mail server for tests: takes every message (the part of RFC 5321 that System.Net.Mail speaks) and keeps it. Can be stopped and
/// started again on the same port.
/// </summary>
public sealed partial class MailSink : IAsyncLifetime
{
    readonly ConcurrentQueue<SunkMail> messages = new();
    readonly ConcurrentDictionary<TcpClient, bool> connections = new();
    // Replaced at each arrival, so that everybody who waits looks again: one of several waiters would take a semaphore's only release.
    TaskCompletionSource arrival = NewArrival();
    TcpListener? listener;
    int port;

    /// <summary>smtp://127.0.0.1:port</summary>
    public string Address => $"smtp://127.0.0.1:{port}";

    /// <summary>Everything taken so far, oldest first.</summary>
    public IReadOnlyCollection<SunkMail> Messages => messages;

    /// <summary>What it answers to RCPT for an address: null takes it, otherwise for example <c>550 5.1.1 nobody here</c>.</summary>
    public Func<string, string?> Recipient { get; set; } = _ => null;

    /// <summary>Starts to listen, on the same port as before if there was one.</summary>
    public void Start()
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync(listener);
    }

    /// <summary>Goes away in the midst of everything, as an outage does.</summary>
    public void Stop()
    {
        listener?.Dispose();
        foreach (var connection in connections.Keys)
            connection.Dispose();
    }

    /// <summary>The newest message to an address with these words in its subject; waits for it up to 20 seconds.</summary>
    public async Task<SunkMail> WaitForAsync(string to, string subject)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            // Taken before the look, or a message that comes between the two would be missed.
            var next = Volatile.Read(ref arrival).Task;
            if (messages.LastOrDefault(mail => mail.To.Equals(to, StringComparison.OrdinalIgnoreCase) && mail.Subject.Contains(subject, StringComparison.Ordinal)) is { } found)
                return found;
            try
            {
                await next.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No message “{subject}” to {to}; there are: {string.Join("; ", messages.Select(mail => $"{mail.To} {mail.Subject}"))}");
            }
        }
    }

    static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    async Task AcceptAsync(TcpListener accepting)
    {
        while (true)
        {
            try
            {
                var client = await accepting.AcceptTcpClientAsync();
                connections[client] = true;
                _ = ServeAsync(client);
            }
            catch (Exception problem) when (problem is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 sink");
            var to = "";
            while (await reader.ReadLineAsync() is { } line)
            {
                var verb = line.Split(' ', 2)[0].ToUpperInvariant();
                if (verb == "QUIT")
                    return;
                if (verb == "RCPT")
                {
                    to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                    if (Recipient(to) is { } refusal)
                    {
                        await writer.WriteLineAsync(refusal);
                        continue;
                    }
                }
                if (verb != "DATA")
                {
                    await writer.WriteLineAsync("250 fine");
                    continue;
                }
                await writer.WriteLineAsync("354 go on");
                var data = new StringBuilder();
                while (await reader.ReadLineAsync() is { } text && text != ".")
                    data.Append(text.StartsWith('.') ? text[1..] : text).Append('\n');
                messages.Enqueue(Parse(to, data.ToString()));
                await writer.WriteLineAsync("250 taken");
                Interlocked.Exchange(ref arrival, NewArrival()).SetResult();
            }
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // The other side, or Stop, ended the connection.
        }
        finally
        {
            connections.TryRemove(client, out _);
        }
    }

    static SunkMail Parse(string to, string data)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match header in HeaderField.Matches(data[..data.IndexOf("\n\n", StringComparison.Ordinal)]))
            headers[header.Groups[1].Value] = header.Groups[2].Value.Replace("\n", "", StringComparison.Ordinal);
        var boundary = Boundary.Match(data).Groups[1].Value;
        var parts = data.Split("--" + boundary);
        string Part(string type) => parts.Where(part => part.Contains($"Content-Type: {type}", StringComparison.OrdinalIgnoreCase))
            .Select(part => QuotedPrintable(part[(part.IndexOf("\n\n", StringComparison.Ordinal) + 2)..])).LastOrDefault() ?? "";
        // White space between two encoded words is no part of the text (RFC 2047 §6.2).
        string Decoded(string text) => EncodedWord.Replace(BetweenWords.Replace(text, "?=$1"), word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));
        return new SunkMail(to, Decoded(headers["Subject"]), Part("text/plain"), Part("text/html")) { Headers = headers };
    }

    static string QuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        text = text.Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '=' && i + 2 < text.Length)
                bytes.Add(Convert.ToByte(text[++i..(++i + 1)], 16));
            else
                bytes.Add((byte)text[i]);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"^([\w-]+): ?((?:.*)(?:\n[ \t].*)*)", RegexOptions.Multiline)]
    private static partial Regex HeaderField { get; }

    [GeneratedRegex(@"\?=\s+(=\?)")]
    private static partial Regex BetweenWords { get; }

    [GeneratedRegex("boundary=\"?([^\"\n;]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary { get; }

    [GeneratedRegex(@"=\?utf-8\?B\?([^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord { get; }

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        Start();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }
}
