using System.Diagnostics;
using System.Globalization;

namespace Blog.DevBroker;

/// <summary>
/// Keeps two brokers out of one data folder. The claim is a lock of the operating system on an open file, which ends with the process however
/// that ends: after a SIGKILL nothing stale is left. The process id beside it only serves the error message.
/// </summary>
sealed class DataFolderClaim : IDisposable
{
    readonly FileStream _lock;

    DataFolderClaim(FileStream file) => _lock = file;

    /// <param name="folder">Created if absent.</param>
    /// <param name="patience">How long to wait for a predecessor that is just ending.</param>
    public static DataFolderClaim Take(string folder, TimeSpan patience)
    {
        Directory.CreateDirectory(folder);
        var holder = Path.Combine(folder, "broker.pid");
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var file = new FileStream(Path.Combine(folder, "broker.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return new DataFolderClaim(file);
            }
            catch (IOException) when (clock.Elapsed < patience)
            {
                Thread.Sleep(50);
            }
            catch (IOException)
            {
                throw new BrokerStartException($"another broker (process {File.ReadAllText(holder)}) uses the data folder {folder}");
            }
        }
    }

    public void Dispose() => _lock.Dispose();
}
