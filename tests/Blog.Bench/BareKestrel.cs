using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.Bench;

/// <summary>The yardstick: the least that Kestrel can do to send given bytes with given headers, in a process of its own.</summary>
sealed class BareKestrel : IAsyncDisposable
{
    readonly Process process;
    readonly string file;

    BareKestrel(Process process, string file, Uri address)
    {
        this.process = process;
        this.file = file;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts this program again as a server of <paramref name="body"/> with the headers that decide the bytes on the wire.</summary>
    public static async Task<BareKestrel> StartAsync(byte[] body, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancel)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, body, cancel);
        await File.WriteAllLinesAsync(file + ".headers", headers.Select(h => $"{h.Key}: {h.Value}"), cancel);
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareKestrel).Assembly.Location, "--bare", file, $"{port}"]))!;
        var address = new Uri($"http://127.0.0.1:{port}/");
        using var http = new HttpClient();
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await http.GetAsync(address, cancel);
                return new(process, file, address);
            }
            catch (HttpRequestException) when (deadline.Elapsed < TimeSpan.FromSeconds(20) && !process.HasExited)
            {
                await Task.Delay(50, cancel);
            }
        }
    }

    /// <summary>The server itself, in the started process.</summary>
    public static void Serve(string file, string port)
    {
        var body = File.ReadAllBytes(file);
        var headers = File.ReadAllLines(file + ".headers").Select(line => line.Split(": ", 2)).ToArray();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(context =>
        {
            foreach (var header in headers) context.Response.Headers[header[0]] = header[1];
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        app.Run();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        File.Delete(file);
        File.Delete(file + ".headers");
    }
}
