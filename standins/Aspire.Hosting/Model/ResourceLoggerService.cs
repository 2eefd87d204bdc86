using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line that a resource wrote.</summary>
/// <param name="LineNumber">Counts from 1 since the AppHost started.</param>
/// <param name="Content">Text without the line end.</param>
/// <param name="IsErrorMessage">True for standard error.</param>
/// <param name="Time">When it arrived.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage, DateTimeOffset Time);

/// <summary>What the resources write: the last lines in memory, all of it in <c>logs/{name}.log</c> of the data folder.</summary>
public sealed class ResourceLoggerService(IServiceProvider services) : IDisposable
{
    readonly ConcurrentDictionary<string, ResourceLog> logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A logger that writes into the log of the resource.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    /// <summary>A logger that writes into the log of the instance.</summary>
    public ILogger GetLogger(string resourceName) => LogOf(resourceName);

    /// <summary>The lines still in memory, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    /// <summary>The lines still in memory, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).WatchAsync(default);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var log in logs.Values)
            log.Dispose();
    }

    internal ResourceLog LogOf(string resourceId) => logs.GetOrAdd(resourceId, id => new ResourceLog(
        Path.Combine(((AppHostFolder)services.GetService(typeof(AppHostFolder))!).Sub("logs"), id + ".log"),
        (TimeProvider)services.GetService(typeof(TimeProvider))!));
}

sealed class ResourceLog(string file, TimeProvider time) : ILogger, IDisposable
{
    const int LinesInMemory = 1000;
    const long FileLimit = 20 * 1024 * 1024;

    readonly Lock gate = new();
    readonly Queue<LogLine> lines = [];
    readonly HashSet<Channel<LogLine>> watchers = [];
    StreamWriter? writer;
    int count;

    public void Write(string content, bool isError)
    {
        lock (gate)
        {
            var line = new LogLine(++count, content, isError, time.GetUtcNow());
            if (lines.Count == LinesInMemory)
                lines.Dequeue();
            lines.Enqueue(line);
            foreach (var watcher in watchers)
                watcher.Writer.TryWrite(line);
            if (writer is { BaseStream.Length: > FileLimit })
                Close();
            writer ??= new StreamWriter(new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
            writer.WriteLine($"{line.Time:HH:mm:ss.fff} {content}");
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A reader that is slower than the resource loses its oldest lines, not the AppHost its memory.
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(LinesInMemory) { FullMode = BoundedChannelFullMode.DropOldest });
        List<LogLine> batch;
        lock (gate)
        {
            watchers.Add(channel);
            batch = [.. lines];
        }

        try
        {
            while (true)
            {
                if (batch.Count > 0)
                    yield return batch;
                batch = [await channel.Reader.ReadAsync(cancellationToken).ConfigureAwait(false)];
                while (channel.Reader.TryRead(out var more))
                    batch.Add(more);
            }
        }
        finally
        {
            lock (gate)
                watchers.Remove(channel);
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Write(formatter(state, exception), logLevel >= LogLevel.Error);
        if (exception is not null)
            Write(exception.Message, true);
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
        lock (gate)
            Close();
    }

    // One older file is kept.
    void Close()
    {
        if (writer is null)
            return;
        var full = writer.BaseStream.Length > FileLimit;
        writer.Dispose();
        writer = null;
        if (full)
            File.Move(file, file + ".1", overwrite: true);
    }
}
