using System.Globalization;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>What <c>/proc</c> says about a process: proc(5).</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Session">Session id, which is the process id of the session's first process.</param>
/// <param name="State">R, S, D, Z, …</param>
/// <param name="StartTicks">Start time in clock ticks since boot; with the process id it names a process for good.</param>
readonly record struct LinuxProcess(int Pid, int Session, char State, long StartTicks)
{
    public bool Alive => State is not ('Z' or 'X' or 'x');

    public static LinuxProcess? Find(int pid)
    {
        try
        {
            // "pid (name) state ppid pgrp session …", where the name may itself hold spaces and brackets.
            var stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new(
                pid, int.Parse(fields[3], CultureInfo.InvariantCulture), fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static IEnumerable<LinuxProcess> All() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let pid = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0
        where pid > 0
        let process = Find(pid)
        where process is not null
        select process.Value;

    /// <summary>Processes of the session that are not yet dead.</summary>
    public static IEnumerable<LinuxProcess> InSession(int session) => All().Where(p => p.Session == session && p.Alive);

    public static string CommandLine(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cmdline").TrimEnd('\0').Replace('\0', ' ');
            return text.Length > 160 ? text[..160] + "…" : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }

    /// <summary>Signals by number: signal(7), the same on every Linux architecture.</summary>
    public static int SignalNumber(string name) => name switch
    {
        "INT" => 2,
        "KILL" => 9,
        "TERM" => 15,
        _ => throw new NotSupportedException($"Signal {name} is not used to stop a process here: INT, TERM or KILL."),
    };

    public static void Signal(int pid, string signal) => _ = Native.Kill(pid, SignalNumber(signal));

    static class Native
    {
        [DllImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int pid, int signal);
    }
}
