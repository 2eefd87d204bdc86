using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.Bench;

/// <summary>What a round of load gave.</summary>
sealed record LoadResult(double RequestsPerSecond, double P50Milliseconds, double P99Milliseconds, long Failed);

/// <summary>Load from wrk (Debian package), a process of its own, so that it costs the server as little as possible of the two cores.</summary>
static partial class LoadGenerator
{
    public static async Task<LoadResult> RunAsync(Uri url, int connections, TimeSpan duration, CancellationToken cancel)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk",
            ["-t1", $"-c{connections}", $"-d{duration.TotalSeconds:0}s", "--latency", "--timeout", "10s", "-H", "Accept-Encoding: br, gzip", "-H", "Accept: text/html", url.ToString()])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await wrk.StandardOutput.ReadToEndAsync(cancel);
        await wrk.WaitForExitAsync(cancel);
        if (Rate().Match(output) is not { Success: true } rate) throw new InvalidOperationException($"wrk gave no result:\n{output}");
        var failed = Failures().Matches(output).Sum(match => long.Parse(match.Groups[1].Success ? match.Groups[1].ValueSpan : match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        return new(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), Percentile(output, "50"), Percentile(output, "99"), failed);
    }

    static double Percentile(string output, string percent)
    {
        var match = Regex.Match(output, $@"^\s*{percent}%\s+([\d.]+)(us|ms|s)", RegexOptions.Multiline);
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "us" => value / 1000, "s" => value * 1000, _ => value };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write|timeout) (\d+)")]
    private static partial Regex Failures();
}
