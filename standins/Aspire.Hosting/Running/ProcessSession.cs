using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>
/// A started program in a session of its own, so that everything it starts can be found and ended with it.
/// </summary>
/// <remarks>
/// Nothing may outlive the AppHost. Normally it stops each session. When it is killed, the kernel signals each first process
/// (PR_SET_PDEATHSIG, prctl(2)); and as children of those may not care, the next start ends what a record in the
/// run folder still names. <c>setsid</c> and <c>setpriv</c> replace themselves with the program, so no wrapper stays around.
/// </remarks>
sealed class ProcessSession
{
    readonly Process process;
    readonly Record record;
    readonly string recordFile;

    ProcessSession(Process process, Record record, string recordFile)
    {
        this.process = process;
        this.record = record;
        this.recordFile = recordFile;
    }

    public int Pid => record.Pid;

    /// <summary>Ends with the exit code when the first process ends; its output has been delivered by then.</summary>
    public required Task<int> Exited { get; init; }

    public static async Task<ProcessSession> StartAsync(
        string name, LocalProcess program, IReadOnlyDictionary<string, string> environment, string runFolder, Action<string, bool> output)
    {
        var process = await LocalProcessStart.StartAsync(program, environment).ConfigureAwait(false);
        process.StandardInput.Close();
        var record = new Record(process.Id, LinuxProcess.Find(process.Id)?.StartTicks ?? 0, program.StopSignal);
        var recordFile = Path.Combine(runFolder, name + ".json");
        await File.WriteAllTextAsync(recordFile, JsonSerializer.Serialize(record)).ConfigureAwait(false);
        return new ProcessSession(process, record, recordFile) { Exited = WaitAsync(process, output) };
    }

    /// <summary>Asks the first process to end, and ends by force what is left of the session at the deadline.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await EndSessionAsync(record, patience).ConfigureAwait(false);
        await Exited.ConfigureAwait(false);
        Forget();
    }

    /// <summary>After the first process ended by itself: ends what it left behind.</summary>
    public async Task CleanUpAsync()
    {
        await EndSessionAsync(record, TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        Forget();
    }

    /// <summary>Ends what an AppHost that was killed left in this folder.</summary>
    public static async Task<IReadOnlyList<string>> EndLeftoversAsync(string runFolder)
    {
        var ended = new ConcurrentBag<string>();
        await Task.WhenAll(Directory.EnumerateFiles(runFolder, "*.json").Select(async file =>
        {
            if (await ReadAsync(file).ConfigureAwait(false) is { } left && await EndSessionAsync(left, TimeSpan.FromSeconds(5)).ConfigureAwait(false))
                ended.Add($"{Path.GetFileNameWithoutExtension(file)} (process {left.Pid})");
            File.Delete(file);
        })).ConfigureAwait(false);
        return [.. ended];
    }

    static async Task<Record?> ReadAsync(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Record>(await File.ReadAllTextAsync(file).ConfigureAwait(false));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static async Task<bool> EndSessionAsync(Record record, TimeSpan patience)
    {
        List<LinuxProcess> Left()
        {
            // The same number with another start time is a stranger, and its session none of ours.
            if (LinuxProcess.Find(record.Pid) is { } first && first.StartTicks != record.StartTicks)
                return [];
            // A program that was started just now may not have its session yet.
            return [.. LinuxProcess.All().Where(p => p.Alive && (p.Session == record.Pid || p.Pid == record.Pid) && p.StartTicks >= record.StartTicks)];
        }

        var left = Left();
        if (left.Count == 0)
            return false;
        var firstLives = left.Any(p => p.Pid == record.Pid);
        foreach (var process in left.Where(p => !firstLives || p.Pid == record.Pid))
            LinuxProcess.Signal(process.Pid, record.StopSignal);
        var clock = Stopwatch.StartNew();
        for (var asked = true; left.Count > 0; left = Left())
        {
            if (clock.Elapsed > patience)
            {
                foreach (var process in left)
                    LinuxProcess.Signal(process.Pid, "KILL");
            }
            else if (asked && firstLives && left.All(p => p.Pid != record.Pid))
            {
                // Orphans of a first process that has gone: they were never asked themselves.
                foreach (var process in left)
                    LinuxProcess.Signal(process.Pid, "TERM");
                asked = false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20)).ConfigureAwait(false);
        }

        return true;
    }

    static async Task<int> WaitAsync(Process process, Action<string, bool> output)
    {
        var streams = Task.WhenAll(
            ReadAsync(process.StandardOutput, line => output(line, false)),
            ReadAsync(process.StandardError, line => output(line, true)));
        await process.WaitForExitAsync().ConfigureAwait(false);

        // A child that inherited the pipes can keep them open; what the program itself wrote has arrived by then.
        await Task.WhenAny(streams, Task.Delay(TimeSpan.FromMilliseconds(500))).ConfigureAwait(false);
        return process.ExitCode;
    }

    static async Task ReadAsync(StreamReader reader, Action<string> line)
    {
        try
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } text)
                line(text);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe ended with its process.
        }
    }

    void Forget()
    {
        File.Delete(recordFile);
        process.Dispose();
    }

    sealed record Record(int Pid, long StartTicks, string StopSignal);
}
