using System.Diagnostics;
using System.Text;

namespace Blog.Testing;

/// <summary>
/// A server that a fixture starts. It dies with the test process, whatever way that ends: the kernel sends it
/// <paramref name="deathSignal"/> (PR_SET_PDEATHSIG, by way of setpriv) when the thread that started it is gone, so that
/// thread is kept until the fixture is disposed.
/// </summary>
/// <param name="user">The user to run as when the tests run as root; null: the present one.</param>
public sealed class OwnedProcess(string deathSignal, string? user, string command, params string[] arguments) : IAsyncDisposable
{
    readonly TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ManualResetEventSlim done = new();
    readonly StringBuilder output = new();
    Process? process;

    /// <summary>What it has written so far, for messages.</summary>
    public string Output { get { lock (output) return output.ToString(); } }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process is { HasExited: true };

    /// <summary>Its process id.</summary>
    public int Id => process?.Id ?? throw new InvalidOperationException($"{command} was not started.");

    /// <summary>How it ended.</summary>
    public int ExitCode => process?.ExitCode ?? throw new InvalidOperationException($"{command} was not started.");

    /// <summary>Starts it and returns when the process exists (not when it is ready).</summary>
    public async Task StartAsync()
    {
        new Thread(Run) { IsBackground = true, Name = command }.Start();
        process = await started.Task;
    }

    void Run()
    {
        try
        {
            string[] privileges = user is not null && Environment.IsPrivilegedProcess
                ? ["--reuid=" + user, "--regid=" + user, "--clear-groups"]
                : [];
            var start = new ProcessStartInfo("setpriv", [.. privileges, "--pdeathsig", deathSignal, command, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            };
            var child = new Process { StartInfo = start };
            child.OutputDataReceived += (_, line) => Keep(line.Data);
            child.ErrorDataReceived += (_, line) => Keep(line.Data);
            child.Start();
            child.BeginOutputReadLine();
            child.BeginErrorReadLine();
            started.SetResult(child);
            done.Wait();
        }
        catch (Exception problem)
        {
            started.TrySetException(problem);
        }
    }

    void Keep(string? line)
    {
        if (line is not null)
            lock (output)
                output.AppendLine(line);
    }

    /// <summary>Asks it to stop with a signal (a name as kill(1) takes it) and waits for its end; kills it after ten seconds.</summary>
    public async Task StopAsync(string signal)
    {
        if (process is null)
            return;
        if (!process.HasExited)
        {
            await RunAsync("kill", "-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        done.Set();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync("KILL");
        process?.Dispose();
        done.Dispose();
    }

    /// <summary>Runs a command to its end. InvalidOperationException with its output when it fails.</summary>
    public static async Task RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {await error}{await output}");
    }
}
