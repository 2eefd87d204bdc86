using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>
/// Where the application keeps what it writes: <c>Aspire:Store:Path</c>, relative to the AppHost's folder.
/// <c>volumes/</c> outlives the application, <c>temp/</c> is emptied at each start, <c>run/</c> holds a record of each
/// process, <c>logs/</c> what they wrote.
/// </summary>
public sealed class AppHostFolder
{
    readonly IConfiguration configuration;
    readonly string appHostDirectory;

    internal AppHostFolder(IConfiguration configuration, string appHostDirectory)
    {
        this.configuration = configuration;
        this.appHostDirectory = appHostDirectory;
    }

    /// <summary>Absolute path; the folder exists.</summary>
    public string Path
    {
        get
        {
            var path = System.IO.Path.GetFullPath(configuration["Aspire:Store:Path"] ?? "obj/.aspire", appHostDirectory);
            return Directory.CreateDirectory(path).FullName;
        }
    }

    /// <summary>A folder inside; created when absent.</summary>
    public string Sub(params string[] names) => Directory.CreateDirectory(System.IO.Path.Combine([Path, .. names])).FullName;

    /// <summary>
    /// Makes sure that no other AppHost uses the folder. The kernel drops the lock with the process, however that ends,
    /// so it is never stale.
    /// </summary>
    internal FileStream Lock()
    {
        var file = System.IO.Path.Combine(Path, "apphost.lock");
        try
        {
            var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            JsonSerializer.Serialize(stream, Environment.ProcessId);
            stream.Flush();
            return stream;
        }
        catch (IOException)
        {
            var holders = Process.GetProcesses().Where(p => HasOpen(p.Id, file)).Select(p => $"process {p.Id} ({LinuxProcess.CommandLine(p.Id)})");
            throw new DistributedApplicationException($"{Path} is in use by another AppHost: {string.Join(", ", holders)}. Stop it first.");
        }
    }

    static bool HasOpen(int pid, string file)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(fd => File.ResolveLinkTarget(fd, false)?.FullName == file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
