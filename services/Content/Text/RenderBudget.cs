using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Blog.Content.Text;

/// <summary>Why a Markdown text cannot become an article.</summary>
public enum RenderProblem
{
    /// <summary>More than <see cref="MarkdownRenderer.LargestMarkdown"/> bytes.</summary>
    TooLarge,

    /// <summary>Quotes, lists, emphasis or tags inside one another beyond what any reader could follow.</summary>
    TooDeep,

    /// <summary>The text is built so that reading it takes longer than it is worth.</summary>
    TooSlow,
}

/// <summary>The text was refused; the message says why, in words for its author.</summary>
public sealed class MarkdownRefusedException(RenderProblem problem, string message) : Exception(message)
{
    /// <summary>Which limit it met.</summary>
    public RenderProblem Problem { get; } = problem;
}

/// <summary>
/// The processor time one rendering may take, on the one thread that renders. Parsers are asked between their steps, each of which is short,
/// so a text made to be slow (100 KB of "[a](b") ends at the limit instead of holding a core; a busy machine alone refuses nothing.
/// </summary>
public sealed partial class RenderBudget(TimeSpan limit, CancellationToken cancellation = default)
{
    readonly TimeSpan start = ProcessorTime();
    int steps;

    /// <summary>How long a rendering may take: several times what 5 MB of ordinary text need.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Throws when the time is over. Cheap enough for every token.</summary>
    public void Spend()
    {
        if ((++steps & 0x3F) == 0)
            Check();
    }

    /// <summary>Throws when the time is over.</summary>
    public void Check()
    {
        cancellation.ThrowIfCancellationRequested();
        if (ProcessorTime() - start > limit)
            throw new MarkdownRefusedException(RenderProblem.TooSlow, "This text takes too long to turn into a page. It probably repeats an opening bracket or tag very many times.");
    }

    static TimeSpan ProcessorTime() => OperatingSystem.IsLinux() && ClockGetTime(ThreadProcessorTime, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : Stopwatch.GetElapsedTime(0);

    // CLOCK_THREAD_CPUTIME_ID of clock_gettime(2), POSIX.
    const int ThreadProcessorTime = 3;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
