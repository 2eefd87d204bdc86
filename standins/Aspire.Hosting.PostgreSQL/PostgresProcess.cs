using System.Globalization;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The PostgreSQL of this machine (Debian's package, or one on PATH) in place of the container.</summary>
static class PostgresProcess
{
    const string User = "postgres";

    public static async Task<LocalProcess> LaunchAsync(PostgresServerResource server, LocalProcessContext context, CancellationToken stop)
    {
        var binaries = Binaries();
        var data = Path.Combine(context.DataFolder, "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await InitializeAsync(binaries, data, server, context, stop).ConfigureAwait(false);
        RemoveStaleLock(data);
        await File.WriteAllTextAsync(Path.Combine(data, "blog.conf"), Settings(context.Port("tcp")), stop).ConfigureAwait(false);

        // INT is PostgreSQL's fast shutdown: it ends its clients' sessions, where TERM would wait for them.
        return new LocalProcess(Path.Combine(binaries, "postgres"), ["-D", data, "-c", $"config_file={Path.Combine(data, "blog.conf")}"])
        {
            StopSignal = "INT",
            UnprivilegedUser = User,
            WorkingDirectory = data,
        };
    }

    static string Settings(int port) => $"""
        # Written at each start.
        listen_addresses = '127.0.0.1'
        port = {port.ToString(CultureInfo.InvariantCulture)}
        unix_socket_directories = ''
        # Several services with a pool each, on a machine that does other things as well.
        max_connections = 400
        shared_buffers = 96MB
        effective_cache_size = 512MB
        work_mem = 4MB
        maintenance_work_mem = 64MB
        min_wal_size = 80MB
        max_wal_size = 512MB
        # What was acknowledged survives a crash, here as in production.
        fsync = on
        synchronous_commit = on
        wal_level = replica
        max_wal_senders = 4
        # Compiling a query costs more than these queries take.
        jit = off
        logging_collector = off
        log_min_duration_statement = 500
        log_timezone = 'UTC'
        timezone = 'UTC'
        password_encryption = 'scram-sha-256'
        """;

    static string Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new DistributedApplicationException("PostgreSQL is not installed: 'apt-get install postgresql-15', or './blog up', which does.");
    }

    static async Task InitializeAsync(
        string binaries, string data, PostgresServerResource server, LocalProcessContext context, CancellationToken stop)
    {
        context.Logger.LogInformation("making a new database cluster");

        // An initdb that was interrupted leaves a folder that is of no use.
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        var passwordFile = Path.Combine(context.DataFolder, "initial-password");
        await File.WriteAllTextAsync(passwordFile, await server.PasswordParameter.GetValueAsync(stop).ConfigureAwait(false), stop).ConfigureAwait(false);
        try
        {
            if (Environment.IsPrivilegedProcess)
                await RunAsync(new LocalProcess("chown", ["-R", $"{User}:", context.DataFolder]), stop).ConfigureAwait(false);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead);
            await RunAsync(
                new LocalProcess(Path.Combine(binaries, "initdb"), [
                    "-D", data, "-U", await server.UserName.GetValueAsync(stop).ConfigureAwait(false) ?? User, "--pwfile", passwordFile, "--auth=scram-sha-256",
                    "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"])
                {
                    UnprivilegedUser = User,
                    WorkingDirectory = "/",
                },
                stop).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>PostgreSQL does not start while the process that its lock file names lives, and that number may by now be anybody's.</summary>
    static void RemoveStaleLock(string data)
    {
        var file = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid))
            return;
        if (Directory.Exists($"/proc/{pid}") && File.ReadAllText($"/proc/{pid}/cmdline").Contains(data, StringComparison.Ordinal))
            throw new DistributedApplicationException($"PostgreSQL already runs on {data}, as process {pid}.");
        File.Delete(file);
    }

    static async Task RunAsync(LocalProcess program, CancellationToken stop)
    {
        using var process = await LocalProcessStart.StartAsync(program).ConfigureAwait(false);
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var error = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop).ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new DistributedApplicationException($"{program.FileName} failed: {await output.ConfigureAwait(false)}{await error.ConfigureAwait(false)}");
    }
}
