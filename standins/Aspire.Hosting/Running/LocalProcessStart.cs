using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>How a <see cref="LocalProcess"/> is started: account, session, environment, pipes.</summary>
public static class LocalProcessStart
{
    static readonly BlockingCollection<Action> Starts = [];

    // PR_SET_PDEATHSIG fires when the *thread* that started the process ends, so one thread, which lives as long as we do, starts all.
    static readonly Thread Starter = StartStarter();

    /// <summary>Starts the program; <paramref name="environment"/> wins over that of the program itself.</summary>
    public static async Task<Process> StartAsync(LocalProcess program, IReadOnlyDictionary<string, string>? environment = null)
    {
        Debug.Assert(Starter.IsAlive, "the starter never ends");
        var info = Info(program, environment ?? new Dictionary<string, string>());
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return await started.Task.ConfigureAwait(false);
    }

    static Thread StartStarter()
    {
        var thread = new Thread(() =>
        {
            foreach (var start in Starts.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "process starter" };
        thread.Start();
        return thread;
    }

    static ProcessStartInfo Info(LocalProcess program, IReadOnlyDictionary<string, string> environment)
    {
        var info = new ProcessStartInfo("setpriv")
        {
            WorkingDirectory = program.WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in (IEnumerable<string>)[
            .. Account(program), "--pdeathsig", program.StopSignal, "--", "setsid", "--", program.FileName, .. program.Arguments])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var name in info.Environment.Keys.Where(IsOurOwn).ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in program.Environment.Concat(environment))
            info.Environment[name] = value;
        return info;
    }

    /// <summary>
    /// The server gives up being root but keeps the one capability that lets it reach its data where the folders above are
    /// closed to others, as a home of root is.
    /// </summary>
    static IEnumerable<string> Account(LocalProcess program) => program.UnprivilegedUser is { } user && Environment.IsPrivilegedProcess
        ? [
            $"--reuid={user}", $"--regid={user}", "--clear-groups",
            "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override",
        ]
        : [];

    // What speaks to the AppHost and must not speak to its children.
    static bool IsOurOwn(string variable) =>
        variable is "ASPNETCORE_URLS" or "ASPNETCORE_ENVIRONMENT" or "DOTNET_ENVIRONMENT" or "DOTNET_LAUNCH_PROFILE"
        || variable.StartsWith("OTEL_", StringComparison.Ordinal)
        || variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("Parameters__", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("ASPIRE_", StringComparison.Ordinal);
}
